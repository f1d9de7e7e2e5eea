/*
 * A survey: one walk over the ledger in address order, each granule compared with what jemalloc says of it,
 * then the sums of each class with jemalloc's statistics, then pages with extents.
 */
#include "lab/survey.h"

#include <stdio.h>
#include <string.h>

#include "drainprof/drainprof.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/lab.h"

/* What a tcache holds, by the page in which a region starts. All zero outside of lab_survey(). */
#ifdef __wasm__
static uint32_t cached[SPACE_PAGES];
#else
static uint32_t *cached;
#endif

static lab_totals_t totals;
static lab_class_t classes[DP_MAX_CLASSES];
static uint32_t rows[LAB_ROWS * sizeof(lab_granule_t) / sizeof(uint32_t)];
static uint32_t located[LAB_LOCATED];
static uint32_t next_row_page;
static bool mismatch;

#define NAME(name) #name ","
static const char *const fields[] = {
	LAB_GRANULE_FIELDS(NAME),
	LAB_CLASS_FIELDS(NAME),
	LAB_TOTAL_FIELDS(NAME),
};
#undef NAME

const char *
lab_fields(uint32_t record) {
	return record < sizeof(fields) / sizeof(fields[0]) ? fields[record] : "";
}

bool
survey_boot(void) {
#ifndef __wasm__
	cached = own_reserve(sizeof(uint32_t) * (size_t)SPACE_PAGES);
	return cached != NULL;
#else
	return true;
#endif
}

static void
cached_count(const void *ptr) {
	cached[space_page(ptr)]++;
}

static void
cached_clear(const void *ptr) {
	cached[space_page(ptr)] = 0;
}

static uint32_t
cached_in(uint32_t page, uint32_t npages) {
	uint32_t sum = 0;

	for (uint32_t i = page; i < page + npages; i++) {
		sum += cached[i];
	}
	return sum;
}

/* Size classes that an operation can reach; the others exist on 64-bit hosts only. */
uint32_t
lab_class_count(void) {
	uint32_t n = 0;

	while (n < inspect_classes() && n < DP_MAX_CLASSES && inspect_class_size(n) <= 0x70000000u) {
		n++;
	}
	return n;
}

/* Reports the first difference; later ones are usually its consequences. */
static void
differ(const char *what, const char *where, long long ledger, long long jemalloc) {
	char text[256];

	if (mismatch) {
		return;
	}
	mismatch = true;
	snprintf(text, sizeof(text), "%s: %s is %lld in the ledger and %lld in jemalloc", where, what, ledger,
	    jemalloc);
	lab_message_set(text);
}

static uint32_t
regions_of(const dp_granule_t *g) {
	return g->kind == DP_SLAB ? inspect_class_regs(g->szind) : 1;
}

/* A difference in one granule. Its name is put together only here: most surveys have a million without any. */
static void
differ_in(uint32_t page, const char *what, long long ledger, long long jemalloc) {
	const dp_granule_t *g = &dp_granules[page];
	char where[96];

	snprintf(where, sizeof(where), "%s at page %u (class %llu)", g->kind == DP_SLAB ? "slab" : "large extent",
	    page, (unsigned long long)inspect_class_size(g->szind));
	differ(what, where, ledger, jemalloc);
}

/* `live` is what the hooks believe; with complete hooks, as it is. */
static void
reconcile_granule(uint32_t page, int64_t live, uint32_t in_tcaches) {
	const dp_granule_t *g = &dp_granules[page];
	inspect_granule_t truth = inspect_granule(space_address(page));
	uint32_t regions = regions_of(g);
	int64_t parked = (int64_t)dp_held[page] - live;

	if (!dp_granule_is_valid(page, regions)) {
		differ_in(page, "its entry, impossible by itself: held", dp_held[page], regions);
	} else if (!truth.found) {
		differ_in(page, "the extent", 1, 0);
	} else if (truth.slab != (g->kind == DP_SLAB)) {
		differ_in(page, "being a slab", g->kind == DP_SLAB, truth.slab);
	} else if (truth.szind != g->szind) {
		differ_in(page, "the size class", g->szind, truth.szind);
	} else if (truth.size != (size_t)g->npages << SPACE_LG_PAGE) {
		differ_in(page, "the length", (size_t)g->npages << SPACE_LG_PAGE, truth.size);
	} else if (g->kind == DP_SLAB && truth.bitmap_free != regions - dp_held[page]) {
		differ_in(page, "free", regions - dp_held[page], truth.bitmap_free);
	} else if (g->kind == DP_SLAB && truth.nfree != truth.bitmap_free) {
		differ_in(page, "free (jemalloc's counter)", truth.bitmap_free, truth.nfree);
	} else if (dp.hooks == DP_HOOKS_COMPLETE && parked != (int64_t)in_tcaches) {
		differ_in(page, "parked", parked, in_tcaches);
	} else if (live < 0 && dp.hooks == DP_HOOKS_COMPLETE) {
		differ_in(page, "live", live, 0);
	}
}

