/*
 * The baseline of the benchmark: the same replay loop over jemalloc as it is, on the operating system's pages
 * and clock, without patch, seams or ledger. What the lab asks of those is answered here with nothing.
 */
#include "drainprof/drainprof.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
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

/* One real thread; a stream for the benchmark has no other. */
bool
threads_switch(uint32_t n) {
	return n == 0;
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

/* There is no ledger to survey. */
static lab_totals_t no_totals;
static lab_class_t no_classes;
static uint32_t no_rows;

lab_status_t
lab_survey(void) {
	return LAB_OK;
}

const lab_totals_t *
lab_totals(void) {
	return &no_totals;
}

const lab_class_t *
lab_classes(void) {
	return &no_classes;
}

uint32_t
lab_survey_rows(void) {
	return 0;
}

const uint32_t *
lab_rows(void) {
	return &no_rows;
}

uint32_t
lab_locate(uint32_t from) {
	(void)from;
	return 0;
}

const uint32_t *
lab_located(void) {
	return &no_rows;
}
