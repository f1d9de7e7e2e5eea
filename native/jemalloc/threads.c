/*
 * Simulated threads. jemalloc keeps the state of a thread (tcache, arena, event counters) in one tsd_t. The patch
 * makes it read that from `lab_tsd`, so switching threads means pointing lab_tsd at another tsd_t.
 */
#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "internals.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/operation.h"
#include "lab/survey.h"

static tsd_t first = TSD_INITIALIZER;
static const tsd_t pristine = TSD_INITIALIZER;

tsd_t *lab_tsd = &first;
static tsd_t *threads[OP_MAX_THREADS];

/* Own memory that the start of a thread can need at most: a block for its arena, and its tcache's stack. */
#define THREAD_ROOM (16u << 20)

/*
 * Creates the tcache of a thread; jemalloc calls it when the thread first allocates. No fault is injected during the
 * call, because jemalloc does not handle a failure here and would crash. Real memory is sufficient: threads_switch()
 * has checked that.
 */
bool lab_thread_start(tsd_t *tsd);

bool
lab_thread_start(tsd_t *tsd) {
	uint64_t wanted = fail_until;

	fail_until = 0;
	bool failed = thread_tcache_init(tsd);
	fail_until = wanted;
	if (failed) {
		lab_panic("out of memory while a thread started, which jemalloc does not survive");
	}
	return failed;
}

int
threads_arena(uint32_t n) {
	tsd_t *tsd = n == 0 ? &first : threads[n];
	arena_t *arena = tsd == NULL ? NULL : tsd_arena_get(tsd);

	return arena == NULL ? -1 : (int)arena_ind_get(arena);
}

bool
threads_switch(uint32_t n) {
	threads[0] = &first;
	if (threads[n] == NULL) {
		tsd_t *tsd = own_room(THREAD_ROOM) ? own_reserve(sizeof(tsd_t)) : NULL;
		if (tsd == NULL) {
			return false;
		}
		memcpy(tsd, &pristine, sizeof(tsd_t));
		threads[n] = tsd;
	}
	lab_tsd = threads[n];
	return true;
}
