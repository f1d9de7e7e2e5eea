/*
 * Reads jemalloc's own state from its internals and statistics, for surveys to reconcile the ledger with. All
 * counts are over all arenas. Only functions of threads change any state.
 */
#ifndef SLABLAB_INSPECT_H
#define SLABLAB_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts thread 0, which boots jemalloc. False: out of memory. */
bool threads_boot(void);

/* Makes simulated thread n (below OP_MAX_THREADS) the current one, and starts it if new. False: out of memory. */
bool threads_switch(uint32_t n);

/*
 * Ends simulated thread n as the end of a real thread does: its tcache is flushed and destroyed, its arena let go. The
 * number is free then. If the thread is the current one, what follows are calls of its late destructors, which have no
 * tcache. False: there is no such thread.
 */
bool threads_end(uint32_t n);

/* Returns one past the largest number of a thread so far. */
uint32_t threads_numbers(void);

/* Returns the number of the arena that simulated thread n allocates from; -1 if the thread has not allocated. */
int threads_arena(uint32_t n);

typedef struct {
	bool found; /* whether jemalloc has an active extent that begins at the address */
	bool slab;
	unsigned szind;
	unsigned arena;
	size_t size; /* bytes */
	/* Free regions of a slab by jemalloc's counter, and by its bitmap. */
	unsigned nfree;
	unsigned bitmap_free;
} inspect_granule_t;

/* Returns jemalloc's view of the granule that begins at addr. */
inspect_granule_t inspect_granule(const void *addr);

/*
 * Whether inspect_granule would report an extent of this kind, class, arena and size (bytes). A slab must also have
 * `free` free regions by counter and by bitmap. Fast enough for a million granules. Needs a call of inspect_refresh.
 */
bool inspect_confirms(const void *addr, bool slab, unsigned szind, unsigned arena, size_t size, unsigned free);

/*
 * Writes to held[i] whether region i of the slab at addr is held (1) or free (0). Returns false, and writes nothing,
 * if jemalloc has no slab of this size class there.
 */
bool inspect_regions(const void *addr, unsigned szind, uint8_t *held);

/*
 * States of an unused extent, one that jemalloc has and that no allocation uses. They are in the order of EXTENT_STATES
 * (src/engine/snapshot.ts).
 */
typedef enum {
	INSPECT_DIRTY,    /* resident */
	INSPECT_MUZZY,    /* offered to the system (MADV_FREE), which may have taken it */
	INSPECT_RETAINED, /* address space without memory */
} inspect_unused_t;

/* Calls visit for each unused extent, in no defined order. Sizes are in bytes. */
void inspect_unused(void (*visit)(const void *addr, size_t size, inspect_unused_t state, unsigned arena));

/* Calls visit for each region that a tcache of any thread holds. */
void inspect_tcaches(void (*visit)(const void *ptr));

/* jemalloc's statistics of one size class. */
typedef struct {
	uint64_t curregs, curslabs, nonfull_slabs; /* small classes */
	uint64_t curlextents;                      /* large classes */
} inspect_class_t;

/* Advances jemalloc's epoch: inspect_class and inspect_memory read the statistics as of this call. */
void inspect_refresh(void);
inspect_class_t inspect_class(unsigned szind);

/* jemalloc's statistics of its memory, in bytes. */
typedef struct {
	uint64_t allocated, active, mapped, retained, resident, metadata; /* stats.* */
	uint64_t dirty, muzzy;
	uint64_t internal;       /* part of allocated that jemalloc allocated for itself */
	uint64_t base_mapped;    /* part of mapped that is metadata */
	uint64_t base_allocated; /* metadata without internal */
} inspect_memory_t;

inspect_memory_t inspect_memory(void);
/* Return one figure of inspect_memory each. */
uint64_t inspect_allocated(void);
uint64_t inspect_active(void);
/* Returns the bytes of large allocations of one arena. */
uint64_t inspect_arena_large(unsigned arena);

/* Returns the number of initialized arenas. Cheap, and needs no refresh. */
unsigned inspect_arenas(void);

unsigned inspect_small_classes(void);
unsigned inspect_classes(void);
/* Bytes of a region of the size class. */
size_t inspect_class_size(unsigned szind);
/* Regions of a slab, and bytes of a slab, of a small size class. */
unsigned inspect_class_regs(unsigned szind);
size_t inspect_class_slab_size(unsigned szind);
/* Bytes of a large extent beside its usable ones: a page in a cache-oblivious jemalloc, else 0. */
size_t inspect_large_pad(void);

/*
 * Returns the metadata, without internal allocations, that a 64-bit jemalloc would have in this state, in bytes. It
 * is the sum of the fixed part of `narenas` arenas, the records of `extents` extents, and radix tree leaf nodes. The
 * leaf nodes cover all address space that was ever mapped. The result does not depend on the host's pointer size.
 */
uint64_t inspect_lp64_metadata(uint64_t extents, unsigned narenas);

#endif
