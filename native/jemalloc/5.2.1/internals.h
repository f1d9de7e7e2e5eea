/*
 * Accessors for the internals of jemalloc 5.2.1 that 5.3.0 has in another form. The file is included after
 * jemalloc's own headers; 5.3.0/internals.h declares the same names.
 */
#ifndef SLABLAB_INTERNALS_H
#define SLABLAB_INTERNALS_H

/* Returns the radix tree in which jemalloc looks up the extent of a page. */
static inline rtree_t *
extent_tree(void) {
	return &extents_rtree;
}

/* Returns the extent in a leaf of that tree. */
static inline extent_t *
leaf_extent(rtree_leaf_elm_t *leaf) {
	return rtree_leaf_elm_extent_read(TSDN_NULL, extent_tree(), leaf, false);
}

/* Returns the extent of a region. */
static inline extent_t *
extent_of(const void *ptr) {
	return iealloc(tsdn_fetch(), ptr);
}

static inline bin_t *
bin_of(arena_t *arena, szind_t szind, unsigned shard) {
	return &arena->bins[szind].bin_shards[shard];
}

/* The number of bins of a tcache. */
static inline szind_t
tcache_bin_count(void) {
	return nhbins;
}

static inline cache_bin_t *
tcache_bin_of(cache_bin_array_descriptor_t *tcache, szind_t szind) {
	return szind < SC_NBINS ? &tcache->bins_small[szind] : &tcache->bins_large[szind - SC_NBINS];
}

/* Returns the regions that a bin of a tcache holds; their number is in *n. */
static inline void **
tcache_bin_content(cache_bin_t *bin, szind_t szind, unsigned *n) {
	(void)szind;
	*n = (unsigned)bin->ncached;
	return bin->avail - bin->ncached;
}

/* Creates a thread's tcache. Returns true if there was no memory for it; 5.2.1 itself does not check this. */
static inline bool
thread_tcache_init(tsd_t *tsd) {
	return tsd_tcache_enabled_data_init(tsd) || (opt_tcache && tsd_tcachep_get_unsafe(tsd)->arena == NULL);
}

/* Writes the bytes that a base has allocated and mapped for metadata. */
static inline void
arena_base_bytes(tsdn_t *tsdn, base_t *base, size_t *allocated, size_t *mapped) {
	size_t resident, thp;

	base_stats_get(tsdn, base, allocated, &resident, mapped, &thp);
}

/* Calls visit for each unused extent that an arena caches in this state. */
static inline void
arena_extents(arena_t *arena, extent_state_t state, void (*visit)(const extent_t *)) {
	extents_t *extents = state == extent_state_dirty ? &arena->extents_dirty
	    : state == extent_state_muzzy                ? &arena->extents_muzzy
	                                                 : &arena->extents_retained;
	extent_t *extent;

	ql_foreach(extent, &extents->lru, ql_link) {
		visit(extent);
	}
}

/* Bytes of an extent record of a 64-bit jemalloc, with its slab bitmap. */
#define LP64_EDATA 128
/* Metadata bytes after boot, and those that each arena adds, measured on the native twin (test/engine/forms.test.ts). */
#define LP64_BOOT 695976
#define LP64_ARENA 42704

#endif
