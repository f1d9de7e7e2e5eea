/*
 * drainprof: an exact ledger of every slab.
 *
 *   region   one allocation slot of a slab
 *   slab     a run of pages cut into equal regions; what jemalloc gives back for small sizes
 *   granule  a slab, or a large extent (a granule of one region)
 *   live     a region that the application holds
 *   parked   a region that a tcache holds: freed by the application, or filled and not yet handed out
 *   free     a region that the slab's bitmap says is free
 *   held     live + parked: regions that the bitmap says are taken
 *   open     from the moment jemalloc makes a slab until it takes it back (drains it)
 *
 * The ledger is three flat tables with one entry for each page of the simulated address space. Nothing is
 * hashed, nothing probed, and there is no capacity to overflow.
 *
 *     page       0        1        2        3        4        5 ...
 *              +--------+--------+--------+--------+--------+
 *     flow     | a0 d0  | a1 d1  | a2 d2  | a3 d3  |        |   regions that start in this page:
 *              +--------+--------+--------+--------+--------+   allocated (a) and deallocated (d)
 *     held     |   h    |   -    |   -    |   h    |   -    |   regions that the bitmap says are taken
 *              +--------+--------+--------+--------+--------+
 *     granule  | head   |   -    |   -    | head   |   -    |   class, arena, length, opened
 *              +--------+--------+--------+--------+--------+
 *                `--- a slab of 3 pages ---'  `--- another one
 *
 * The fast paths of malloc and free touch one word: the flow of the page in which the region starts. No
 * lookup of the slab is needed, because a slab's live count is the sum of (a - d) over its pages:
 *
 *     live = sum(a - d)         parked = held - live         free = regions - held
 *
 * `held` changes only where jemalloc itself touches the bitmap (refill, flush, and the paths without tcache).
 * So live, parked and free come from three different places, and lab/survey.c compares each with what
 * jemalloc's bitmaps, tcaches and statistics say.
 *
 * Not thread-safe: simulated threads run one at a time.
 */
#ifndef SLABLAB_DRAINPROF_H
#define SLABLAB_DRAINPROF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jemalloc/space.h"

/*
 * Regions that start in a page: registered and deregistered since the granule was opened. Differences are exact
 * modulo 2^32; the sums themselves as long as no page sees more than 2^32 registrations in one life of its slab.
 */
typedef struct {
	uint32_t allocs;
	uint32_t deallocs;
} dp_flow_t;

enum {
	DP_NONE = 0, /* not the first page of an open granule */
	DP_SLAB = 1,
	DP_LARGE = 2,
	DP_UNUSED = 3, /* within a survey only (lab/survey.c): the first page of an extent that nobody has */
};

typedef struct {
	uint32_t npages;
	uint32_t opened_ms; /* virtual time of opening */
	uint16_t arena;
	uint8_t szind;
	uint8_t kind   : 4;
	uint8_t cohort : 4; /* 1: open at the mark */
} dp_granule_t;

/*
 * Where a hook sits. The article's journey (--hooks) is a choice of places that register and deregister;
 * a place that is not chosen has weight 0 and its table word is rewritten unchanged, so that no placement
 * costs a branch.
 */
typedef enum {
	DP_MALLOC_FAST, /* imalloc_fastpath */
	DP_MALLOC_SLOW, /* every other way to get a region: malloc_default, calloc, aligned, mallocx, moving realloc */
	DP_FREE_FAST,   /* free_fastpath */
	DP_FREE_SLOW,   /* every other way to give one back */
	DP_FILL,        /* a slab fills a tcache */
	DP_FLUSH,       /* a tcache flushes to a slab */
	DP_ARENA_ALLOC, /* a slab gives a region without a tcache */
	DP_ARENA_FREE,  /* a slab takes a region without a tcache */
	DP_NPLACES,
} dp_place_t;

typedef enum {
	DP_HOOKS_EXTENT,     /* arena_malloc_small / arena_dalloc_small: misses everything that a tcache serves */
	DP_HOOKS_REFILL,     /* tcache refill and flush: sees batches, not allocations */
	DP_HOOKS_ASYMMETRIC, /* refill on one side, free_fastpath on the other: the accounting bug */
	DP_HOOKS_FASTPATH,   /* both fast paths: misses whatever leaves them */
	DP_HOOKS_COMPLETE,   /* both fast paths and all slow paths */
	DP_HOOKS_NMODES,
} dp_hooks_t;

#define DP_MAX_CLASSES 256

typedef struct {
	dp_hooks_t hooks;
	uint32_t weight[DP_NPLACES];
	/* Registrations and deregistrations in granules closed since; the open ones have their own. */
	uint64_t closed_allocs;
	uint64_t closed_deallocs;
	bool marked;
	uint32_t end_page; /* one past the highest page that ever was in a granule */
	/* For each size class, since boot; slabs for small classes, extents for large ones. */
	uint64_t opened[DP_MAX_CLASSES];
	uint64_t drained[DP_MAX_CLASSES];
	/* Granules open at the mark, and those of them closed since. */
	uint64_t cohort[DP_MAX_CLASSES];
	uint64_t cohort_drained[DP_MAX_CLASSES];
} dp_ledger_t;

extern dp_ledger_t dp;

#ifdef __wasm__
extern dp_flow_t dp_flow[SPACE_PAGES];
extern uint16_t dp_held[SPACE_PAGES];
extern dp_granule_t dp_granules[SPACE_PAGES];
#else
extern dp_flow_t *dp_flow;
extern uint16_t *dp_held;
extern dp_granule_t *dp_granules;
#endif

/* Empties the ledger. Must come before the first allocation. Returns false if the host has no room for the tables. */
bool dp_boot(dp_hooks_t hooks);

/* A slab or large extent was made at addr, or taken back. Sizes in bytes, multiples of the page. */
void dp_open(const void *addr, size_t size, int kind, unsigned szind, unsigned arena);
void dp_close(const void *addr);
/* A large extent changed its size in place. */
void dp_resize(const void *addr, size_t size, unsigned szind);

/* Makes all open granules the cohort. */
void dp_mark(void);

/* True if every table entry of the granule at `page` makes sense by itself. */
bool dp_granule_is_valid(uint32_t page, uint32_t regions);

/* Sums the pages of a granule: regions registered and deregistered since it was opened. */
dp_flow_t dp_granule_flow(uint32_t page);

static inline void
dp_register(dp_place_t place, const void *ptr, uint32_t n) {
	dp_flow[space_page(ptr)].allocs += n * dp.weight[place];
}

static inline void
dp_deregister(dp_place_t place, const void *ptr) {
	dp_flow[space_page(ptr)].deallocs += dp.weight[place];
}

#endif
