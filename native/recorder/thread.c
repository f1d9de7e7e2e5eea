/* The seldom events of a thread: it begins, ends, forks, fills a chunk, or is interrupted by a signal handler. */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "record.h"

#define FIRST_WINDOW_BYTES ((size_t)16 << 10)
#define MAX_WINDOW_BYTES ((size_t)1 << 20)
/* Streams are kept in slabs of this many bytes, which are never unmapped. */
#define STREAM_SLAB_BYTES ((size_t)64 << 10)
/* Cycles, or calls, between two clock records. */
#define CLOCK_CYCLES (UINT64_C(1) << 26)
#define CLOCK_CALLS 1024
/* Operations that are lost before the next attempt, after an attempt to get room has failed. */
#define RETRY_AFTER 1024

__thread struct thread recorder_self __attribute__((tls_model("initial-exec")));

static struct stream *streams;           /* all streams of the process, newest first */
static uint32_t stream_count;
static uint32_t thread_count;
static pthread_key_t end_key;
static uint32_t has_end_key;

static void end_thread(void *value);

/* Starts the process' files in a new image, and in a child of fork, where the streams belong to the parent. */
SELDOM static bool begin_process(struct thread *t) {
	uint32_t generation = recorder_begin_process();
	if (generation == 0) {
		return false;
	}
	if (generation > 1) {
		for (struct stream *s = streams; s != NULL; s = s->next) {
			recorder_unmap(s->window, s->window_bytes);
		}
		streams = NULL;
		stream_count = 0;
		thread_count = 0;
		recorder_is_single = recorder_uses_tsc;
		recorder_forget_sites();
	}
	if (!has_end_key) {
		has_end_key = pthread_key_create(&end_key, end_thread) == 0;
	}
	__atomic_store_n(recorder_generation, generation, __ATOMIC_RELEASE);
	t->generation = 0;
	return true;
}

SELDOM static struct stream *make_stream(void) {
	static uint8_t *slab;
	static size_t slab_used = STREAM_SLAB_BYTES;
	static uint32_t is_growing;
	struct stream *s = NULL;
	while (__atomic_exchange_n(&is_growing, 1, __ATOMIC_ACQUIRE) != 0) {
		/* The holder only computes, or maps one slab. A signal handler cannot wait here: it is `is_writing` then. */
	}
	if (slab_used + sizeof *s > STREAM_SLAB_BYTES) {
		slab = recorder_map(STREAM_SLAB_BYTES, -1, 0);
		slab_used = 0;
	}
	if (slab != NULL) {
		s = (struct stream *)(void *)(slab + slab_used);
		slab_used += sizeof *s;
	} else {
		slab_used = STREAM_SLAB_BYTES;
	}
	__atomic_store_n(&is_growing, 0, __ATOMIC_RELEASE);
	if (s == NULL) {
		return NULL;
	}
	*s = (struct stream){.is_taken = 1, .number = __atomic_fetch_add(&stream_count, 1, __ATOMIC_RELAXED)};
	s->next = __atomic_load_n(&streams, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&streams, &s->next, s, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
	}
	return s;
}

/* Returns a stream that no thread has. */
static struct stream *take_stream(void) {
	for (struct stream *s = __atomic_load_n(&streams, __ATOMIC_ACQUIRE); s != NULL; s = s->next) {
		if (__atomic_load_n(&s->is_taken, __ATOMIC_RELAXED) == 0 &&
		    __atomic_exchange_n(&s->is_taken, 1, __ATOMIC_ACQUIRE) == 0) {
			return s;
		}
	}
	return make_stream();
}

static void give_back(struct thread *t) {
	struct stream *s = t->stream;
	s->at = t->at;
	s->last_order = t->last_order;
	s->last_pointer = t->last_pointer;
	t->stream = NULL;
	t->at = t->limit = NULL;
	__atomic_store_n(&s->is_taken, 0, __ATOMIC_RELEASE);
}

static void set_window(struct thread *t, uint8_t *at) {
	struct stream *s = t->stream;
	t->at = at;
	t->limit = s->window == NULL ? NULL : s->window + s->window_bytes - ROOM_BYTES;
}

