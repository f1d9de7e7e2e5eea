#include "lab/defrag.h"

#include <stddef.h>

#include <jemalloc/jemalloc.h>

#include "lab/operation.h"

/* Settings, with the numbers of DEFRAG_SETTINGS. */
enum {
	SET_FAMILY,
	SET_ENABLED,
	SET_THRESHOLD_LOWER,
	SET_THRESHOLD_UPPER,
	SET_IGNORE_BYTES,
	SET_CYCLE_MIN,
	SET_CYCLE_MAX,
	SET_SMALL_BINS,    /* 1: fragmentation is free regions of slabs; 0: active - allocated */
	SET_DECAYS,        /* 1: effort falls after passes that gain little */
	SET_SETS_ANEW,     /* 1: changed cycles and upper thresholds count for the pass that runs */
	SET_CHECK_MICROS,  /* time between two checks of a running defragger */
	SET_OTHER_THREADS, /* the first thread whose arena does not count as fragmented; 0: all count */
	SET_COUNT,
};

static uint64_t settings[SET_COUNT];
static bool is_known; /* whether the stream has any operation of the defragger */

/* The state of the defragger. */
static struct {
	uint32_t effort; /* percent of a core; 0: not running */
	double decay;
	double cost_ns;   /* the cost of the tries so far */
	double server_ns; /* the time in which a server spends that cost at its effort */
	double checked_ns; /* cost_ns at the last check */
	double begun_ns;   /* server_ns when the pass began */
	uint64_t hits, misses, key_hits, key_misses, moved_bytes, passes;
	uint64_t outcomes[DECIDE_NOUTCOMES]; /* these three are those of the last pass */
	uint64_t pass_hits, pass_tries;
	uint64_t key_mark;                   /* hits before the current key */
	double pass_fragmentation;           /* percent of fragmentation at the start of the pass */
	double fragmentation, fragmented_bytes;
	double first_fragmentation; /* percent at the start of the first pass */
} state = { .decay = 1 };

/* Fragmentation of the allocator as the server measures it, in percent; its bytes are in state.fragmented_bytes. */
static double
measure(void) {
	decide_totals_t totals = decide_refresh((uint32_t)settings[SET_OTHER_THREADS]);
	uint64_t bytes = settings[SET_SMALL_BINS] ? totals.waste : totals.active - totals.allocated;

	state.fragmented_bytes = (double)bytes;
	state.fragmentation = totals.allocated == 0 ? 0 : (double)((float)bytes / (float)totals.allocated * 100);
	return state.fragmentation;
}

static bool
is_below_thresholds(void) {
	return state.fragmentation < (double)settings[SET_THRESHOLD_LOWER]
	    || state.fragmented_bytes < (double)settings[SET_IGNORE_BYTES];
}

static uint32_t
effort_for(double fragmentation) {
	const double lower = (double)settings[SET_THRESHOLD_LOWER], upper = (double)settings[SET_THRESHOLD_UPPER];
	const double min = (double)settings[SET_CYCLE_MIN], max = (double)settings[SET_CYCLE_MAX];
	/* With equal thresholds a server divides by zero; the result that it clamps is taken for the most. */
	double effort = upper == lower ? max : min + (fragmentation - lower) * (max - min) / (upper - lower);

	effort *= state.decay;
	return (uint32_t)(effort < min ? min : effort > max ? max : effort);
}

lab_status_t
defrag_set(uint32_t setting, uint64_t value) {
	if (setting >= SET_COUNT || (setting == SET_FAMILY && value >= DECIDE_NFAMILIES)) {
		return LAB_BAD_DEFRAG;
	}
	is_known = true;
	settings[setting] = value;
	if (state.effort != 0 && settings[SET_SETS_ANEW]
	    && (setting == SET_CYCLE_MIN || setting == SET_CYCLE_MAX || setting == SET_THRESHOLD_UPPER)) {
		state.effort = effort_for(measure());
	}
	return LAB_OK;
}

static void
pass_end(void) {
	double gained = state.pass_fragmentation - measure();

	/* updateDefragDecayRate: the effort stays only after a pass that changed much, or moved while things got worse. */
	if (gained > 2 || gained < -2 || (gained < 0 && state.pass_hits * 100 >= state.pass_tries)) {
		state.decay = 1;
	} else if (settings[SET_DECAYS]) {
		state.decay *= 0.9;
	}
	state.passes++;
	state.effort = 0;
}

