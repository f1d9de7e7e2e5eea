/*
 * The flat interface that TypeScript calls, in WebAssembly directly and in the native twin through pipes.
 *
 * One lab per module instance or process:
 *
 *     lab_boot -> lab_replay ... -> lab_survey_begin, lab_survey_rows ..., lab_survey_end, lab_totals ... -> ...
 *
 * No function may be called before lab_boot has succeeded, except the ones that say so.
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

/* Why a call stopped. LAB_OK is the only success; LAB_SWEEP is a stop on request. */
typedef enum {
	LAB_OK = 0,
	LAB_SWEEP = 1,          /* a sweep operation was met: survey, then go on behind it */
	LAB_UNKNOWN_KIND = 2,
	LAB_UNKNOWN_HANDLE = 3, /* free or realloc of a handle that is not allocated (or was freed before) */
	LAB_HANDLE_IN_USE = 4,
	LAB_BAD_HANDLE = 5,     /* beyond OP_MAX_HANDLE */
	LAB_BAD_SIZE = 6,       /* 0, beyond OP_MAX_SIZE, or not the size of the handle in a sized free */
	LAB_BAD_THREAD = 7,
	LAB_BAD_ALIGNMENT = 8,
	LAB_OUT_OF_MEMORY = 9,
	LAB_BAD_CONF = 10,      /* jemalloc refused the configuration; lab_message holds its words */
	LAB_NOT_BOOTED = 11,
	LAB_MISMATCH = 12,      /* ledger and jemalloc disagree; lab_message says where */
} lab_status_t;

/* Operations that one call of lab_replay can take. */
#define LAB_CHUNK 65536u

typedef struct {
	uint32_t what[LAB_CHUNK];
	uint32_t handle[LAB_CHUNK];
	uint32_t size[LAB_CHUNK];
} lab_chunk_t;

/* Buffers that the caller fills or reads; fixed for the life of the lab. May be called before lab_boot. */
LAB_EXPORT(lab_chunk) lab_chunk_t *lab_chunk(void);
LAB_EXPORT(lab_conf) char *lab_conf(void); /* LAB_CONF_SIZE bytes, NUL-terminated */
LAB_EXPORT(lab_message) const char *lab_message(void);
#define LAB_CONF_SIZE 4096

/*
 * Starts jemalloc on an empty address space with the configuration in lab_conf() and hook placement `hooks`
 * (dp_hooks_t). lab_message() then has the options that jemalloc runs with: it takes some values for others, and says
 * nothing.
 */
LAB_EXPORT(lab_boot) lab_status_t lab_boot(uint32_t hooks);
/*
 * For tests: of the points from now on at which the system is asked for memory, numbers from .. from + count - 1
 * (the first is 1) are refused.
 */
LAB_EXPORT(lab_refuse) void lab_refuse(uint32_t from, uint32_t count);

/*
 * Replays operations [from, to) of the chunk. Stops before the first malformed operation, and behind a sweep.
 * *lab_stop() is then the index in the chunk. Operations before it have been carried out; on
 * LAB_OUT_OF_MEMORY the one at it has not.
 */
LAB_EXPORT(lab_replay) lab_status_t lab_replay(uint32_t from, uint32_t to);
LAB_EXPORT(lab_stop) uint32_t lab_stop(void);

/* --- surveys --- */

/*
 * A column of a granule row, and the bits of a number in it: no more than it needs, since what a survey costs is for a
 * good part the memory that its columns go into.
 */
#define LAB_GRANULE_FIELDS(X)                                                                                  \
	X(page, 32) X(pages, 32) X(sizeClass, 8) X(arena, 16) X(live, 16) X(parked, 16) X(free, 16)            \
	X(openedMs, 32) X(allocs, 32) X(cohort, 8)

/* Of an extent that jemalloc has and has not handed out; state is inspect_unused_t. */
#define LAB_EXTENT_FIELDS(X) X(page, 32) X(pages, 32) X(arena, 16) X(state, 8)

#define LAB_CLASS_FIELDS(X)                                                                                    \
	X(size) X(regs) X(pages) X(curregs) X(curslabs) X(nonfullSlabs) X(live) X(parked) X(free)              \
	X(drainable) X(opened) X(drained) X(cohort) X(cohortDrained)

#define LAB_TOTAL_FIELDS(X)                                                                                    \
	X(virtualMs) X(allocated) X(active) X(resident) X(mapped) X(retained) X(dirty) X(muzzy)    \
	X(metadata) X(internal) X(usedMemory) X(allocs) X(deallocs) X(live) X(parked) X(opened) X(drained)     \
	X(tracked) X(drainable) X(cohortMarked) X(cohort) X(cohortDrained) X(slabsAboveMinimum)                \
	X(bytesAboveMinimum) X(slabsSeen) X(liveBelieved) X(peakResident)                    \
	X(maps) X(unmaps) X(unmappedBytes) X(forcedPurges) X(forcedPurgedBytes) X(lazyPurges)                  \
	X(lazyPurgedBytes) X(jemallocMetadata) X(failPoints) X(reconciled)

