/*
 * Simulated threads. jemalloc keeps all that it knows of a thread (tcache, arena, event counters) in one tsd_t;
 * the patch makes it ask `lab_tsd` for it, so that another tsd_t is another thread.
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

/* What a thread's start can need of the engine's own memory: a block for its arena, and its tcache's stack. */
#define THREAD_ROOM (16u << 20)

/*
 * Called by jemalloc when a thread first allocates. jemalloc goes on as if this could not fail (and would crash),
 * so refusals on request wait until it is done; threads_switch() has seen to it that there is room.
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
