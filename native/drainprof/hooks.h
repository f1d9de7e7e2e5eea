/*
 * The hooks that jemalloc/VERSION/insertions.patch inserts into jemalloc's sources. With SLABLAB_HOOKS=0 they
 * expand to nothing: this is the build without instrumentation that the benchmark compares with.
 */
#ifndef SLABLAB_DRAINPROF_HOOKS_H
#define SLABLAB_DRAINPROF_HOOKS_H

#include "jemalloc/seams.h"
#include "names.h"

#if SLABLAB_HOOKS
#include "drainprof/drainprof.h"

#define DRAINPROF_MALLOC_FAST(ptr) dp_register(DP_MALLOC_FAST, (ptr), 1)
#define DRAINPROF_MALLOC_SLOW(ptr)                                                                            \
	do {                                                                                                   \
		if ((ptr) != NULL) {                                                                           \
			dp_register(DP_MALLOC_SLOW, (ptr), 1);                                                 \
		}                                                                                              \
	} while (0)
#define DRAINPROF_FREE_FAST(ptr) dp_deregister(DP_FREE_FAST, (ptr))
#define DRAINPROF_FREE_SLOW(ptr) dp_deregister(DP_FREE_SLOW, (ptr))

/* The bitmap of the slab gave out n regions, or took one back. */
#define DRAINPROF_HELD(slab, n) (dp_held[space_page(edata_base_get(slab))] += (uint16_t)(n))
#define DRAINPROF_HELD_FREE(slab) (dp_held[space_page(edata_base_get(slab))]--)

/* A tcache was filled with n regions of a slab, or flushed one to it. */
#define DRAINPROF_FILL(slab, n)                                                                                \
	do {                                                                                                   \
		if (dp.weight[DP_FILL]) {                                                                      \
			dp_register(DP_FILL, edata_base_get(slab), (n));                                       \
		}                                                                                              \
	} while (0)
#define DRAINPROF_FLUSH(slab)                                                                                  \
	do {                                                                                                   \
		if (dp.weight[DP_FLUSH]) {                                                                     \
			dp_deregister(DP_FLUSH, edata_base_get(slab));                                         \
		}                                                                                              \
	} while (0)
/* A region left a slab, or returned to it, without passing a tcache. */
#define DRAINPROF_ARENA_ALLOC(slab) dp_register(DP_ARENA_ALLOC, edata_base_get(slab), 1)
#define DRAINPROF_ARENA_FREE(slab) dp_deregister(DP_ARENA_FREE, edata_base_get(slab))

#define DRAINPROF_OPEN_SLAB(slab)                                                                              \
	dp_open(edata_base_get(slab), edata_size_get(slab), DP_SLAB, edata_szind_get(slab),                    \
	    edata_arena_ind_get(slab))
#define DRAINPROF_CLOSE_SLAB(slab) dp_close(edata_base_get(slab))
#define DRAINPROF_OPEN_LARGE(edata)                                                                            \
	do {                                                                                                   \
		if ((edata) != NULL) {                                                                         \
			dp_open(edata_base_get(edata), edata_size_get(edata), DP_LARGE,                        \
			    edata_szind_get(edata), edata_arena_ind_get(edata));                               \
		}                                                                                              \
	} while (0)
#define DRAINPROF_CLOSE_LARGE(edata) dp_close(edata_base_get(edata))
#define DRAINPROF_RESIZE_LARGE(edata)                                                                          \
	dp_resize(edata_base_get(edata), edata_size_get(edata), edata_szind_get(edata))

#else

#define DRAINPROF_MALLOC_FAST(ptr)
#define DRAINPROF_MALLOC_SLOW(ptr)
#define DRAINPROF_FREE_FAST(ptr)
#define DRAINPROF_FREE_SLOW(ptr)
#define DRAINPROF_HELD(slab, n)
#define DRAINPROF_HELD_FREE(slab)
#define DRAINPROF_FILL(slab, n)
#define DRAINPROF_FLUSH(slab)
#define DRAINPROF_ARENA_ALLOC(slab)
#define DRAINPROF_ARENA_FREE(slab)
#define DRAINPROF_OPEN_SLAB(slab)
#define DRAINPROF_CLOSE_SLAB(slab)
#define DRAINPROF_OPEN_LARGE(edata)
#define DRAINPROF_CLOSE_LARGE(edata)
#define DRAINPROF_RESIZE_LARGE(edata)

#endif
#endif
