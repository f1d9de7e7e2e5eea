/*
 * The interface of the lab that TypeScript calls: directly in WebAssembly, through pipes in the native twin.
 *
 * A module instance or process has one lab:
 *
 *     lab_boot -> lab_replay ... -> lab_survey_begin, lab_survey_rows ..., lab_survey_end, lab_totals ... -> ...
 *
 * Functions may be called only after lab_boot has succeeded, unless their comment says otherwise.
 */
#ifndef SLABLAB_LAB_H
#define SLABLAB_LAB_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __wasm__
#define LAB_EXPORT(name) __attribute__((export_name(#name)))
#else
#define LAB_EXPORT(name)
#endif

/*
 * The result of a call; Status (src/engine/port.ts) has the same numbers. LAB_OK means success. LAB_SWEEP means that
 * the replay stopped for a survey.
 */
typedef enum {
	LAB_OK = 0,
	LAB_SWEEP = 1,          /* a sweep operation: survey, then replay from lab_stop() on */
	LAB_UNKNOWN_KIND = 2,
	LAB_UNKNOWN_HANDLE = 3, /* free or realloc of a handle that is not allocated */
	LAB_HANDLE_IN_USE = 4,
	LAB_BAD_HANDLE = 5,     /* above OP_MAX_HANDLE */
	LAB_BAD_SIZE = 6,       /* 0, above OP_MAX_SIZE, or not the size of the handle in a sized free */
	LAB_BAD_THREAD = 7,
	LAB_BAD_ALIGNMENT = 8,
	LAB_OUT_OF_MEMORY = 9,
	LAB_BAD_CONF = 10,      /* jemalloc refused the configuration; lab_message() has its reasons */
	LAB_NOT_BOOTED = 11,
	LAB_MISMATCH = 12,      /* ledger and jemalloc disagree; lab_message() names the place */
	LAB_BAD_DEFRAG = 13,    /* no such setting of the defragger, or no such value of it */
	LAB_UNKNOWN_THREAD = 14, /* the end of a thread that has not begun, or has ended */
} lab_status_t;

/* Operations that one call of lab_replay can take at most. */
#define LAB_CHUNK 65536u

/* Operations in columns, as src/stream/operation.ts defines them. */
typedef struct {
	uint32_t what[LAB_CHUNK];
	uint32_t handle[LAB_CHUNK];
	uint32_t size[LAB_CHUNK];
} lab_chunk_t;

/* Return buffers that the caller fills or reads; they never move. May be called before lab_boot. */
LAB_EXPORT(lab_chunk) lab_chunk_t *lab_chunk(void);
LAB_EXPORT(lab_conf) char *lab_conf(void); /* LAB_CONF_SIZE bytes, NUL-terminated */
LAB_EXPORT(lab_message) const char *lab_message(void);
#define LAB_CONF_SIZE 4096

/*
 * Starts jemalloc on an empty address space with the configuration in lab_conf() and hook placement `hooks`
 * (dp_hooks_t). On success lab_message() holds the options that jemalloc runs with, one line `name:value` each. They
 * can differ from the configuration, because jemalloc clips some values silently.
 */
LAB_EXPORT(lab_boot) lab_status_t lab_boot(uint32_t hooks);
/*
 * Injects failures, for tests. The system refuses `count` requests for memory, starting with the from-th request after
 * this call (the first is 1).
 */
LAB_EXPORT(lab_refuse) void lab_refuse(uint32_t from, uint32_t count);

/*
 * Replays operations [from, to) of the chunk. Stops before the first malformed operation, and after a sweep. lab_stop()
 * then returns the index in the chunk. The operations before that index have been carried out, and no other.
 */
LAB_EXPORT(lab_replay) lab_status_t lab_replay(uint32_t from, uint32_t to);
LAB_EXPORT(lab_stop) uint32_t lab_stop(void);

/* --- surveys --- */

