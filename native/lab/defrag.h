/*
 * Active defragmentation on the allocator's side. The stream says what a server scans, and in which order. Here it is
 * decided whether the defragger runs, how much effort it takes, and which regions move.
 */
#ifndef SLABLAB_DEFRAG_H
#define SLABLAB_DEFRAG_H

#include <stdbool.h>
#include <stdint.h>

#include "jemalloc/decide.h"
#include "lab/lab.h"

/* Gives setting number `setting` (DEFRAG_SETTINGS in src/stream/defrag.ts) a value. */
lab_status_t defrag_set(uint32_t setting, uint64_t value);
/* Begins a pass over all keys (1) or ends it (0). The gate is checked at the beginning. */
lab_status_t defrag_pass(uint32_t begins);
/* Whether the defragger is running, so that what it scans is tried. */
bool defrag_runs(void);
/* Tries the region at *slot, and replaces it if it moves. `scan` is the size word of the operation. */
lab_status_t defrag_try(void **slot, uint32_t scan);

/* Sets the figures of defragmentation in the totals of a survey. */
void defrag_report(lab_totals_t *totals);

#endif
