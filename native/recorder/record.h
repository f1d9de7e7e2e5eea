/* The path of one record. It is inlined, so that each call site keeps only the fields of its kind. */
#ifndef SLABLAB_RECORDER_RECORD_H
#define SLABLAB_RECORDER_RECORD_H

#include <string.h>

#include "recorder.h"

#define BARRIER() __asm__ volatile("" ::: "memory")

/*
 * Order in which calls of several threads happened. A time stamp counter that runs at one rate orders threads without
 * sharing a cache line; elsewhere a shared counter does.
 *
 * While only one thread has allocated, the counter is read for every eighth call, and the calls between are one apart.
 * Their orders are never later than the truth. Another thread clears `recorder_is_single` before its first call, so
 * that what it hands over, through the allocator or otherwise, is seen with the flag cleared.
 */
#define CALLS_PER_STAMP 8

static inline bool is_stamped(struct thread *t) {
	return !__atomic_load_n(&recorder_is_single, __ATOMIC_RELAXED) || ++t->unstamped % CALLS_PER_STAMP == 0;
}

static inline uint64_t order_before(struct thread *t) {
	if (__builtin_expect(!is_stamped(t), 1)) {
		return t->last_order + 1;
	}
#if defined(__x86_64__)
	if (__builtin_expect(recorder_uses_tsc, 1)) {
		return __builtin_ia32_rdtsc();
	}
#endif
	return __atomic_fetch_add(&recorder_next_order, 1, __ATOMIC_RELAXED);
}

/* Returns an order like order_before, but not earlier than the last load of the call that precedes it. */
static inline uint64_t order_after(struct thread *t) {
	if (__builtin_expect(!is_stamped(t), 1)) {
		return t->last_order + 1;
	}
#if defined(__x86_64__)
	if (__builtin_expect(recorder_uses_tsc, 1)) {
		unsigned processor;
		return __builtin_ia32_rdtscp(&processor);
	}
#endif
	return __atomic_fetch_add(&recorder_next_order, 1, __ATOMIC_SEQ_CST);
}

/* Bytes that hold a number: 1 to 8. */
static inline unsigned bytes_of(uint64_t value) {
	return (71u - (unsigned)__builtin_clzll(value | 1)) >> 3;
}

/* Log2 of 1, 2, 4 or 8 bytes that hold a number. */
static inline unsigned width_of(uint64_t value) {
	unsigned bits = 63u - (unsigned)__builtin_clzll(value | 1);
	return (bits >= 8) + (bits >= 16) + (bits >= 32);
}

static inline uint64_t zigzag(uint64_t to, uint64_t from) {
	int64_t difference = (int64_t)(to - from) >> 3;
	return ((uint64_t)difference << 1) ^ (uint64_t)(difference >> 63);
}

/* Stores 8 bytes; a field's later bytes are zero, and what follows overwrites them. */
static inline void store(uint8_t *at, uint64_t value) {
	memcpy(at, &value, 8);
}

static inline bool has_pointer(unsigned kind) {
	return kind != RECORD_FAILED && kind < RECORD_CLOCK;
}

static inline bool has_size(unsigned kind) {
	return kind != RECORD_FREE && kind != RECORD_FREE_NO_TCACHE && kind != RECORD_CLOCK && kind != RECORD_THREAD_END;
}

static inline bool is_resize(unsigned kind) {
	return kind == RECORD_REALLOC || kind == RECORD_RALLOCX;
}

/* Writes a record. There is room, and the thread is marked as writing. */
__attribute__((always_inline)) static inline void write_record(struct thread *t, const struct call *call, uint32_t site) {
	uint8_t *start = t->at;
	uint8_t *at = start + 2;
	/* A counter that steps back between processors is clamped. */
	uint64_t passed = call->order > t->last_order ? call->order - t->last_order : 0;
	unsigned width = width_of(passed);
	unsigned head = call->kind | width << 5 | call->flags;
	t->last_order += passed;
	store(at, passed);
	at += 1u << width;
	if (has_pointer(call->kind)) {
		uint64_t step = zigzag(call->pointer, t->last_pointer);
		unsigned bytes = bytes_of(step);
		t->last_pointer = call->pointer;
		store(at, step);
		at += bytes;
		head |= bytes << 7;
	}
	if (has_size(call->kind)) {
		uint64_t size = call->size >> 56 ? ~UINT64_C(0) >> 8 : call->size;
		unsigned bytes = bytes_of(size);
		store(at, size);
		at += bytes;
		head |= bytes << 10;
	}
	if (site != 0) {
		head |= HEAD_SITE;
		store(at, site);
		at += 3;
	}
	if (is_resize(call->kind)) {
		uint64_t gap = call->before < t->last_order ? t->last_order - call->before : 0;
		uint64_t step = zigzag(call->old, call->pointer);
		unsigned gap_width = width_of(gap);
		unsigned bytes = bytes_of(step);
		*at++ = (uint8_t)(gap_width | bytes << 2);
		store(at, gap);
		at += 1u << gap_width;
		store(at, step);
		at += bytes;
	}
	if (call->kind == RECORD_ALIGNED || call->kind == RECORD_FAILED) {
		store(at++, call->aligned_log2);
	}
	BARRIER();
	uint16_t whole = (uint16_t)head;
	memcpy(start, &whole, 2);
	BARRIER();
	t->at = at;
}

/* Whether there is room for a record, in a stream of this process, and the recording is neither paused nor stopped. */
static inline bool is_ready(const struct thread *t) {
	return t->at < t->limit && t->generation == *recorder_generation &&
	    __atomic_load_n(&recorder_control->state, __ATOMIC_RELAXED) == STATE_RECORDING;
}

SELDOM void recorder_add_pending(struct thread *t, const struct call *call);

/* Records a call. `order` is taken here, after a call that returns memory and before one that frees it. */
__attribute__((always_inline)) static inline void record(struct call call) {
	struct thread *t = &recorder_self;
	bool frees = call.kind == RECORD_FREE || call.kind == RECORD_FREE_SIZED || call.kind == RECORD_FREE_NO_TCACHE;
	if (UNLIKELY(t->is_writing)) {
		call.order = frees ? order_before(t) : order_after(t);
		recorder_add_pending(t, &call);
		return;
	}
	t->is_writing = true;
	BARRIER();
	if (!UNLIKELY(!is_ready(t) && !recorder_make_room(t))) {
		call.order = frees ? order_before(t) : order_after(t);
		uint32_t site = 0;
		if (!frees && recorder_stacks > 0) {
			site = recorder_site(t, call.caller);
		}
		if (UNLIKELY(call.order >= t->clock_due)) {
			recorder_write_clock(t);
		}
		if (UNLIKELY(t->has_ended)) {
			call.flags |= HEAD_LATE;
		}
		write_record(t, &call, site);
	}
	BARRIER();
	t->is_writing = false;
	BARRIER();
	if (UNLIKELY(t->pending_count > 0)) {
		recorder_flush_pending(t);
	}
	if (UNLIKELY(t->has_ended)) {
		recorder_release_if_late(t);
	}
}

#endif
