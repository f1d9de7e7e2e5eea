/*
 * Surveys the ledger and reconciles it with jemalloc: each granule, the sums of each size class, and the pages. One
 * walk in address order passes all granules and unused extents. For its duration the ledger's table has entries for
 * unused extents too, which the walk removes as it passes.
 */
#include "lab/survey.h"

#include <stdio.h>
#include <string.h>

#include "drainprof/drainprof.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/defrag.h"
#include "lab/lab.h"
#include "lab/operation.h"

/* Parked regions that start in a page, counted from jemalloc's tcaches. All zero outside a survey. */
#ifdef __wasm__
uint16_t survey_cached[SPACE_PAGES];
#else
static uint16_t *survey_cached;
#endif

static lab_totals_t totals;
static lab_class_t classes[DP_MAX_CLASSES];
static bool mismatch;

/* Sums over the granules of a size class that the walk has passed. */
typedef struct {
	uint32_t granules;
	uint32_t seen; /* granules with at least one registration */
	uint32_t drainable;
	uint32_t cohort_drainable;
	uint64_t free;
	uint64_t parked;
	uint64_t live;
	uint64_t live_pages; /* pages of the live extents of a large class */
} tally_t;

static tally_t tallies[DP_MAX_CLASSES];
static uint32_t regs_of_class[DP_MAX_CLASSES]; /* regions of a granule; 1 for large classes */

/* Sums over all granules that the walk has passed. */
typedef struct {
	uint64_t deallocs;
	int64_t believed; /* regions that are live according to the hooks */
} flow_t;

/* The state of the walk. */
static struct {
	uint32_t page; /* the next page */
	uint32_t small_classes;
	bool with_regions;
	bool complete; /* whether the hook placement is DP_HOOKS_COMPLETE */
	lab_counts_t expected;
	lab_counts_t found;
	lab_counts_t batch;
	uint64_t pages;     /* pages of granules */
	uint64_t unused[3]; /* pages of unused extents, by state */
	uint64_t allocs;
	flow_t flow;
} walk;

static lab_granules_t granules;
static lab_extents_t extents;
static uint8_t regions[LAB_REGIONS];
static uint32_t located[LAB_LOCATED];

#define NAME(name) #name ","
#define COLUMN(name, bits) #name ":" #bits ","
static const char *const fields[] = {
	LAB_GRANULE_FIELDS(COLUMN),
	LAB_CLASS_FIELDS(NAME),
	LAB_TOTAL_FIELDS(NAME),
	LAB_EXTENT_FIELDS(COLUMN),
};
#undef NAME
#undef COLUMN

const char *
lab_fields(uint32_t record) {
	return record < sizeof(fields) / sizeof(fields[0]) ? fields[record] : "";
}

bool
survey_boot(void) {
#ifndef __wasm__
	survey_cached = own_reserve(sizeof(uint16_t) * (size_t)SPACE_PAGES);
	return survey_cached != NULL;
#else
	return true;
#endif
}

static void
cached_count(const void *ptr) {
	survey_cached[space_page(ptr)]++;
}

static void
cached_clear(const void *ptr) {
	survey_cached[space_page(ptr)] = 0;
}

/* Counts the size classes that an operation can reach; larger ones exist on 64-bit hosts only. */
uint32_t
lab_class_count(void) {
	uint32_t n = 0;

	while (n < inspect_classes() && n < DP_MAX_CLASSES && inspect_class_size(n) <= OP_MAX_SIZE) {
		n++;
	}
	return n;
}

/* Reports the first mismatch only; later ones are usually its consequences. */
static void
report(const char *where, const char *what) {
	if (mismatch) {
		return;
	}
	mismatch = true;
	lab_message_set(where);
	lab_message_add(": ");
	lab_message_add(what);
}

/* Reports a figure that is not the same in the ledger and in jemalloc. */
static void
differ(const char *what, const char *where, long long ledger, long long jemalloc) {
	char text[160];

	snprintf(text, sizeof(text), "%s is %lld in the ledger and %lld in jemalloc", what, ledger, jemalloc);
	report(where, text);
}

static uint32_t
regions_of(const dp_granule_t *g) {
	return g->kind == DP_SLAB ? inspect_class_regs(g->szind) : 1;
}

typedef char granule_name_t[96];

