/*
 * The seams between jemalloc and its host, both simulated: pages (the operating system) and clock (time). This
 * header also declares the engine's own, real memory.
 */
#ifndef SLABLAB_SEAMS_H
#define SLABLAB_SEAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jemalloc/space.h"

/* --- clock --- */

/* Virtual time in nanoseconds. It starts at one second, since jemalloc takes 0 for "not initialized". */
extern uint64_t clock_virtual_ns;
#define CLOCK_START_NS 1000000000ull

/* --- pages --- */

/* Totals of the simulated operating system, in bytes of payload. A mapped page is clean, resident, muzzy or untouched. */
typedef struct {
	uint64_t mapped;
	uint64_t resident; /* written by the application and not purged since */
	uint64_t muzzy;    /* purged lazily: the system may take it at any time */
	/* Mapped with an extent and cached as dirty, although nothing was written to it (jemalloc 5.3.1 and later). */
	uint64_t untouched;
	uint64_t metadata_mapped;
	/* Calls since boot, and the bytes that they unmapped or purged. */
	uint64_t maps;
	uint64_t unmaps;
	uint64_t unmapped;
	uint64_t purges_forced;
	uint64_t purged_forced;
	uint64_t purges_lazy;
	uint64_t purged_lazy;
	/* Maximum of resident payload plus the metadata that a 64-bit jemalloc would have had at that moment. */
	uint64_t peak_resident;
	uint64_t refusals; /* refused requests for memory */
} pages_ledger_t;

extern pages_ledger_t pages_ledger;

/* One past the highest page that was ever mapped. */
extern uint32_t pages_end;

#ifdef __wasm__
/* The state of each page, declared here for lab_untouched() alone. */
extern uint8_t pages_state[SPACE_PAGES];
#endif

/* Empties the address space. Returns false if the host has no memory for the table of page states. */
bool pages_space_boot(void);
/* Makes [addr, addr + size) resident: the application is assumed to write every page that it gets. */
void pages_touch(const void *addr, size_t size);
/* Marks clean pages that jemalloc caches as dirty, although nothing was written to them. */
void pages_keep_untouched(const void *addr, size_t size);
/* Raises pages_ledger.peak_resident to what is resident now, if that is more. */
void pages_peak_update(void);

/* Whether pages_map serves jemalloc's metadata, which is real, zeroed memory. */
extern bool pages_for_metadata;

/* --- fault injection, for tests --- */

/* Requests for memory since boot that the system could refuse; it refuses those in [from, until), counted from 1. */
extern uint64_t fail_points;
extern uint64_t fail_from;
extern uint64_t fail_until;
/* Counts a request for memory. Returns whether the system refuses it. */
bool fail_now(void);

/* --- the engine's own memory --- */

/* Returns `size` zeroed bytes that are never returned; NULL if out of memory. Only touched pages cost memory. */
void *own_reserve(size_t size);
/* Whether own_reserve(size) would succeed now. */
bool own_room(size_t size);
/*
 * Returns page-aligned real memory for the stack of the current thread's tcache. The internal allocation at the payload
 * address `internal` has none. NULL if out of memory. own_backed() returns that address.
 */
void *own_backing(void *internal, size_t size);
void *own_backed(void);
/*
 * Returns real memory for the internal allocation at the payload address `internal`, which jemalloc will free. NULL
 * for NULL. own_shadowed() returns the payload address of such memory, which later shadows may then use.
 */
void *own_shadow(void *internal, size_t size);
void *own_shadowed(void *shadow);

/* --- host properties that jemalloc would otherwise read from the host --- */

/* The simulated machine: 4 CPUs give jemalloc's default of 16 arenas, wherever the lab runs. */
#define LAB_NCPUS 4
/* Seed of jemalloc's random numbers (decay jitter, cache-oblivious offsets), which otherwise is an address. */
#define LAB_JEMALLOC_SEED 0x5ab1ab0000000001ull

/* Extent records allocated from base memory since boot; inspect_lp64_metadata() takes this number. */
extern uint64_t lab_edata_count;

#endif
