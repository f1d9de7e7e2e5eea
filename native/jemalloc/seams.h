/*
 * The two seams at which jemalloc meets the world, both ours: pages (the operating system) and clock (time);
 * and the memory that the engine itself really uses.
 */
#ifndef SLABLAB_SEAMS_H
#define SLABLAB_SEAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jemalloc/space.h"

/* --- clock --- */

/* Virtual time. Starts at one second, since jemalloc takes 0 for "not initialized". */
extern uint64_t clock_virtual_ns;
#define CLOCK_START_NS 1000000000ull

/* --- pages --- */

/* Bytes, all of payload; metadata is counted apart. A page is mapped, and then clean, resident or muzzy. */
typedef struct {
	uint64_t mapped;
	uint64_t resident; /* handed to the application, and not purged since */
	uint64_t muzzy;    /* purged lazily: the system may take it any time */
	uint64_t metadata_mapped;
	/* Since boot: calls, and bytes that they were about. */
	uint64_t maps;
	uint64_t unmaps;
	uint64_t unmapped;
	uint64_t purges_forced;
	uint64_t purged_forced;
	uint64_t purges_lazy;
	uint64_t purged_lazy;
	/* Most that was resident at once, with the metadata that a 64-bit jemalloc would have had then. */
	uint64_t peak_resident;
	uint64_t refusals; /* requests for memory that were not granted */
} pages_ledger_t;

extern pages_ledger_t pages_ledger;

/* One past the highest page that ever was mapped. */
extern uint32_t pages_end;

#ifdef __wasm__
/* What each page is; for lab_untouched() only. */
extern uint8_t pages_state[SPACE_PAGES];
#endif

bool pages_space_boot(void);
/* The application is taken to write whatever it is handed: [addr, addr + size) becomes resident. */
void pages_touch(const void *addr, size_t size);
/* Looks at what is resident now, and keeps it if there never was more. */
void pages_peak(void);

/* While set, pages_map serves jemalloc's own metadata: real, zeroed memory. */
extern bool pages_for_metadata;

/* --- failures on request, for tests --- */

/* The points, since boot, at which the system could refuse memory; [from, until) of them do, counted from 1. */
extern uint64_t fail_points;
extern uint64_t fail_from;
extern uint64_t fail_until;
bool fail_now(void);

/* --- the engine's own memory --- */

/* Zeroed memory for tables, never returned; NULL if there is none. Only touched pages cost anything. */
void *own_reserve(size_t size);
/* Whether own_reserve(size) would succeed now. */
bool own_room(size_t size);
/* Real memory for an internal allocation of jemalloc's whose address is only a number. NULL if none. */
void *own_backing(size_t size);
/* The same, small and for an allocation that jemalloc frees: own_front() tells its address. NULL for NULL. */
void *own_behind(void *internal, size_t size);
void *own_front(void *behind);

/* --- facts given to jemalloc --- */

/* The simulated machine: 4 CPUs give jemalloc's default of 16 arenas, wherever the lab runs. */
#define LAB_NCPUS 4
/* Seed of jemalloc's own jitter, which otherwise is an address. */
#define LAB_JEMALLOC_SEED 0x5ab1ab0000000001ull

/* Extent records taken from base memory since boot: what metadata is estimated from. */
extern uint64_t lab_edata_count;

#endif