/* Writes the name of a granule for messages, and returns it. */
static const char *
granule_name(granule_name_t name, uint32_t page) {
	const dp_granule_t *g = &dp_granules[page];
	const char *kind = g->kind == DP_SLAB ? "slab" : g->kind == DP_LARGE ? "large extent" : "unused extent";

	if (g->kind == DP_UNUSED) {
		snprintf(name, sizeof(granule_name_t), "%s at page %u", kind, page);
	} else {
		snprintf(name, sizeof(granule_name_t), "%s at page %u (class %llu)", kind, page,
		    (unsigned long long)inspect_class_size(g->szind));
	}
	return name;
}

static void
report_in(uint32_t page, const char *what) {
	granule_name_t name;

	report(granule_name(name, page), what);
}

static void
differ_in(uint32_t page, const char *what, long long ledger, long long jemalloc) {
	granule_name_t name;

	differ(what, granule_name(name, page), ledger, jemalloc);
}

/* Finds out and reports what does not agree in a granule. Complete hooks register every live region. */
static void
explain(uint32_t page) {
	const dp_granule_t *g = &dp_granules[page];
	inspect_granule_t truth = inspect_granule(space_address(page));
	uint32_t regions = regions_of(g), in_tcaches = 0;
	dp_flow_t flow = dp_granule_flow(page);
	int64_t live = (int32_t)(flow.allocs - flow.deallocs), parked = (int64_t)dp_held[page] - live;

	for (uint32_t i = page; i < page + (g->kind == DP_SLAB ? g->npages : 1); i++) {
		in_tcaches += survey_cached[i];
	}
	if (!dp_granule_is_valid(page, regions)) {
		report_in(page, "its entry in the ledger is inconsistent");
	} else if (!truth.found) {
		report_in(page, "jemalloc has no active extent there");
	} else if (truth.slab != (g->kind == DP_SLAB)) {
		differ_in(page, "kind (1: slab, 0: large extent)", g->kind == DP_SLAB, truth.slab);
	} else if (truth.szind != g->szind) {
		differ_in(page, "the size class", g->szind, truth.szind);
	} else if (truth.arena != g->arena) {
		differ_in(page, "the arena", g->arena, truth.arena);
	} else if (truth.size != (size_t)g->npages << SPACE_LG_PAGE) {
		differ_in(page, "the length", (size_t)g->npages << SPACE_LG_PAGE, truth.size);
	} else if (g->kind == DP_SLAB && truth.bitmap_free != regions - dp_held[page]) {
		differ_in(page, "free", regions - dp_held[page], truth.bitmap_free);
	} else if (g->kind == DP_SLAB && truth.nfree != truth.bitmap_free) {
		differ_in(page, "free (jemalloc's counter)", truth.bitmap_free, truth.nfree);
	} else if (in_tcaches > dp_held[page]) {
		differ_in(page, "held (at least the parked regions)", dp_held[page], in_tcaches);
	} else if (dp.hooks == DP_HOOKS_COMPLETE && parked != (int64_t)in_tcaches) {
		differ_in(page, "parked", parked, in_tcaches);
	} else if (dp.hooks == DP_HOOKS_COMPLETE && live < 0) {
		differ_in(page, "live", live, 0);
	} else {
		report_in(page, "an inconsistency that could not be reproduced");
	}
}

/* Enters an unused extent in the ledger's table, so that the walk passes it in address order. */
static void
unused_enter(const void *addr, size_t size, inspect_unused_t state, unsigned arena) {
	uint32_t page = space_page(addr);
	dp_granule_t *g = &dp_granules[page];

	walk.expected.extents++;
	if (g->kind != DP_NONE) {
		report_in(page, "jemalloc has an unused extent there");
		return;
	}
	*g = (dp_granule_t){
	    .npages = (uint32_t)(size >> SPACE_LG_PAGE),
	    .arena = (uint16_t)arena,
	    .unused_state = (uint8_t)state,
	    .kind = DP_UNUSED,
	};
}

static void
unused_remove(const void *addr, size_t size, inspect_unused_t state, unsigned arena) {
	dp_granule_t *g = &dp_granules[space_page(addr)];

	(void)size, (void)state, (void)arena;
	if (g->kind == DP_UNUSED) {
		g->kind = DP_NONE;
	}
}

/* Writes an unused extent as row n, and removes it from the ledger's table. */
static inline void
walk_extent(uint32_t page, uint32_t n) {
	dp_granule_t *g = &dp_granules[page];

	extents.page[n] = page;
	extents.pages[n] = g->npages;
	extents.arena[n] = g->arena;
	extents.state[n] = g->unused_state;
	walk.unused[g->unused_state] += g->npages;
	g->kind = DP_NONE;
}

