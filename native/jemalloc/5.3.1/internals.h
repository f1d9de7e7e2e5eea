/*
 * Accessors for the internals of jemalloc 5.3.1 that 5.3.0 and 5.2.1 have in another form. The file is included after
 * jemalloc's own headers; their internals.h declare the same names.
 */
#ifndef SLABLAB_INTERNALS_H
#define SLABLAB_INTERNALS_H

#include "jemalloc/internals-5.3.h"

/* The number of bins of a tcache. */
static inline szind_t
tcache_bin_count(void) {
	return TCACHE_NBINS_MAX;
}

/* Returns the regions that a bin of a tcache holds; their number is in *n. */
static inline void **
tcache_bin_content(cache_bin_t *bin, szind_t szind, unsigned *n) {
	(void)szind;
	*n = cache_bin_disabled(bin) ? 0 : cache_bin_ncached_get_local(bin);
	return bin->stack_head;
}

/* Writes the bytes that a base has allocated and mapped for metadata. */
static inline void
arena_base_bytes(tsdn_t *tsdn, base_t *base, size_t *allocated, size_t *mapped) {
	size_t edata, rtree, resident, thp;

	base_stats_get(tsdn, base, allocated, &edata, &rtree, &resident, mapped, &thp);
}

/* Metadata bytes after boot, and those that each arena adds, measured on the native twin (test/engine/forms.test.ts). */
#if SLABLAB_LG_QUANTUM == 3
#define LP64_BOOT 823320
#define LP64_ARENA 93648
#else
#define LP64_BOOT 815264
#define LP64_ARENA 92880
#endif

#endif