/* Maps the next window of the thread's stream. Returns 0 or an errno. */
SELDOM static int next_window(struct thread *t) {
	struct stream *s = t->stream;
	size_t bytes = s->window_bytes == 0 ? FIRST_WINDOW_BYTES : s->window_bytes * 4;
	if (bytes > MAX_WINDOW_BYTES) {
		bytes = MAX_WINDOW_BYTES;
	}
	uint64_t total = __atomic_add_fetch(&recorder_control->bytes, bytes, __ATOMIC_RELAXED);
	if (recorder_control->max_bytes != 0 && total > recorder_control->max_bytes) {
		__atomic_fetch_sub(&recorder_control->bytes, bytes, __ATOMIC_RELAXED);
		__atomic_store_n(&recorder_control->state, STATE_FULL, __ATOMIC_RELAXED);
		return ENOSPC;
	}
	int fd = recorder_open_stream(s->number);
	int error = fd < 0 ? -fd : recorder_allocate(fd, s->end, bytes);
	uint8_t *window = error != 0 ? NULL : recorder_map(bytes, fd, s->end);
	if (fd >= 0) {
		recorder_close(fd);
	}
	if (window == NULL) {
		__atomic_fetch_sub(&recorder_control->bytes, bytes, __ATOMIC_RELAXED);
		if (error == ENOSPC || error == EFBIG || error == EDQUOT || error == EACCES || error == ENOENT) {
			recorder_set_full(error);
		}
		return error != 0 ? error : ENOMEM;
	}
	bool is_first = s->window == NULL;
	if (!is_first) {
		memset(t->at, RECORD_PAD, (size_t)(s->window + s->window_bytes - t->at));
		recorder_unmap(s->window, s->window_bytes);
	}
	s->window = window;
	s->window_bytes = bytes;
	s->end += bytes;
	if (is_first) {
		uint32_t words[6] = {RECORDING_BYTE_ORDER,
		    RECORDING_VERSION | (uint32_t)sizeof(void *) << 16 | recorder_stacks << 24,
		    (uint32_t)getpid(), s->number, 0, 0};
		memcpy(window + 8, words, sizeof words);
		memcpy(window, RECORDING_MAGIC, 8);
		window += RECORDING_HEADER_BYTES;
	}
	set_window(t, window);
	return 0;
}

static bool begin_thread(struct thread *t) {
	bool is_new = t->generation != *recorder_generation;
	if (is_new) {
		/* A child of fork has the parent's stream in here. */
		t->stream = NULL;
		t->at = t->limit = NULL;
	}
	if (t->stream == NULL) {
		t->stream = take_stream();
		if (t->stream == NULL) {
			return false;
		}
		t->last_order = t->stream->last_order;
		t->last_pointer = t->stream->last_pointer;
		t->clock_due = 0;
		t->unstamped = CALLS_PER_STAMP - 1;
		set_window(t, t->stream->at);
	}
	if ((t->at == NULL || t->at >= t->limit) && next_window(t) != 0) {
		give_back(t);
		return false;
	}
	t->generation = *recorder_generation;
	if (t->has_ended) {
		return true;
	}
	t->number = __atomic_fetch_add(&thread_count, 1, __ATOMIC_RELAXED);
	if (t->number > 0) {
		__atomic_store_n(&recorder_is_single, false, __ATOMIC_SEQ_CST);
	}
	if (recorder_counts != NULL) {
		__atomic_fetch_add(&recorder_counts->threads, 1, __ATOMIC_RELAXED);
	}
	struct call call = {.kind = RECORD_THREAD, .size = t->number, .order = order_before(t)};
	write_record(t, &call, 0);
	if (has_end_key) {
		pthread_setspecific(end_key, t);
	}
	return true;
}

