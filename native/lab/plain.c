/*
 * The baseline of the benchmark: the same replay loop over unpatched jemalloc, with the host's pages and clock. This
 * file has stubs for the ledger, the seams and the surveys that lab.c calls.
 */
#include "drainprof/drainprof.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/defrag.h"
#include "lab/lab.h"
#include "lab/survey.h"

dp_ledger_t dp;
uint64_t clock_virtual_ns;
uint64_t fail_points, fail_from, fail_until;

bool
pages_space_boot(void) {
	return true;
}

bool
dp_boot(dp_hooks_t hooks) {
	(void)hooks;
	return true;
}

void
dp_mark(void) {
}

bool
survey_boot(void) {
	return true;
}

/* There is only one thread, since the benchmark's streams use no other. */
bool
threads_boot(void) {
	return true;
}

bool
threads_switch(uint32_t n) {
	return n == 0;
}

bool
threads_end(uint32_t n) {
	(void)n;
	return false;
}

/* The benchmark's streams do not defragment. */
lab_status_t
defrag_set(uint32_t setting, uint64_t value) {
	(void)setting, (void)value;
	return LAB_UNKNOWN_KIND;
}

lab_status_t
defrag_pass(uint32_t begins) {
	(void)begins;
	return LAB_UNKNOWN_KIND;
}

bool
defrag_runs(void) {
	return false;
}

lab_status_t
defrag_try(void **slot, uint32_t scan) {
	(void)slot, (void)scan;
	return LAB_UNKNOWN_KIND;
}

unsigned
inspect_small_classes(void) {
	return 0;
}

const char *
lab_fields(uint32_t record) {
	(void)record;
	return "";
}

uint32_t
lab_class_count(void) {
	return 0;
}

/* Empty results, since there is no ledger to survey. */
static lab_totals_t no_totals;
static lab_class_t no_classes;
static lab_counts_t no_counts;
static lab_granules_t no_granules;
static lab_extents_t no_extents;
static uint8_t no_regions;
static uint32_t no_places;

const lab_counts_t *
lab_survey_begin(uint32_t with_regions) {
	(void)with_regions;
	return &no_counts;
}

const lab_counts_t *
lab_survey_rows(void) {
	return &no_counts;
}

lab_status_t
lab_survey_end(void) {
	return LAB_OK;
}

uint32_t
lab_survey_parked(uint32_t from) {
	(void)from;
	return 0;
}

const lab_totals_t *
lab_totals(void) {
	return &no_totals;
}

const lab_class_t *
lab_classes(void) {
	return &no_classes;
}

const lab_granules_t *
lab_granules(void) {
	return &no_granules;
}

const lab_extents_t *
lab_extents(void) {
	return &no_extents;
}

const uint8_t *
lab_regions(void) {
	return &no_regions;
}

uint32_t
lab_locate(uint32_t from) {
	(void)from;
	return 0;
}

const uint32_t *
lab_located(void) {
	return &no_places;
}
