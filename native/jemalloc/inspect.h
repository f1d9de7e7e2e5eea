/*
 * jemalloc's own view of its state, read from its internals and statistics: what the ledger is reconciled with.
 * All counts are over all arenas.
 */
#ifndef SLABLAB_INSPECT_H
#define SLABLAB_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes thread n (below OP_MAX_THREADS) the current one, starting it if new. False: no memory for it. */
bool threads_switch(uint32_t n);

typedef struct {
	bool found; /* jemalloc knows an extent in use at this address */
	bool slab;
	unsigned szind;
	unsigned arena;
	size_t size;
	/* Slabs only: free regions by the counter that jemalloc keeps, and by its bitmap. */
	unsigned nfree;
	unsigned bitmap_free;
} inspect_granule_t;

inspect_granule_t inspect_granule(const void *addr);

/*
 * Whether inspect_granule would say: found, of this kind, class, arena and size, and, of a slab, this many regions free
 * by counter and by bitmap. For asking a million times; after inspect_refresh.
 */
bool inspect_confirms(const void *addr, bool slab, unsigned szind, unsigned arena, size_t size, unsigned free);

/*
 * Of the slab of a class at addr: 1 for each region that its bitmap says is taken, else 0. False, and nothing written,
 * if jemalloc knows of none there.
 */
bool inspect_regions(const void *addr, unsigned szind, uint8_t *held);

/* What an extent is that jemalloc has and has not handed out. */
typedef enum {
	INSPECT_DIRTY,    /* still resident */
	INSPECT_MUZZY,    /* offered to the system, which may have taken it */
	INSPECT_RETAINED, /* addresses only */
} inspect_unused_t;

/* Calls visit for every one of them, in no order that means anything. Sizes in bytes. */
void inspect_unused(void (*visit)(const void *addr, size_t size, inspect_unused_t state, unsigned arena));

/* Calls visit for every region that lies in a tcache of any thread. */
void inspect_tcaches(void (*visit)(const void *ptr));

typedef struct {
	uint64_t curregs, curslabs, nonfull_slabs; /* small classes */
	uint64_t curlextents;                      /* large classes */
} inspect_class_t;

/* Refreshes jemalloc's statistics; the next two read them. */
void inspect_refresh(void);
inspect_class_t inspect_class(unsigned szind);

typedef struct {
	uint64_t allocated, active, mapped, retained, resident, metadata; /* stats.*, bytes */
	uint64_t dirty, muzzy;                                            /* bytes */
	uint64_t internal;       /* part of allocated that jemalloc allocated for itself */
	uint64_t base_mapped;    /* part of mapped that is metadata */
	uint64_t base_allocated; /* metadata without internal */
} inspect_memory_t;

inspect_memory_t inspect_memory(void);

/* Arenas that are initialized. Cheap; needs no refresh. */
unsigned inspect_arenas(void);

unsigned inspect_small_classes(void);
unsigned inspect_classes(void);
size_t inspect_class_size(unsigned szind);
/* Small classes only. */
unsigned inspect_class_regs(unsigned szind);
size_t inspect_class_slab_size(unsigned szind);

/*
 * Metadata, without internal allocations, that the same state costs a 64-bit jemalloc, in bytes: records of
 * `extents` extents, the leaves of the radix tree that cover all of the space that ever was mapped, and the
 * fixed part of `narenas` arenas. What the host pays differs with its pointers; this does not.
 */
uint64_t inspect_lp64_metadata(uint64_t extents, unsigned narenas);

#endif