/* Writes the states of a granule's regions. Returns false if the batch has no room for them. */
static bool
walk_regions(uint32_t page) {
	const dp_granule_t *g = &dp_granules[page];
	uint8_t *to = regions + walk.batch.regions;
	uint32_t n = regions_of(g);

	if (walk.batch.regions + n > LAB_REGIONS) {
		return false;
	}

	to[0] = 1;
	if (g->kind == DP_SLAB && !inspect_regions(space_address(page), g->szind, to)) {
		report_in(page, "jemalloc has no slab of this class there");
	}
	for (uint32_t i = 0; i < n; i++) {
		to[i] = to[i] ? LAB_REGION_LIVE : LAB_REGION_FREE;
	}
	walk.batch.regions += n;
	return true;
}

/* Writes a granule as row n. Returns whether its ledger entries are consistent, with each other and with jemalloc. */
static inline bool
walk_granule(uint32_t page, uint32_t n, flow_t *flow) {
	const dp_granule_t g = dp_granules[page];
	const bool slab = g.kind == DP_SLAB;
	bool agrees = g.npages != 0 && page + g.npages <= dp.end_page && slab == (g.szind < walk.small_classes);
	const uint32_t end = slab && agrees ? page + g.npages : page + 1;
	uint32_t allocs = dp_flow[page].allocs, deallocs = dp_flow[page].deallocs, parked = survey_cached[page];

	for (uint32_t i = page + 1; i < end; i++) {
		allocs += dp_flow[i].allocs;
		deallocs += dp_flow[i].deallocs;
		parked += survey_cached[i];
		agrees &= dp_granules[i].kind == DP_NONE;
	}
	const uint32_t held = dp_held[page], regs = regs_of_class[g.szind];
	granules.page[n] = page;
	granules.pages[n] = g.npages;
	granules.sizeClass[n] = g.szind;
	granules.arena[n] = g.arena;
	granules.live[n] = (uint16_t)(held - parked);
	granules.parked[n] = (uint16_t)parked;
	granules.free[n] = (uint16_t)(regs - held);
	granules.openedMs[n] = g.opened_ms - (uint32_t)(CLOCK_START_NS / 1000000);
	granules.allocs[n] = allocs;
	granules.cohort[n] = g.cohort;
	flow->deallocs += deallocs;
	flow->believed += (int32_t)(allocs - deallocs);
	return agrees & (held <= regs) & (slab | (held == 1)) & (parked <= held)
	    & (!walk.complete | (allocs - deallocs == held - parked))
	    & inspect_confirms(space_address(page), slab, g.szind, g.arena, (size_t)g.npages << SPACE_LG_PAGE, regs - held);
}

/* Adds the run of rows from `from` on that have one size class to its tally. Returns the row after the run. */
static uint32_t
tally_run(uint32_t from, uint32_t n) {
	const uint32_t szind = granules.sizeClass[from];
	tally_t t = { 0 };
	uint64_t pages = 0, allocs = 0;
	uint32_t i = from;

	for (; i < n && granules.sizeClass[i] == szind; i++) {
		const uint32_t drainable = granules.live[i] == 0;
		t.seen += granules.allocs[i] != 0;
		t.drainable += drainable;
		t.cohort_drainable += drainable & granules.cohort[i];
		t.free += granules.free[i];
		t.parked += granules.parked[i];
		t.live += granules.live[i];
		t.live_pages += granules.pages[i] * granules.live[i];
		pages += granules.pages[i];
		allocs += granules.allocs[i];
	}
	tally_t *tally = &tallies[szind];
	tally->granules += i - from;
	tally->seen += t.seen;
	tally->drainable += t.drainable;
	tally->cohort_drainable += t.cohort_drainable;
	tally->free += t.free;
	tally->parked += t.parked;
	tally->live += t.live;
	tally->live_pages += t.live_pages;
	walk.pages += pages;
	walk.allocs += allocs;
	return i;
}

/* Returns the minimum of slabs that could hold the live regions of a class. */
static double
slabs_needed(const lab_class_t *c) {
	return (double)(((uint64_t)c->live + (uint64_t)c->regs - 1) / (uint64_t)c->regs);
}

/* Returns the usable bytes of the live regions of a class. Large extents can end at any page (jemalloc 5.3.1). */
static double
usable_bytes(const lab_class_t *c, const tally_t *tally) {
	if (c->regs != 0) {
		return c->live * c->size;
	}
	return (double)((tally->live_pages << SPACE_LG_PAGE) - tally->live * inspect_large_pad());
}

