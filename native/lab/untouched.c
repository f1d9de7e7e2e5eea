/* Finds the memory of an instance that was not written yet; see lab.h. */
#include "lab/lab.h"

#ifdef __wasm__

#include "drainprof/drainprof.h"
#include "jemalloc/seams.h"
#include "lab/own.h"
#include "lab/survey.h"

/* Returns the range of the rows of a page table above the last page that was ever mapped. */
static lab_range_t
tail(void *table, uint32_t row) {
	uint32_t from = (uint32_t)(uintptr_t)table;

	return (lab_range_t){ from + row * pages_end, from + row * SPACE_PAGES };
}

const lab_range_t *
lab_untouched(void) {
	static lab_range_t ranges[LAB_UNTOUCHED];

	ranges[0] = tail(pages_state, sizeof(*pages_state));
	ranges[1] = tail(dp_flow, sizeof(*dp_flow));
	ranges[2] = tail(dp_held, sizeof(*dp_held));
	ranges[3] = tail(dp_granules, sizeof(*dp_granules));
	ranges[4] = tail(survey_cached, sizeof(*survey_cached));
	own_untouched(&ranges[5].from, &ranges[5].to);
	return ranges;
}

#endif
