/*
 * Call sites: the return addresses of a call become a number, which is the place of their hash in a table. The thread
 * that takes a place writes the addresses into its stream. Others may use the number before that record.
 */
#include <execinfo.h>

#include "record.h"

#define TABLE_PLACES (UINT32_C(1) << 18)
#define MAX_PROBES 64

static uint64_t *table;
/* The first backtrace loads a library; until then a site is the caller alone. */
static bool has_backtrace;

static uint64_t hash_of(void *const *frames, unsigned count) {
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 0; i < count; i++) {
		hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return hash | 1;
}

/* Fills `frames` with up to `recorder_stacks` return addresses, from the caller of the allocator on. */
static unsigned frames_of(void *caller, void **frames) {
	void *found[MAX_FRAMES + 4];
	frames[0] = caller;
	if (recorder_stacks == 1 || !has_backtrace) {
		return 1;
	}
	int count = backtrace(found, (int)recorder_stacks + 4);
	int first = 0;
	while (first < count && found[first] != caller) {
		first++;
	}
	unsigned taken = 1;
	for (int i = first + 1; i < count && taken < recorder_stacks; i++) {
		frames[taken++] = found[i];
	}
	return taken;
}

uint32_t recorder_site(struct thread *t, void *caller) {
	void *frames[MAX_FRAMES];
	uint64_t *places = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
	if (UNLIKELY(places == NULL)) {
		uint64_t *mapped = recorder_map(TABLE_PLACES * sizeof *table, -1, 0);
		if (mapped == NULL) {
			return 0;
		}
		if (__atomic_compare_exchange_n(&table, &places, mapped, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			places = mapped;
		} else {
			recorder_unmap(mapped, TABLE_PLACES * sizeof *table);
		}
	}
	unsigned count = frames_of(caller, frames);
	uint64_t hash = hash_of(frames, count);
	for (uint32_t probe = 0; probe < MAX_PROBES; probe++) {
		uint32_t place = ((uint32_t)(hash >> 40) + probe) & (TABLE_PLACES - 1);
		uint64_t found = __atomic_load_n(&places[place], __ATOMIC_RELAXED);
		if (found == hash) {
			return place + 1;
		}
		if (found == 0) {
			if (__atomic_compare_exchange_n(&places[place], &found, hash, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
				recorder_write_site(t, place + 1, frames, count);
				return place + 1;
			}
			if (found == hash) {
				return place + 1;
			}
		}
	}
	if (recorder_counts != NULL) {
		__atomic_fetch_add(&recorder_counts->sites_lost, 1, __ATOMIC_RELAXED);
	}
	return 0;
}

void recorder_prepare_sites(void) {
	void *frame[1];
	if (recorder_stacks > 1) {
		(void)backtrace(frame, 1);
		has_backtrace = true;
	}
}

/* A child of fork writes its sites again, into streams of its own. */
void recorder_forget_sites(void) {
	if (table != NULL) {
		recorder_unmap(table, TABLE_PLACES * sizeof *table);
		table = NULL;
	}
}
