#include "drainprof/drainprof.h"

#include <string.h>

#include "jemalloc/seams.h"

dp_ledger_t dp;

#ifdef __wasm__
dp_flow_t dp_flow[SPACE_PAGES];
uint16_t dp_held[SPACE_PAGES];
dp_granule_t dp_granules[SPACE_PAGES];
#else
dp_flow_t *dp_flow;
uint16_t *dp_held;
dp_granule_t *dp_granules;
#endif

/* The places that each hook placement gives a weight of 1; the others have weight 0. */
static const uint8_t placements[DP_HOOKS_NMODES][DP_NPLACES] = {
	[DP_HOOKS_EXTENT] = { [DP_ARENA_ALLOC] = 1, [DP_ARENA_FREE] = 1 },
	[DP_HOOKS_REFILL] = { [DP_FILL] = 1, [DP_FLUSH] = 1 },
	[DP_HOOKS_ASYMMETRIC] = { [DP_FILL] = 1, [DP_FREE_FAST] = 1 },
	[DP_HOOKS_FASTPATH] = { [DP_MALLOC_FAST] = 1, [DP_FREE_FAST] = 1 },
	[DP_HOOKS_COMPLETE] = { [DP_MALLOC_FAST] = 1, [DP_MALLOC_SLOW] = 1, [DP_FREE_FAST] = 1,
	    [DP_FREE_SLOW] = 1 },
};

bool
dp_boot(dp_hooks_t hooks) {
	memset(&dp, 0, sizeof(dp));
	dp.hooks = hooks;
	for (int i = 0; i < DP_NPLACES; i++) {
		dp.weight[i] = placements[hooks][i];
	}
#ifndef __wasm__
	/* The memory is reserved, not committed: the host pays only for entries that are touched. */
	dp_flow = own_reserve(sizeof(dp_flow_t) * (size_t)SPACE_PAGES);
	dp_held = own_reserve(sizeof(uint16_t) * (size_t)SPACE_PAGES);
	dp_granules = own_reserve(sizeof(dp_granule_t) * (size_t)SPACE_PAGES);
	return dp_flow != NULL && dp_held != NULL && dp_granules != NULL;
#else
	return true;
#endif
}

void
dp_open(const void *addr, size_t size, int kind, unsigned szind, unsigned arena) {
	uint32_t page = space_page(addr);
	uint32_t npages = (uint32_t)(size >> SPACE_LG_PAGE);

	/* A large extent has one region, so only its first page has flow. */
	memset(&dp_flow[page], 0, sizeof(dp_flow_t) * (kind == DP_SLAB ? npages : 1));
	dp_granules[page] = (dp_granule_t){
	    .npages = npages,
	    .opened_ms = (uint32_t)(clock_virtual_ns / 1000000),
	    .arena = (uint16_t)arena,
	    .szind = (uint8_t)szind,
	    .kind = (uint8_t)kind,
	};
	dp_held[page] = kind == DP_LARGE ? 1 : 0;
	dp.opened[szind]++;
	if (page + npages > dp.end_page) {
		dp.end_page = page + npages;
	}
	pages_touch(addr, size);
}

void
dp_close(const void *addr) {
	uint32_t page = space_page(addr);
	dp_granule_t *g = &dp_granules[page];
	dp_flow_t flow = dp_granule_flow(page);

	dp.closed_allocs += flow.allocs;
	dp.closed_deallocs += flow.deallocs;
	dp.drained[g->szind]++;
	if (g->cohort) {
		dp.cohort_drained[g->szind]++;
	}
	g->kind = DP_NONE;
}

void
dp_resize(const void *addr, size_t size, unsigned szind) {
	uint32_t page = space_page(addr);
	dp_granule_t *g = &dp_granules[page];

	/* The granule stays open; it is drained from its old size class and opened in the new one. */
	dp.drained[g->szind]++;
	dp.opened[szind]++;
	if (g->cohort) {
		dp.cohort[g->szind]--;
		dp.cohort[szind]++;
	}
	g->szind = (uint8_t)szind;
	g->npages = (uint32_t)(size >> SPACE_LG_PAGE);
	if (page + g->npages > dp.end_page) {
		dp.end_page = page + g->npages;
	}
	pages_touch(addr, size);
}

void
dp_mark(void) {
	memset(dp.cohort, 0, sizeof(dp.cohort));
	memset(dp.cohort_drained, 0, sizeof(dp.cohort_drained));
	dp.marked = true;
	for (uint32_t page = 0; page < dp.end_page;) {
		dp_granule_t *g = &dp_granules[page];
		if (g->kind == DP_NONE) {
			page++;
			continue;
		}
		g->cohort = 1;
		dp.cohort[g->szind]++;
		page += g->npages;
	}
}

bool
dp_granule_is_valid(uint32_t page, uint32_t regions) {
	const dp_granule_t *g = &dp_granules[page];

	if (g->npages == 0 || page + g->npages > dp.end_page || dp_held[page] > regions) {
		return false;
	}
	if (g->kind == DP_LARGE) {
		return regions == 1 && dp_held[page] == 1;
	}
	/* No granule may begin inside another. */
	for (uint32_t i = 1; i < g->npages; i++) {
		if (dp_granules[page + i].kind != DP_NONE) {
			return false;
		}
	}
	return g->kind == DP_SLAB;
}

dp_flow_t
dp_granule_flow(uint32_t page) {
	uint32_t n = dp_granules[page].kind == DP_SLAB ? dp_granules[page].npages : 1;
	dp_flow_t sum = { 0, 0 };

	for (uint32_t i = page; i < page + n; i++) {
		sum.allocs += dp_flow[i].allocs;
		sum.deallocs += dp_flow[i].deallocs;
	}
	return sum;
}
