/*
 * drainprof: an exact ledger of every slab.
 *
 *     region   one allocation slot of a slab
 *     slab     a run of pages cut into equal regions, as jemalloc allocates small sizes
 *     granule  a slab, or a large extent (a granule of one region)
 *     live     a region that the application holds
 *     parked   a region that a tcache holds: freed by the application, or filled and not yet handed out
 *     free     a region whose bit in the slab's bitmap is set
 *     held     live + parked: the regions whose bit in the slab's bitmap is clear
 *     open     from the moment jemalloc makes a slab until it takes it back (drains it)
 *     cohort   the granules that were open at the last mark operation
 *
 * The ledger is three flat tables with one entry for each page of the simulated address space. There is no
 * hashing or probing, and no capacity that could overflow.
 *
 *     page       0        1        2        3        4        5 ...
 *              +--------+--------+--------+--------+--------+
 *     flow     | a0 d0  | a1 d1  | a2 d2  | a3 d3  |        |   regions that start in this page:
 *              +--------+--------+--------+--------+--------+   allocated (a) and deallocated (d)
 *     held     |   h    |   -    |   -    |   h    |   -    |   held regions of the granule
 *              +--------+--------+--------+--------+--------+
 *     granule  | head   |   -    |   -    | head   |   -    |   class, arena, length, opened
 *              +--------+--------+--------+--------+--------+
 *                `--- a slab of 3 pages ---'  `--- another one
 *
 * The fast paths of malloc and free touch one word: the flow of the page in which the region starts. They
 * need no lookup of the slab, because a slab's live count is the sum of (a - d) over its pages:
 *
 *     live = sum(a - d)         parked = held - live         free = regions - held
 *
 * `held` changes only where jemalloc itself changes the bitmap: refill, flush, and the paths without tcache.
 * So live, parked and free have three independent sources. lab/survey.c compares each with jemalloc's
 * bitmaps, tcaches and statistics.
 *
 * The ledger is not thread-safe: simulated threads run one at a time.
 */
#ifndef SLABLAB_DRAINPROF_H
#define SLABLAB_DRAINPROF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jemalloc/space.h"

/*
 * Counts the regions that start in a page, registered and deregistered since the granule was opened. Differences
 * are exact modulo 2^32. Each count is exact up to 2^32 registrations in one page while its slab is open.
 */
typedef struct {
	uint32_t allocs;
	uint32_t deallocs;
} dp_flow_t;

enum {
	DP_NONE = 0, /* not the first page of an open granule */
	DP_SLAB = 1,
	DP_LARGE = 2,
	DP_UNUSED = 3, /* during a survey only (lab/survey.c): the first page of an unused extent */
};

/* Describes a granule in the entry of its first page. */
typedef struct {
	uint32_t npages;
	uint32_t opened_ms; /* virtual time of opening */
	uint16_t arena;
	union {
		uint8_t szind;
		uint8_t unused_state; /* inspect_unused_t, in a DP_UNUSED entry */
	};
	uint8_t kind   : 4;
	uint8_t cohort : 4; /* 1: open at the mark */
} dp_granule_t;

/*
 * The places in jemalloc's code that have a hook. A hook placement (`--hooks`) chooses which of them register and
 * deregister. A place that is not chosen has weight 0: it rewrites its table word unchanged, which costs no branch.
 */
typedef enum {
	DP_MALLOC_FAST, /* imalloc_fastpath */
	DP_MALLOC_SLOW, /* all other allocations: malloc_default, calloc, aligned, mallocx, moving realloc */
	DP_FREE_FAST,   /* free_fastpath */
	DP_FREE_SLOW,   /* all other deallocations */
	DP_FILL,        /* a slab fills a tcache */
	DP_FLUSH,       /* a tcache flushes to a slab */
	DP_ARENA_ALLOC, /* a region leaves a slab without passing a tcache */
	DP_ARENA_FREE,  /* a region returns to a slab without passing a tcache */
	DP_NPLACES,
} dp_place_t;

/* Hook placements, in the order of HOOK_MODES (src/engine/snapshot.ts). */
typedef enum {
	DP_HOOKS_EXTENT,     /* arena_malloc_small and arena_dalloc_small: miss everything that a tcache serves */
	DP_HOOKS_REFILL,     /* tcache refill and flush: see batches, not allocations */
	DP_HOOKS_ASYMMETRIC, /* refill on one side, free_fastpath on the other: counts do not balance */
	DP_HOOKS_FASTPATH,   /* both fast paths: miss every slow path */
	DP_HOOKS_COMPLETE,   /* both fast paths and all slow paths */
	DP_HOOKS_NMODES,
} dp_hooks_t;

#define DP_MAX_CLASSES 256

typedef struct {
	dp_hooks_t hooks;
	uint32_t weight[DP_NPLACES];
	/* Registrations and deregistrations since boot in granules that are closed; open granules count their own. */
	uint64_t closed_allocs;
	uint64_t closed_deallocs;
	bool marked;       /* whether there was a mark operation */
	uint32_t end_page; /* one past the highest page that was ever in a granule */
	/* Granules opened and drained since boot, by size class: slabs for small classes, extents for large ones. */
	uint64_t opened[DP_MAX_CLASSES];
	uint64_t drained[DP_MAX_CLASSES];
	/* Granules open at the mark, and those of them drained since, by size class. */
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

/* Empties the ledger, before the first allocation. Returns false if the host has no memory for the tables. */
bool dp_boot(dp_hooks_t hooks);

/* Records that jemalloc made a granule at addr: DP_SLAB or DP_LARGE, `size` bytes, a multiple of the page. */
void dp_open(const void *addr, size_t size, int kind, unsigned szind, unsigned arena);
/* Records that jemalloc took back the granule at addr. */
void dp_close(const void *addr);
/* Records that the large extent at addr was resized in place to `size` bytes. */
void dp_resize(const void *addr, size_t size, unsigned szind);

/* Makes all open granules the cohort. */
void dp_mark(void);

/* Whether the table entries of the granule at `page`, which has `regions` regions, are consistent with each other. */
bool dp_granule_is_valid(uint32_t page, uint32_t regions);

/* Returns the regions registered and deregistered since the granule at `page` was opened, over all its pages. */
dp_flow_t dp_granule_flow(uint32_t page);

/* Registers n regions, of which the first starts at ptr, if the placement chooses `place`. */
static inline void
dp_register(dp_place_t place, const void *ptr, uint32_t n) {
	dp_flow[space_page(ptr)].allocs += n * dp.weight[place];
}

/* Deregisters the region at ptr if the placement chooses `place`. */
static inline void
dp_deregister(dp_place_t place, const void *ptr) {
	dp_flow[space_page(ptr)].deallocs += dp.weight[place];
}

#endif