/* One granule into the sums; live is the truth: what is held and in no tcache. */
static void
add_granule(uint32_t page, dp_flow_t flow, uint32_t live, uint32_t parked) {
	const dp_granule_t *g = &dp_granules[page];
	lab_class_t *c = &classes[g->szind];

	totals.granules++;
	totals.allocs += flow.allocs;
	totals.deallocs += flow.deallocs;
	totals.liveBelieved += (double)(int32_t)(flow.allocs - flow.deallocs);
	totals.live += live;
	totals.parked += parked;
	totals.usedMemory += (double)live * c->size;
	c->live += live;
	c->parked += parked;
	if (g->kind != DP_SLAB) {
		return;
	}
	c->free += regions_of(g) - dp_held[page];
	totals.tracked++;
	totals.slabsSeen += flow.allocs != 0;
	if (live == 0) {
		c->drainable++;
		c->cohortDrained += g->cohort;
		totals.drainable++;
	}
}

static void
walk_granules(void) {
	for (uint32_t page = 0; page < dp.end_page;) {
		const dp_granule_t *g = &dp_granules[page];
		if (g->kind == DP_NONE) {
			page++;
			continue;
		}
		uint32_t in_tcaches = cached_in(page, g->kind == DP_SLAB ? g->npages : 1);
		dp_flow_t flow = dp_granule_flow(page);
		reconcile_granule(page, (int32_t)(flow.allocs - flow.deallocs), in_tcaches);
		add_granule(page, flow, dp_held[page] - in_tcaches, in_tcaches);
		page += g->npages;
	}
}

/* Slabs that the live regions would need at least. */
static double
slabs_needed(const lab_class_t *c) {
	return (double)(((uint64_t)c->live + (uint64_t)c->regs - 1) / (uint64_t)c->regs);
}

static void
add_classes(uint32_t nclasses) {
	for (uint32_t i = 0; i < nclasses; i++) {
		lab_class_t *c = &classes[i];
		inspect_class_t truth = inspect_class(i);
		char where[48];

		snprintf(where, sizeof(where), "class %llu", (unsigned long long)c->size);
		c->opened = (double)dp.opened[i];
		c->drained = (double)dp.drained[i];
		c->cohort = (double)dp.cohort[i];
		c->cohortDrained += (double)dp.cohort_drained[i];
		double tracked = c->opened - c->drained;
		if (c->regs == 0) {
			c->curregs = (double)truth.curlextents;
			if (tracked != c->curregs) {
				differ("extents", where, (uint64_t)tracked, truth.curlextents);
			}
			continue;
		}
		c->curregs = (double)truth.curregs;
		c->curslabs = (double)truth.curslabs;
		c->nonfullSlabs = (double)truth.nonfull_slabs;
		if (c->live + c->parked != c->curregs) {
			differ("live + parked", where, (uint64_t)(c->live + c->parked), truth.curregs);
		} else if (tracked != c->curslabs) {
			differ("slabs", where, (uint64_t)tracked, truth.curslabs);
		}
		double above = c->curslabs - slabs_needed(c);
		totals.slabsAboveMinimum += above;
		totals.bytesAboveMinimum += above * c->pages * (double)(1u << SPACE_LG_PAGE);
		totals.opened += c->opened;
		totals.drained += c->drained;
		totals.cohort += c->cohort;
		totals.cohortDrained += c->cohortDrained;
	}
}

/*
 * When memory is refused half-way through, jemalloc abandons extents that it has mapped already (extent.c:
 * extent_recycle_split, extents_abandon_vm). Then, and only then, the system may hold more than jemalloc knows of.
 */
static void
reconcile_pages(const char *what, uint64_t ledger, uint64_t jemalloc) {
	if (ledger != jemalloc && (ledger < jemalloc || pages_ledger.refusals == 0)) {
		differ(what, "pages", ledger, jemalloc);
	}
}

