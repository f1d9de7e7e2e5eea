/*
 * Accessors for the internals of jemalloc 5.3.0 that 5.2.1 has in another form. The file is included after
 * jemalloc's own headers; 5.2.1/internals.h declares the same names.
 */
#ifndef SLABLAB_INTERNALS_H
#define SLABLAB_INTERNALS_H

#include "jemalloc/internals-5.3.h"

/* The number of bins of a tcache. */
static inline szind_t
tcache_bin_count(void) {
	return nhbins;
}

/* Returns the regions that a bin of a tcache holds; their number is in *n. */
static inline void **
tcache_bin_content(cache_bin_t *bin, szind_t szind, unsigned *n) {
	*n = cache_bin_ncached_get_local(bin, &tcache_bin_info[szind]);
	return bin->stack_head;
}

/* Writes the bytes that a base has allocated and mapped for metadata. */
static inline void
arena_base_bytes(tsdn_t *tsdn, base_t *base, size_t *allocated, size_t *mapped) {
	size_t resident, thp;

	base_stats_get(tsdn, base, allocated, &resident, mapped, &thp);
}

/* Metadata bytes after boot, and those that each arena adds, measured on the native twin (test/engine/forms.test.ts). */
#define LP64_BOOT 761264
#define LP64_ARENA 91856

#endif