/* Returns whether a record can be written now. A record that cannot is counted, unless recording pauses. */
SELDOM bool recorder_make_room(struct thread *t) {
	int kept = errno;
	bool is_there = false;
	uint32_t state = __atomic_load_n(&recorder_control->state, __ATOMIC_RELAXED);
	if (state != STATE_RECORDING) {
		/* It was paused or stopped on request, or there is no more room. */
	} else if (t->until_retry > 0) {
		t->until_retry--;
	} else if (*recorder_generation == 0 && !begin_process(t)) {
		t->until_retry = RETRY_AFTER;
	} else if (__atomic_load_n(&recorder_control->state, __ATOMIC_RELAXED) != STATE_RECORDING) {
		/* The process has only now joined a recording, which is paused. */
		state = STATE_PAUSED;
	} else if (t->generation != *recorder_generation || t->stream == NULL) {
		is_there = begin_thread(t);
	} else {
		is_there = t->at < t->limit || next_window(t) == 0;
	}
	if (!is_there) {
		if (state == STATE_RECORDING && t->until_retry == 0) {
			t->until_retry = RETRY_AFTER;
		}
		if (recorder_counts != NULL && (state == STATE_RECORDING || state == STATE_FULL)) {
			__atomic_fetch_add(&recorder_counts->lost, 1, __ATOMIC_RELAXED);
		}
	}
	errno = kept;
	return is_there;
}

SELDOM void recorder_write_clock(struct thread *t) {
	if (t->at >= t->limit) {
		return;
	}
	/* The order must be of now, as the clock is. */
	t->unstamped = CALLS_PER_STAMP - 1;
	uint64_t order = order_before(t);
	uint64_t ns = recorder_clock_ns();
	struct call call = {.kind = RECORD_CLOCK, .order = order};
	uint8_t *start = t->at;
	uint16_t head;
	write_record(t, &call, 0);
	/* The head is stored again after what the kind adds, since a record appears with its head. */
	memcpy(&head, start, 2);
	memset(start, 0, 2);
	BARRIER();
	store(t->at, ns);
	BARRIER();
	memcpy(start, &head, 2);
	t->at += 8;
	t->clock_due = order + (recorder_uses_tsc ? CLOCK_CYCLES : CLOCK_CALLS);
}

void recorder_write_site(struct thread *t, uint32_t site, void *const *frames, unsigned count) {
	struct call call = {.kind = RECORD_SITE, .size = site, .order = t->last_order};
	uint8_t *start = t->at;
	uint16_t head;
	if (t->at >= t->limit) {
		return;
	}
	write_record(t, &call, 0);
	memcpy(&head, start, 2);
	memset(start, 0, 2);
	BARRIER();
	*t->at++ = (uint8_t)count;
	for (unsigned i = 0; i < count; i++) {
		store(t->at, (uintptr_t)frames[i]);
		t->at += 8;
	}
	BARRIER();
	memcpy(start, &head, 2);
}

/* Keeps a call of a signal handler that interrupted a record. */
SELDOM void recorder_add_pending(struct thread *t, const struct call *call) {
	unsigned slot = t->pending_count;
	if (slot < MAX_PENDING) {
		/* The slot is reserved first, for a handler that interrupts this one. */
		t->pending_count = slot + 1;
		BARRIER();
		t->pending[slot] = *call;
	} else if (recorder_counts != NULL) {
		__atomic_fetch_add(&recorder_counts->lost, 1, __ATOMIC_RELAXED);
	}
}

SELDOM void recorder_flush_pending(struct thread *t) {
	while (__atomic_load_n(&t->pending_count, __ATOMIC_RELAXED) > 0) {
		t->is_writing = true;
		BARRIER();
		unsigned written = 0, expected;
		do {
			for (; written < __atomic_load_n(&t->pending_count, __ATOMIC_RELAXED); written++) {
				if (is_ready(t) || recorder_make_room(t)) {
					write_record(t, &t->pending[written], 0);
				}
			}
			/* A handler may have added a call since. */
			expected = written;
		} while (!__atomic_compare_exchange_n(&t->pending_count, &expected, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
		BARRIER();
		t->is_writing = false;
		BARRIER();
	}
}

static void end_thread(void *value) {
	struct thread *t = value;
	if (t->stream == NULL || t->generation != *recorder_generation) {
		t->has_ended = true;
		return;
	}
	t->is_writing = true;
	BARRIER();
	if (is_ready(t) || recorder_make_room(t)) {
		struct call call = {.kind = RECORD_THREAD_END, .order = order_before(t)};
		write_record(t, &call, 0);
	}
	t->has_ended = true;
	if (t->stream != NULL) {
		give_back(t);
	}
	BARRIER();
	t->is_writing = false;
}

/* A thread that has ended keeps no stream between its last calls. */
SELDOM void recorder_release_if_late(struct thread *t) {
	if (t->stream != NULL && !t->is_writing) {
		give_back(t);
	}
}
