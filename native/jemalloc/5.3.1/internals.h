/*
 * Accessors for the internals of jemalloc 5.3.1 that 5.3.0 and 5.2.1 have in another form. The file is included after
 * jemalloc's own headers; their internals.h declare the same names.
 */
#ifndef SLABLAB_INTERNALS_H
#define SLABLAB_INTERNALS_H

/* Returns the radix tree in which jemalloc looks up the extent of a page. */
static inline rtree_t *
extent_tree(void) {
	return &arena_emap_global.rtree;
}

/* Returns the extent in a leaf of that tree. */
static inline edata_t *
leaf_extent(rtree_leaf_elm_t *leaf) {
	return rtree_leaf_elm_read(TSDN_NULL, extent_tree(), leaf, false).edata;
}

/* Returns the extent of a region. */
static inline edata_t *
extent_of(const void *ptr) {
	return emap_edata_lookup(tsdn_fetch(), &arena_emap_global, ptr);
}

static inline bin_t *
bin_of(arena_t *arena, szind_t szind, unsigned shard) {
	return arena_get_bin(arena, szind, shard);
}

/* The number of bins of a tcache. */
static inline szind_t
tcache_bin_count(void) {
	return TCACHE_NBINS_MAX;
}

static inline cache_bin_t *
tcache_bin_of(cache_bin_array_descriptor_t *tcache, szind_t szind) {
	return &tcache->bins[szind];
}

/* Returns the regions that a bin of a tcache holds; their number is in *n. */
static inline void **
tcache_bin_content(cache_bin_t *bin, szind_t szind, unsigned *n) {
	(void)szind;
	*n = cache_bin_disabled(bin) ? 0 : cache_bin_ncached_get_local(bin);
	return bin->stack_head;
}

/* Creates a thread's tcache. Returns true if there was no memory for it. */
static inline bool
thread_tcache_init(tsd_t *tsd) {
	return tsd_tcache_enabled_data_init(tsd);
}

/* Writes the bytes that a base has allocated and mapped for metadata. */
static inline void
arena_base_bytes(tsdn_t *tsdn, base_t *base, size_t *allocated, size_t *mapped) {
	size_t edata, rtree, resident, thp;

	base_stats_get(tsdn, base, allocated, &edata, &rtree, &resident, mapped, &thp);
}

/* Calls visit for each unused extent that an arena caches in this state. */
static inline void
arena_extents(arena_t *arena, extent_state_t state, void (*visit)(const edata_t *)) {
	pac_t *pac = &arena->pa_shard.pac;
	ecache_t *ecache = state == extent_state_dirty ? &pac->ecache_dirty
	    : state == extent_state_muzzy              ? &pac->ecache_muzzy
	                                               : &pac->ecache_retained;
	eset_t *const sets[] = { &ecache->eset, &ecache->guarded_eset };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		edata_t *edata;
		ql_foreach(edata, &sets[i]->lru.head, ql_link_inactive) {
			visit(edata);
		}
	}
}

/* Bytes of an extent record of a 64-bit jemalloc. They include the slab bitmap, which grows with the page size. */
#if SPACE_LG_PAGE == 12
#define LP64_EDATA 128
#elif SPACE_LG_PAGE == 14
#define LP64_EDATA 384
#else
#define LP64_EDATA 1152
#endif
/* Metadata bytes after boot, and those that each arena adds, measured on the native twin (test/engine/forms.test.ts). */
#if SLABLAB_LG_QUANTUM == 3
#define LP64_BOOT 823320
#define LP64_ARENA 93648
#else
#define LP64_BOOT 815264
#define LP64_ARENA 92880
#endif

#endif