/* Rows that one call of lab_survey_rows can give; no power of two, or all columns would want the same cache lines. */
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

/* The names of the fields above, each with a comma, in order, columns as name:bits: the other side reads by name. */
LAB_EXPORT(lab_fields) const char *lab_fields(uint32_t record); /* 0 granule, 1 class, 2 totals, 3 extent */

/*
 * A survey goes once, in address order, through all open granules and all extents that jemalloc has not handed out,
 * and reconciles them with jemalloc. Nothing else may be called between its begin and its end. Changes no allocation.
 */
typedef struct {
	uint32_t granules;
	uint32_t extents;
	uint32_t regions; /* bytes in lab_regions(): none, unless they are asked for */
} lab_counts_t;

/* Begins one and tells what lab_survey_rows will give in all. */
LAB_EXPORT(lab_survey_begin) const lab_counts_t *lab_survey_begin(uint32_t with_regions);
/* Gives the next rows in the buffers below and tells how many; all 0 after the last. */
LAB_EXPORT(lab_survey_rows) const lab_counts_t *lab_survey_rows(void);
LAB_EXPORT(lab_granules) const lab_granules_t *lab_granules(void);
LAB_EXPORT(lab_extents) const lab_extents_t *lab_extents(void);
/* The regions of these granules, one after the other, one byte each. */
#define LAB_REGIONS 65536u
enum {
	LAB_REGION_FREE = 0,
	LAB_REGION_PARKED = 1, /* lab_survey_parked tells which */
	LAB_REGION_LIVE = 2,   /* or parked */
};
LAB_EXPORT(lab_regions) const uint8_t *lab_regions(void);
/*
 * When the rows are through: two words in lab_located() for each region that a tcache holds, the granule's first page
 * and the region's number in it, from number `from` on. Returns how many; 0 after the last.
 */
LAB_EXPORT(lab_survey_parked) uint32_t lab_survey_parked(uint32_t from);
/*
 * Ends it. LAB_OK, or LAB_MISMATCH with the first difference in lab_message(); the figures are filled in either way,
 * rows may be missing.
 */
LAB_EXPORT(lab_survey_end) lab_status_t lab_survey_end(void);
/* Figures of the last survey. Classes: small ones, then large ones; regs is 0 for large. */
LAB_EXPORT(lab_totals) const lab_totals_t *lab_totals(void);
LAB_EXPORT(lab_classes) const lab_class_t *lab_classes(void);
LAB_EXPORT(lab_class_count) uint32_t lab_class_count(void);

/*
 * In which granule each region lies: for handles `from` and up, the granule's first page as in the rows of a survey,
 * LAB_NOWHERE for a handle that is not allocated. Returns how many (at most LAB_LOCATED) are in lab_located();
 * 0 after the last handle that there is. Reads only.
 */
#define LAB_LOCATED 16384u
#define LAB_NOWHERE UINT32_MAX
LAB_EXPORT(lab_locate) uint32_t lab_locate(uint32_t from);
LAB_EXPORT(lab_located) const uint32_t *lab_located(void);

/*
 * What jemalloc's malloc_stats_print says now, NUL-terminated, until the next call; NULL if there is no room for it.
 * Changes no allocation.
 */
LAB_EXPORT(lab_statistics) const char *lab_statistics(void);

#ifdef __wasm__
/*
 * Parts of linear memory that nobody has written since the instance was made, in no order: the rows of tables behind
 * the last page that was ever mapped, and the middle of own memory. A host that puts everything else back as it was
 * (zero, but for the data of the module) has a new instance, if no call has trapped.
 */
typedef struct {
	uint32_t from, to; /* [from, to) */
} lab_range_t;
#define LAB_UNTOUCHED 6
LAB_EXPORT(lab_untouched) const lab_range_t *lab_untouched(void);
#endif

/* --- what was compiled; may be called before lab_boot, but for lab_small_classes --- */
LAB_EXPORT(lab_page_size) uint32_t lab_page_size(void);
LAB_EXPORT(lab_quantum) uint32_t lab_quantum(void);
LAB_EXPORT(lab_cache_oblivious) uint32_t lab_cache_oblivious(void);
LAB_EXPORT(lab_instrumented) uint32_t lab_instrumented(void);
LAB_EXPORT(lab_version) const char *lab_version(void);
LAB_EXPORT(lab_small_classes) uint32_t lab_small_classes(void);

#endif
