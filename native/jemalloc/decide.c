#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "internals.h"
#include "jemalloc/decide.h"
#include "jemalloc/inspect.h"
#include "lab/operation.h"

/* Totals of each size class over all arenas, as of the last refresh. */
typedef struct {
	uint64_t regs, slabs, nonfull;
} bin_totals_t;

static bin_totals_t bins[SC_NBINS];

/*
 * Decides as iget_defrag_hint of the servers' jemalloc does, in its 64-bit arithmetic: differences wrap around. The
 * slabs that are not full are those of `nonfull_slabs`, of which slabcur is none; the rule deducts slabcur again.
 */
static decide_outcome_t
decide_by_hint(edata_t *slab) {
	const szind_t szind = edata_szind_get(slab);
	const bin_info_t *info = &bin_infos[szind];
	arena_t *arena = arena_get(TSDN_NULL, edata_arena_ind_get(slab), false);
	const uint64_t nregs = info->nregs, used = nregs - edata_nfree_get(slab);
	uint64_t slabs = 0, regs = 0;

	if (bin_of(arena, szind, edata_binshard_get(slab))->slabcur == slab) {
		return DECIDE_CURRENT;
	}
	if (used == nregs) {
		return DECIDE_FULL;
	}
	for (unsigned shard = 0; shard < info->n_shards; shard++) {
		const bin_t *bin = bin_of(arena, szind, shard);
		slabs += bin->stats.nonfull_slabs;
		regs += bin->stats.curregs - (uint64_t)(bin->stats.curslabs - bin->stats.nonfull_slabs) * nregs;
		if (bin->slabcur != NULL) {
			regs -= nregs - edata_nfree_get(bin->slabcur);
			slabs -= 1;
		}
	}
	return used * slabs <= regs + regs / 8 ? DECIDE_MOVE : DECIDE_DENSE;
}

/* Decides as allocatorShouldDefrag of Valkey does: the slab's count is live, and the totals are those of a refresh. */
static decide_outcome_t
decide_by_query(edata_t *slab, bool empties_sparse) {
	const szind_t szind = edata_szind_get(slab);
	const bin_totals_t *bin = &bins[szind];
	const uint64_t nregs = bin_infos[szind].nregs, used = nregs - edata_nfree_get(slab);

	if (used == nregs) {
		return DECIDE_FULL;
	}
	if (bin->nonfull < 2) {
		return DECIDE_ALONE;
	}
	if (empties_sparse && 1000 * used < 125 * nregs) {
		return DECIDE_MOVE;
	}
	uint64_t regs = bin->regs - (bin->slabs - bin->nonfull) * nregs;
	return 1000 * used * bin->nonfull <= 1125 * regs ? DECIDE_MOVE : DECIDE_DENSE;
}

decide_outcome_t
decide(decide_family_t family, const void *ptr) {
	edata_t *edata = extent_of(ptr);

	if (edata == NULL || !edata_slab_get(edata)) {
		return DECIDE_LARGE;
	}
	return family == DECIDE_HINT ? decide_by_hint(edata)
	                             : decide_by_query(edata, family == DECIDE_QUERY_SPARSE);
}

unsigned
decide_regions(size_t size) {
	const szind_t szind = sz_size2index(size);

	return szind < SC_NBINS ? bin_infos[szind].nregs : 1;
}

/* Takes one arena out of the totals. */
static void
leave_out(decide_totals_t *totals, unsigned number) {
	arena_t *arena = arena_get(TSDN_NULL, number, false);

	for (unsigned i = 0; i < SC_NBINS; i++) {
		const bin_info_t *info = &bin_infos[i];
		for (unsigned shard = 0; shard < info->n_shards; shard++) {
			const bin_stats_t *stats = &bin_of(arena, i, shard)->stats;
			totals->waste -= ((uint64_t)info->nregs * stats->curslabs - stats->curregs) * info->reg_size;
			totals->allocated -= (uint64_t)stats->curregs * info->reg_size;
		}
	}
	totals->allocated -= inspect_arena_large(number);
}

decide_totals_t
decide_refresh(uint32_t other_threads) {
	decide_totals_t totals = { 0 };

	inspect_refresh();
	for (unsigned i = 0; i < SC_NBINS; i++) {
		inspect_class_t class = inspect_class(i);
		bins[i] = (bin_totals_t){ class.curregs, class.curslabs, class.nonfull_slabs };
		totals.waste += (bin_infos[i].nregs * class.curslabs - class.curregs) * bin_infos[i].reg_size;
	}
	totals.allocated = inspect_allocated();
	totals.active = inspect_active();
	for (uint32_t n = other_threads; n != 0 && n < threads_numbers(); n++) {
		int arena = threads_arena(n);
		/* With few arenas, threads share them. */
		if (arena >= 0 && arena != threads_arena(0) && arena != threads_arena(n - 1)) {
			leave_out(&totals, (unsigned)arena);
		}
	}
	return totals;
}