lab_status_t
defrag_pass(uint32_t begins) {
	if (begins > 1) {
		return LAB_BAD_DEFRAG;
	}
	if (state.effort != 0) {
		pass_end();
	}
	if (begins == 0 || !settings[SET_ENABLED]) {
		return LAB_OK;
	}
	double fragmentation = measure();
	if (is_below_thresholds()) {
		return LAB_OK;
	}
	if (state.pass_fragmentation == 0) {
		state.first_fragmentation = fragmentation;
	}
	state.effort = effort_for(fragmentation);
	state.pass_fragmentation = fragmentation;
	state.pass_hits = 0;
	state.pass_tries = 0;
	state.checked_ns = state.cost_ns;
	state.begun_ns = state.server_ns;
	for (int i = 0; i < DECIDE_NOUTCOMES; i++) {
		state.outcomes[i] = 0;
	}
	return LAB_OK;
}

bool
defrag_runs(void) {
	return state.effort != 0;
}

/*
 * The cost of a try in nanoseconds, without what the scan costs. A miss reads the slab's header, which is cold where a
 * slab has few regions. A hit copies cold memory, too. Fitted to Redis 8.0.2 and Valkey 9.1.2 (docs/servers.md).
 */
static double
cost_of(size_t size, size_t slab_regions, bool moves) {
	double miss = settings[SET_FAMILY] == DECIDE_HINT ? 75 + 700.0 / (double)slab_regions
	                                                  : 40 + 1280.0 / (double)slab_regions;

	return moves ? miss + 100 + (double)size : miss;
}

/* Does what a server's cron does while a pass runs: refreshes the totals, and raises the effort if there is more to do. */
static void
check_when_due(void) {
	double due = (double)settings[SET_CHECK_MICROS] * 1000 * (double)state.effort / 100;

	if (due == 0 || state.cost_ns - state.checked_ns < due) {
		return;
	}
	state.checked_ns = state.cost_ns;
	uint32_t effort = effort_for(measure());
	if (effort > state.effort) {
		state.effort = effort;
	}
}

lab_status_t
defrag_try(void **slot, uint32_t scan) {
	decide_outcome_t outcome = decide((decide_family_t)settings[SET_FAMILY], *slot);
	const size_t size = je_sallocx(*slot, 0);

	if (outcome == DECIDE_MOVE) {
		void *moved = je_mallocx(size, MALLOCX_TCACHE_NONE);
		if (moved == NULL) {
			return LAB_OUT_OF_MEMORY;
		}
		je_dallocx(*slot, MALLOCX_TCACHE_NONE);
		*slot = moved;
		state.hits++;
		state.pass_hits++;
		state.moved_bytes += size;
	} else {
		state.misses++;
	}
	state.pass_tries++;
	state.outcomes[outcome]++;
	double cost = OP_SCAN_NS(scan) + cost_of(size, decide_regions(size), outcome == DECIDE_MOVE);
	state.cost_ns += cost;
	state.server_ns += cost * 100 / (double)state.effort;
	check_when_due();
	if (scan & OP_SCAN_BEGINS_KEY) {
		state.key_mark = state.hits - (outcome == DECIDE_MOVE);
	}
	if (scan & OP_SCAN_ENDS_KEY) {
		if (state.hits > state.key_mark) {
			state.key_hits++;
		} else {
			state.key_misses++;
		}
	}
	return LAB_OK;
}

void
defrag_report(lab_totals_t *totals) {
	totals->defragKnown = is_known;
	totals->defragEffort = state.effort;
	totals->defragHits = (double)state.hits;
	totals->defragMisses = (double)state.misses;
	totals->defragKeyHits = (double)state.key_hits;
	totals->defragKeyMisses = (double)state.key_misses;
	totals->defragMovedBytes = (double)state.moved_bytes;
	totals->defragPasses = (double)state.passes;
	totals->defragPassHits = (double)state.pass_hits;
	totals->defragFragmentation = state.fragmentation;
	totals->defragFragmentedBytes = state.fragmented_bytes;
	totals->defragFirstFragmentation = state.first_fragmentation;
	totals->defragBelowThresholds = is_below_thresholds();
	totals->defragCostNs = state.cost_ns;
	totals->defragServerNs = state.server_ns;
	totals->defragCurrentNs = state.effort == 0 ? 0 : state.server_ns - state.begun_ns;
	totals->defragLarge = (double)state.outcomes[DECIDE_LARGE];
	totals->defragCurrent = (double)state.outcomes[DECIDE_CURRENT];
	totals->defragFull = (double)state.outcomes[DECIDE_FULL];
	totals->defragAlone = (double)state.outcomes[DECIDE_ALONE];
	totals->defragDense = (double)state.outcomes[DECIDE_DENSE];
}
