/*
 * The decision of a server's allocator on one region during active defragmentation: whether moving it would help to
 * empty its slab. There are two families of servers, which ask in different ways.
 */
#ifndef SLABLAB_DECIDE_H
#define SLABLAB_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The families, in the order of DEFRAG_FAMILIES (src/stream/defrag.ts). */
typedef enum {
	DECIDE_HINT,         /* a patched jemalloc answers from live statistics (get_defrag_hint) */
	DECIDE_QUERY,        /* the server asks experimental.utilization.batch_query, and keeps the totals of bins */
	DECIDE_QUERY_SPARSE, /* as above, and a slab that is less than an eighth full is always emptied */
	DECIDE_NFAMILIES,
} decide_family_t;

/* The outcome of a decision. Every outcome but the first leaves the region where it is. */
typedef enum {
	DECIDE_MOVE,
	DECIDE_LARGE,   /* the region is no part of a slab */
	DECIDE_CURRENT, /* its slab is the one that new regions come from */
	DECIDE_FULL,    /* its slab has no free region; regions in tcaches count as used */
	DECIDE_ALONE,   /* it is the only slab that is not full */
	DECIDE_DENSE,   /* its slab is fuller than the average of those that are not full */
	DECIDE_NOUTCOMES,
} decide_outcome_t;

/* Decides on the region at ptr. */
decide_outcome_t decide(decide_family_t family, const void *ptr);

/* Regions of a slab whose regions have `size` usable bytes; 1 for a size that is no part of a slab. */
unsigned decide_regions(size_t size);

/* jemalloc's totals as of the last refresh, in bytes. */
typedef struct {
	uint64_t allocated, active;
	uint64_t waste; /* free regions of all slabs */
} decide_totals_t;

/*
 * Reads jemalloc's statistics: the totals that decisions by query depend on, and those that are returned. The latter
 * leave out the arenas of the simulated threads from number `other_threads` on, unless it is 0.
 */
decide_totals_t decide_refresh(uint32_t other_threads);

#endif
