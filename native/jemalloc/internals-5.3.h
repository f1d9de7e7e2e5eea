/*
 * Accessors for the internals of jemalloc that 5.3.0 and 5.3.1 have in one form, and 5.2.1 in another. Their internals.h
 * include this file.
 */
#ifndef SLABLAB_INTERNALS_5_3_H
#define SLABLAB_INTERNALS_5_3_H

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

static inline cache_bin_t *
tcache_bin_of(cache_bin_array_descriptor_t *tcache, szind_t szind) {
	return &tcache->bins[szind];
}

/* Creates a thread's tcache. Returns true if there was no memory for it. */
static inline bool
thread_tcache_init(tsd_t *tsd) {
	return tsd_tcache_enabled_data_init(tsd);
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

#endif
