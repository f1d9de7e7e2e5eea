/*
 * Simulated threads. jemalloc keeps all that it knows of a thread (tcache, arena, event counters) in one tsd_t;
 * the patch makes it ask `lab_tsd` for it, so that another tsd_t is another thread.
 */
#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/operation.h"

static tsd_t first = TSD_INITIALIZER;
static const tsd_t pristine = TSD_INITIALIZER;

tsd_t *lab_tsd = &first;
static tsd_t *threads[OP_MAX_THREADS];

bool
threads_switch(uint32_t n) {
	threads[0] = &first;
	if (threads[n] == NULL) {
		/* Its tcache's stack will follow; without room for that the thread must not begin. */
		tsd_t *tsd = own_room(sizeof(tsd_t) + (1u << 20)) ? own_reserve(sizeof(tsd_t)) : NULL;
		if (tsd == NULL) {
			return false;
		}
		memcpy(tsd, &pristine, sizeof(tsd_t));
		threads[n] = tsd;
	}
	lab_tsd = threads[n];
	return true;
}