/*
 * Columns of a granule row, and their bits. GranuleColumns (src/engine/snapshot.ts) has the units. Columns are as
 * narrow as their values allow, because copying them is a good part of the cost of a survey.
 */
#define LAB_GRANULE_FIELDS(X)                                                                                  \
	X(page, 32) X(pages, 32) X(sizeClass, 8) X(arena, 16) X(live, 16) X(parked, 16) X(free, 16)            \
	X(openedMs, 32) X(allocs, 32) X(cohort, 8)

/* Columns of an unused extent, and their bits; state is inspect_unused_t. */
#define LAB_EXTENT_FIELDS(X) X(page, 32) X(pages, 32) X(arena, 16) X(state, 8)

/* Figures of a size class, as doubles. BinRow and LargeRow (src/engine/snapshot.ts) define them. */
#define LAB_CLASS_FIELDS(X)                                                                                    \
	X(size) X(regs) X(pages) X(curregs) X(curslabs) X(nonfullSlabs) X(live) X(parked) X(free)              \
	X(drainable) X(opened) X(drained) X(cohort) X(cohortDrained)

/* Figures of a whole survey, as doubles. Snapshot (src/engine/snapshot.ts) defines them. */
#define LAB_TOTAL_FIELDS(X)                                                                                    \
	X(virtualMs) X(allocated) X(active) X(resident) X(mapped) X(retained) X(dirty) X(muzzy)    \
	X(metadata) X(internal) X(usedMemory) X(allocs) X(deallocs) X(live) X(parked) X(opened) X(drained)     \
	X(tracked) X(drainable) X(cohortMarked) X(cohort) X(cohortDrained) X(slabsAboveMinimum)                \
	X(bytesAboveMinimum) X(slabsSeen) X(liveBelieved) X(peakResident)                    \
	X(maps) X(unmaps) X(unmappedBytes) X(forcedPurges) X(forcedPurgedBytes) X(lazyPurges)                  \
	X(lazyPurgedBytes) X(jemallocMetadata) X(failPoints) X(reconciled)                                     \
	X(defragKnown) X(defragEffort) X(defragHits) X(defragMisses) X(defragKeyHits) X(defragKeyMisses)       \
	X(defragMovedBytes) X(defragPasses) X(defragPassHits) X(defragFragmentation) X(defragFragmentedBytes)  \
	X(defragFirstFragmentation) X(defragBelowThresholds)                                                   \
	X(defragCostNs) X(defragServerNs) X(defragCurrentNs) X(defragLarge) X(defragCurrent) X(defragFull) X(defragAlone)         \
	X(defragDense)

/* Rows of a batch. Not a power of two, since all columns would then compete for the same cache lines. */
#define LAB_ROWS 4080u
#define LAB_FIELD(name, bits) uint##bits##_t name[LAB_ROWS];
typedef struct {
	LAB_GRANULE_FIELDS(LAB_FIELD)
} lab_granules_t;
typedef struct {
	LAB_EXTENT_FIELDS(LAB_FIELD)
} lab_extents_t;
#undef LAB_FIELD
#define LAB_FIELD(name) double name;
typedef struct {
	LAB_CLASS_FIELDS(LAB_FIELD)
} lab_class_t;
typedef struct {
	LAB_TOTAL_FIELDS(LAB_FIELD)
} lab_totals_t;
#undef LAB_FIELD

/*
 * Returns the field names of a record (0 granule, 1 class, 2 totals, 3 extent) in order, each followed by a comma.
 * Columns are `name:bits`. The caller finds fields by these names, so their order is free.
 */
LAB_EXPORT(lab_fields) const char *lab_fields(uint32_t record);

/*
 * A survey walks once, in address order, over all open granules and all unused extents, and reconciles them with
 * jemalloc. It changes no allocation. Between lab_survey_begin and lab_survey_end only the functions of this section
 * may be called.
 */
typedef struct {
	uint32_t granules;
	uint32_t extents;
	uint32_t regions; /* bytes in lab_regions(); 0 unless the survey is with regions */
} lab_counts_t;