static void
add_memory(void) {
	inspect_memory_t m = inspect_memory();
	uint64_t payload_mapped = m.mapped - m.base_mapped;
	uint64_t metadata = inspect_lp64_metadata(lab_edata_count, inspect_arenas()) + m.internal;

	totals.allocated = (double)m.allocated;
	totals.active = (double)m.active;
	totals.retained = (double)m.retained;
	totals.dirty = (double)m.dirty;
	totals.muzzy = (double)m.muzzy;
	totals.metadata = (double)metadata;
	totals.internal = (double)m.internal;
	/* Metadata is counted by what is allocated of it: its blocks are 2 MiB and more, but touched piece by piece. */
	totals.mapped = (double)(payload_mapped + metadata - m.internal);
	totals.resident = (double)(m.active + m.dirty + metadata - m.internal);
	totals.usedMemory -= (double)m.internal;
	pages_peak();
	totals.peakResident = (double)pages_ledger.peak_resident;
	totals.maps = (double)pages_ledger.maps;
	totals.unmaps = (double)pages_ledger.unmaps;
	totals.unmappedBytes = (double)pages_ledger.unmapped;
	totals.forcedPurges = (double)pages_ledger.purges_forced;
	totals.forcedPurgedBytes = (double)pages_ledger.purged_forced;
	totals.lazyPurges = (double)pages_ledger.purges_lazy;
	totals.lazyPurgedBytes = (double)pages_ledger.purged_lazy;
	totals.jemallocMetadata = (double)m.metadata;
	reconcile_pages("mapped + retained bytes", pages_ledger.mapped, payload_mapped + m.retained);
	reconcile_pages("resident bytes", pages_ledger.resident, m.active + m.dirty);
	reconcile_pages("muzzy bytes", pages_ledger.muzzy, m.muzzy);
}

lab_status_t
lab_survey(void) {
	uint32_t nclasses = lab_class_count();

	mismatch = false;
	lab_message_set("");
	memset(&totals, 0, sizeof(totals));
	memset(classes, 0, sizeof(classes));
	for (uint32_t i = 0; i < nclasses; i++) {
		classes[i].size = (double)inspect_class_size(i);
		if (i < inspect_small_classes()) {
			classes[i].regs = inspect_class_regs(i);
			classes[i].pages = (double)(inspect_class_slab_size(i) >> SPACE_LG_PAGE);
		}
	}
	inspect_refresh();
	inspect_tcaches(cached_count);
	walk_granules();
	inspect_tcaches(cached_clear);
	add_classes(nclasses);
	add_memory();

	totals.virtualMs = (double)((clock_virtual_ns - CLOCK_START_NS) / 1000000);
	totals.allocs += (double)dp.closed_allocs;
	totals.deallocs += (double)dp.closed_deallocs;
	totals.cohortMarked = dp.marked;
	totals.failPoints = (double)fail_points;
	if (dp.hooks == DP_HOOKS_COMPLETE && totals.allocs - totals.deallocs != totals.live) {
		differ("allocations - deallocations", "all granules", (uint64_t)(totals.allocs - totals.deallocs),
		    (uint64_t)totals.live);
	}
	totals.reconciled = !mismatch;
	next_row_page = 0;
	return mismatch ? LAB_MISMATCH : LAB_OK;
}

const lab_totals_t *
lab_totals(void) {
	return &totals;
}

const lab_class_t *
lab_classes(void) {
	return classes;
}

const uint32_t *
lab_rows(void) {
	return rows;
}

uint32_t
lab_survey_rows(void) {
	uint32_t n = 0, page = next_row_page;

	/* Parked is believed here to be what the walk has just checked it to be. */
	inspect_tcaches(cached_count);
	while (page < dp.end_page && n < LAB_ROWS) {
		const dp_granule_t *g = &dp_granules[page];
		if (g->kind == DP_NONE) {
			page++;
			continue;
		}
		uint32_t parked = cached_in(page, g->kind == DP_SLAB ? g->npages : 1);
		lab_granule_t row = {
			.page = page,
			.pages = g->npages,
			.sizeClass = g->szind,
			.arena = g->arena,
			.live = dp_held[page] - parked,
			.parked = parked,
			.free = regions_of(g) - dp_held[page],
			.openedMs = g->opened_ms - (uint32_t)(CLOCK_START_NS / 1000000),
			.allocs = dp_granule_flow(page).allocs,
			.cohort = g->cohort,
		};
		uint32_t words[sizeof(row) / sizeof(uint32_t)];
		memcpy(words, &row, sizeof(row));
		for (size_t f = 0; f < sizeof(words) / sizeof(words[0]); f++) {
			rows[f * LAB_ROWS + n] = words[f];
		}
		n++;
		page += g->npages;
	}
	inspect_tcaches(cached_clear);
	next_row_page = page;
	return n;
}

/* Granules are known by their first page; a region starts in one of the pages of its slab. */
static uint32_t
granule_of(const void *region) {
	uint32_t page = space_page(region);

	while (dp_granules[page].kind == DP_NONE && page > 0) {
		page--;
	}
	return page;
}

uint32_t
lab_locate(uint32_t from) {
	uint32_t n = 0, end = lab_handles();

	for (uint32_t handle = from; handle < end && n < LAB_LOCATED; handle++) {
		const void *region = lab_region(handle);
		located[n++] = region == NULL ? LAB_NOWHERE : granule_of(region);
	}
	return n;
}

const uint32_t *
lab_located(void) {
	return located;
}