static void
add_classes(uint32_t nclasses) {
	for (uint32_t i = 0; i < nclasses; i++) {
		lab_class_t *c = &classes[i];
		const tally_t *tally = &tallies[i];
		inspect_class_t truth = inspect_class(i);
		char where[48];

		snprintf(where, sizeof(where), "class %llu", (unsigned long long)c->size);
		c->opened = (double)dp.opened[i];
		c->drained = (double)dp.drained[i];
		c->cohort = (double)dp.cohort[i];
		c->live = (double)tally->live;
		c->parked = (double)tally->parked;
		totals.live += c->live;
		totals.parked += c->parked;
		totals.usedMemory += usable_bytes(c, tally);
		double tracked = c->opened - c->drained;
		if (tracked != tally->granules) {
			differ("open granules", where, (uint64_t)tracked, tally->granules);
		}
		if (c->regs == 0) {
			c->curregs = (double)truth.curlextents;
			if (tracked != c->curregs) {
				differ("extents", where, (uint64_t)tracked, truth.curlextents);
			}
			continue;
		}
		c->free = (double)tally->free;
		c->drainable = tally->drainable;
		c->cohortDrained = (double)dp.cohort_drained[i] + tally->cohort_drainable;
		totals.tracked += tally->granules;
		totals.drainable += c->drainable;
		totals.slabsSeen += tally->seen;
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
 * Compares the totals of the simulated system with jemalloc's. The system may have more only after a refusal: jemalloc
 * then abandons extents that it has mapped (extent.c: extent_recycle_split, extents_abandon_vm).
 */
static void
reconcile_pages(const char *what, uint64_t ledger, uint64_t jemalloc) {
	if (ledger != jemalloc && (ledger < jemalloc || pages_ledger.refusals == 0)) {
		differ(what, "pages", ledger, jemalloc);
	}
}

/* Compares the pages that the walk has passed with jemalloc's total in bytes. */
static void
reconcile_walked(const char *what, uint64_t npages, uint64_t jemalloc) {
	if (npages << SPACE_LG_PAGE != jemalloc) {
		differ(what, "what was walked", npages << SPACE_LG_PAGE, jemalloc);
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
	/* Only the allocated part of metadata counts: its blocks have 2 MiB or more, but are touched bit by bit. */
	totals.mapped = (double)(payload_mapped + metadata - m.internal);
	totals.resident = (double)(m.active + m.dirty + metadata - m.internal);
	totals.usedMemory -= (double)m.internal;
	pages_peak_update();
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
	reconcile_pages("resident bytes", pages_ledger.resident + pages_ledger.untouched, m.active + m.dirty);
	reconcile_pages("muzzy bytes", pages_ledger.muzzy, m.muzzy);
	reconcile_walked("active bytes", walk.pages, m.active);
	reconcile_walked("dirty bytes", walk.unused[INSPECT_DIRTY], m.dirty);
	reconcile_walked("muzzy bytes", walk.unused[INSPECT_MUZZY], m.muzzy);
	reconcile_walked("retained bytes", walk.unused[INSPECT_RETAINED], m.retained);
}

const lab_counts_t *
lab_survey_begin(uint32_t with_regions) {
	uint32_t nclasses = lab_class_count();

	mismatch = false;
	lab_message_set("");
	memset(&totals, 0, sizeof(totals));
	memset(classes, 0, sizeof(classes));
	memset(tallies, 0, sizeof(tallies));
	memset(&walk, 0, sizeof(walk));
	walk.with_regions = with_regions != 0;
	walk.complete = dp.hooks == DP_HOOKS_COMPLETE;
	walk.small_classes = inspect_small_classes();
	for (uint32_t i = 0; i < nclasses; i++) {
		uint32_t open = (uint32_t)(dp.opened[i] - dp.drained[i]);
		classes[i].size = (double)inspect_class_size(i);
		if (i < inspect_small_classes()) {
			classes[i].regs = inspect_class_regs(i);
			classes[i].pages = (double)(inspect_class_slab_size(i) >> SPACE_LG_PAGE);
		}
		regs_of_class[i] = i < inspect_small_classes() ? inspect_class_regs(i) : 1;
		walk.expected.granules += open;
		walk.expected.regions += open * regs_of_class[i];
	}
	if (!walk.with_regions) {
		walk.expected.regions = 0;
	}
	defrag_report(&totals);
	inspect_refresh();
	inspect_tcaches(cached_count);
	inspect_unused(unused_enter);
	return &walk.expected;
}

const lab_counts_t *
lab_survey_rows(void) {
	uint32_t page = walk.page;

	uint32_t n = 0, unused = 0;
	flow_t flow = walk.flow;

	walk.batch.regions = 0;
	while (page < pages_end) {
		const uint32_t kind = dp_granules[page].kind, npages = dp_granules[page].npages;
		if (kind == DP_NONE) {
			page++;
			continue;
		}
		if (kind == DP_UNUSED) {
			if (unused == LAB_ROWS) {
				break;
			}
			walk_extent(page, unused++);
		} else {
			if (n == LAB_ROWS || (walk.with_regions && !walk_regions(page))) {
				break;
			}
			if (!walk_granule(page, n++, &flow)) {
				explain(page);
			}
		}
		page += npages != 0 ? npages : 1;
	}
	walk.flow = flow;
	for (uint32_t row = 0; row < n;) {
		row = tally_run(row, n);
	}
	walk.batch.granules = n;
	walk.batch.extents = unused;
	walk.page = page;
	walk.found.granules += walk.batch.granules;
	walk.found.extents += walk.batch.extents;
	walk.found.regions += walk.batch.regions;
	if (walk.found.granules > walk.expected.granules || walk.found.regions > walk.expected.regions) {
		differ("open, at least", "granules", walk.found.granules, walk.expected.granules);
		memset(&walk.batch, 0, sizeof(walk.batch));
	}
	return &walk.batch;
}

lab_status_t
lab_survey_end(void) {
	/* The walk skips an extent that begins inside another granule or extent. */
	if (walk.found.extents != walk.expected.extents) {
		differ("unused extents", "all states", walk.found.extents, walk.expected.extents);
		inspect_unused(unused_remove);
	}
	inspect_tcaches(cached_clear);
	add_classes(lab_class_count());
	add_memory();

	totals.virtualMs = (double)((clock_virtual_ns - CLOCK_START_NS) / 1000000);
	totals.allocs = (double)(walk.allocs + dp.closed_allocs);
	totals.deallocs = (double)(walk.flow.deallocs + dp.closed_deallocs);
	totals.liveBelieved = (double)walk.flow.believed;
	totals.cohortMarked = dp.marked;
	totals.failPoints = (double)fail_points;
	if (dp.hooks == DP_HOOKS_COMPLETE && totals.allocs - totals.deallocs != totals.live) {
		differ("allocations - deallocations", "all granules", (uint64_t)(totals.allocs - totals.deallocs),
		    (uint64_t)totals.live);
	}
	totals.reconciled = !mismatch;
	return mismatch ? LAB_MISMATCH : LAB_OK;
}

/* Returns the first page of the granule that contains a region, which starts in one of its pages. */
static uint32_t
granule_of(const void *region) {
	uint32_t page = space_page(region);

	while (dp_granules[page].kind == DP_NONE && page > 0) {
		page--;
	}
	return page;
}

/* Returns the number of the region that begins at ptr; the granule's number of regions if none does. */
static uint32_t
region_number(uint32_t page, const void *ptr) {
	const dp_granule_t *g = &dp_granules[page];
	size_t offset = (size_t)((const char *)ptr - (const char *)space_address(page));
	size_t size = inspect_class_size(g->szind);

	if (g->kind == DP_LARGE) {
		return 0;
	}
	return offset % size == 0 ? (uint32_t)(offset / size) : regions_of(g);
}

/* The page of parked regions that lab_survey_parked lists: from number `from` on; n have been visited. */
static struct {
	uint32_t from;
	uint32_t n;
} parked;

static void
parked_list(const void *ptr) {
	uint32_t i = parked.n++ - parked.from;

	if (parked.n <= parked.from || i >= LAB_LOCATED / 2) {
		return;
	}
	uint32_t page = granule_of(ptr), region = region_number(page, ptr);
	if (region >= regions_of(&dp_granules[page])) {
		differ_in(page, "parked beyond the last region", 0, region);
	}
	located[2 * i] = page;
	located[2 * i + 1] = region;
}

uint32_t
lab_survey_parked(uint32_t from) {
	parked.from = from;
	parked.n = 0;
	inspect_tcaches(parked_list);
	uint32_t rest = parked.n > from ? parked.n - from : 0;
	return rest < LAB_LOCATED / 2 ? rest : LAB_LOCATED / 2;
}

const lab_totals_t *
lab_totals(void) {
	return &totals;
}

const lab_class_t *
lab_classes(void) {
	return classes;
}

const lab_granules_t *
lab_granules(void) {
	return &granules;
}

const lab_extents_t *
lab_extents(void) {
	return &extents;
}

const uint8_t *
lab_regions(void) {
	return regions;
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