/* Begins a survey. Returns the totals of the rows that lab_survey_rows will return. */
LAB_EXPORT(lab_survey_begin) const lab_counts_t *lab_survey_begin(uint32_t with_regions);
/* Writes the next batch of rows into the three buffers below. Returns its counts; all 0 after the last batch. */
LAB_EXPORT(lab_survey_rows) const lab_counts_t *lab_survey_rows(void);
LAB_EXPORT(lab_granules) const lab_granules_t *lab_granules(void);
LAB_EXPORT(lab_extents) const lab_extents_t *lab_extents(void);
/* Bytes of the buffer of region states. It holds one byte for each region of the batch's granules, in row order. */
#define LAB_REGIONS 65536u
/* Region states, in the order of REGION_STATES (src/engine/snapshot.ts). */
enum {
	LAB_REGION_FREE = 0,
	LAB_REGION_PARKED = 1, /* not in lab_regions(): the caller sets it from lab_survey_parked() */
	LAB_REGION_LIVE = 2,   /* in lab_regions(): live or parked */
};
LAB_EXPORT(lab_regions) const uint8_t *lab_regions(void);
/*
 * Lists parked regions, after the last batch and from number `from` on. Each is two words in lab_located(): the
 * granule's first page, and the region's number in it. Returns how many it listed; 0 after the last.
 */
LAB_EXPORT(lab_survey_parked) uint32_t lab_survey_parked(uint32_t from);
/*
 * Ends the survey. Returns LAB_OK, or LAB_MISMATCH with the first difference in lab_message(). Totals and classes are
 * complete either way; after a mismatch rows may be missing.
 */
LAB_EXPORT(lab_survey_end) lab_status_t lab_survey_end(void);
/* Return the figures of the last survey. Small classes come first; large ones have 0 regs. */
LAB_EXPORT(lab_totals) const lab_totals_t *lab_totals(void);
LAB_EXPORT(lab_classes) const lab_class_t *lab_classes(void);
LAB_EXPORT(lab_class_count) uint32_t lab_class_count(void);

/*
 * Writes the first page of the granule of each handle from `from` on into lab_located(). A handle that is not
 * allocated gives LAB_NOWHERE. Returns the number of handles, at most LAB_LOCATED; 0 after the last handle.
 */
#define LAB_LOCATED 16384u
#define LAB_NOWHERE UINT32_MAX
LAB_EXPORT(lab_locate) uint32_t lab_locate(uint32_t from);
LAB_EXPORT(lab_located) const uint32_t *lab_located(void);

/*
 * Returns the NUL-terminated output of jemalloc's malloc_stats_print, valid until the next call. NULL if there is not
 * enough memory for it. Changes no allocation.
 */
LAB_EXPORT(lab_statistics) const char *lab_statistics(void);

#ifdef __wasm__
/*
 * Returns LAB_UNTOUCHED ranges of linear memory that were not written since the instance was made, in no order. They
 * are the table rows above the last page that was ever mapped, and the unused middle of own memory. If no call has
 * trapped, a host gets a new instance by resetting all other memory: to zero, or to the module's data.
 */
typedef struct {
	uint32_t from, to; /* [from, to) */
} lab_range_t;
#define LAB_UNTOUCHED 6
LAB_EXPORT(lab_untouched) const lab_range_t *lab_untouched(void);
#endif

/* --- properties of the build; all but lab_small_classes may be called before lab_boot --- */
LAB_EXPORT(lab_page_size) uint32_t lab_page_size(void);
LAB_EXPORT(lab_quantum) uint32_t lab_quantum(void);
LAB_EXPORT(lab_cache_oblivious) uint32_t lab_cache_oblivious(void);
LAB_EXPORT(lab_instrumented) uint32_t lab_instrumented(void);
LAB_EXPORT(lab_version) const char *lab_version(void);
LAB_EXPORT(lab_small_classes) uint32_t lab_small_classes(void);

#endif
