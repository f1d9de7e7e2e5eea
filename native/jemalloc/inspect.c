#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "internals.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "jemalloc/space.h"
#include "lab/survey.h"

/* Words of a slab's bitmap, by size class. A set bit is a free region. */
static uint16_t bitmap_words[SC_NBINS];

static void
bitmap_words_fill(void) {
	for (unsigned i = 0; i < SC_NBINS; i++) {
		const bitmap_info_t *info = &bin_infos[i].bitmap_info;
#ifdef BITMAP_USE_TREE
		bitmap_words[i] = (uint16_t)info->levels[1].group_offset;
#else
		bitmap_words[i] = (uint16_t)info->ngroups;
#endif
	}
}

static inline unsigned
bitmap_free(edata_t *slab, unsigned szind) {
	const bitmap_t *bitmap = edata_slab_data_get(slab)->bitmap;
	unsigned n = 0;

	for (unsigned i = 0; i < bitmap_words[szind]; i++) {
		n += (unsigned)__builtin_popcountl(bitmap[i]);
	}
	return n;
}

/* A leaf node of jemalloc's radix tree: one element for each page of the addresses that share a key. */
typedef struct {
	uintptr_t key;
	rtree_leaf_elm_t *leaves; /* NULL if the tree has no such node */
} stretch_t;

static stretch_t
stretch_at(const void *addr) {
	/* A context of its own: inspection must not change the thread's radix tree cache. */
	rtree_ctx_t ctx;
	const uintptr_t key = (uintptr_t)addr;

	rtree_ctx_data_init(&ctx);
	rtree_leaf_elm_t *leaf = rtree_leaf_elm_lookup(TSDN_NULL, extent_tree(), &ctx, key, false, false);
	return (stretch_t){ rtree_leafkey(key), leaf == NULL ? NULL : leaf - rtree_subkey(key, RTREE_HEIGHT - 1) };
}

/* Returns the extent of the page at addr, an address in the stretch; NULL if there is none. */
static inline edata_t *
extent_in(stretch_t stretch, const void *addr) {
	return stretch.leaves == NULL ? NULL
	                              : leaf_extent(&stretch.leaves[rtree_subkey((uintptr_t)addr, RTREE_HEIGHT - 1)]);
}

inspect_granule_t
inspect_granule(const void *addr) {
	inspect_granule_t ret = { 0 };
	edata_t *edata = extent_in(stretch_at(addr), addr);

	if (edata == NULL || edata_base_get(edata) != addr || edata_state_get(edata) != extent_state_active) {
		return ret;
	}
	ret.found = true;
	ret.slab = edata_slab_get(edata);
	ret.szind = edata_szind_get(edata);
	ret.arena = edata_arena_ind_get(edata);
	ret.size = edata_size_get(edata);
	if (ret.slab) {
		ret.bitmap_free = bitmap_free(edata, ret.szind);
		ret.nfree = edata_nfree_get(edata);
	}
	return ret;
}

#define BITS(name, value) ((uint64_t)(value) << EDATA_BITS_##name##_SHIFT)

/* The node of the last lookup. Surveys ask in address order, and jemalloc never moves or frees nodes. */
static stretch_t last_stretch;

bool
inspect_confirms(const void *addr, bool slab, unsigned szind, unsigned arena, size_t size, unsigned free) {
	const uint64_t mask =
	    EDATA_BITS_STATE_MASK | EDATA_BITS_SLAB_MASK | EDATA_BITS_SZIND_MASK | EDATA_BITS_ARENA_MASK;

	if (last_stretch.leaves == NULL || rtree_leafkey((uintptr_t)addr) != last_stretch.key) {
		last_stretch = stretch_at(addr);
	}
	edata_t *edata = extent_in(last_stretch, addr);
	uint64_t bits =
	    BITS(STATE, extent_state_active) | BITS(SZIND, szind) | BITS(ARENA, arena) | BITS(SLAB, slab);
	return edata != NULL && (edata->e_bits & mask) == bits && edata_base_get(edata) == addr
	    && edata_size_get(edata) == size
	    && (!slab || (edata_nfree_get(edata) == free && bitmap_free(edata, szind) == free));
}

bool
inspect_regions(const void *addr, unsigned szind, uint8_t *held) {
	edata_t *edata = extent_in(stretch_at(addr), addr);
	const bin_info_t *bin = &bin_infos[szind];

	if (edata == NULL || !edata_slab_get(edata) || edata_szind_get(edata) != szind) {
		return false;
	}
	for (size_t i = 0; i < bin->nregs; i++) {
		held[i] = bitmap_get(edata_slab_data_get(edata)->bitmap, &bin->bitmap_info, i);
	}
	return true;
}

static void (*unused_visit)(const void *addr, size_t size, inspect_unused_t state, unsigned arena);

static void
unused_one(const edata_t *edata) {
	inspect_unused_t state = (inspect_unused_t)(edata_state_get(edata) - extent_state_dirty);

	unused_visit(edata_base_get(edata), edata_size_get(edata), state, edata_arena_ind_get(edata));
}

void
inspect_unused(void (*visit)(const void *addr, size_t size, inspect_unused_t state, unsigned arena)) {
	tsdn_t *tsdn = tsdn_fetch();

	unused_visit = visit;
	for (unsigned a = 0; a < narenas_total_get(); a++) {
		arena_t *arena = arena_get(tsdn, a, false);
		if (arena == NULL) {
			continue;
		}
		arena_extents(arena, extent_state_dirty, unused_one);
		arena_extents(arena, extent_state_muzzy, unused_one);
		arena_extents(arena, extent_state_retained, unused_one);
	}
}

void
inspect_tcaches(void (*visit)(const void *ptr)) {
	tsdn_t *tsdn = tsdn_fetch();

	for (unsigned a = 0; a < narenas_total_get(); a++) {
		arena_t *arena = arena_get(tsdn, a, false);
		if (arena == NULL) {
			continue;
		}
		cache_bin_array_descriptor_t *tcache;
		ql_foreach(tcache, &arena->cache_bin_array_descriptor_ql, link) {
			for (szind_t i = 0; i < tcache_bin_count(); i++) {
				unsigned n;
				void **content = tcache_bin_content(tcache_bin_of(tcache, i), i, &n);
				for (unsigned j = 0; j < n; j++) {
					visit(content[j]);
				}
			}
		}
	}
}

/* Reads one of jemalloc's statistics by its mallctl name; an unknown name is a defect of the lab. */
static uint64_t
stat_read(const char *name) {
	size_t value;
	uint64_t value64;
	size_t size = sizeof(value), size64 = sizeof(value64);

	/* Current values are size_t, sums since boot uint64_t; mallctl fails for the wrong width. */
	if (je_mallctl(name, &value, &size, NULL, 0) == 0) {
		return value;
	}
	if (je_mallctl(name, &value64, &size64, NULL, 0) == 0) {
		return value64;
	}
	lab_panic(name);
}

static uint64_t
stat_read_indexed(const char *format, unsigned index) {
	char name[96];

	malloc_snprintf(name, sizeof(name), format, (unsigned)MALLCTL_ARENAS_ALL, index);
	return stat_read(name);
}

void
inspect_refresh(void) {
	uint64_t epoch = 1;

	bitmap_words_fill();
	je_mallctl("epoch", NULL, NULL, &epoch, sizeof(epoch));
}

inspect_class_t
inspect_class(unsigned szind) {
	inspect_class_t ret = { 0 };

	if (szind < SC_NBINS) {
		ret.curregs = stat_read_indexed("stats.arenas.%u.bins.%u.curregs", szind);
		ret.curslabs = stat_read_indexed("stats.arenas.%u.bins.%u.curslabs", szind);
		ret.nonfull_slabs = stat_read_indexed("stats.arenas.%u.bins.%u.nonfull_slabs", szind);
	} else {
		ret.curlextents = stat_read_indexed("stats.arenas.%u.lextents.%u.curlextents", szind - SC_NBINS);
	}
	return ret;
}

uint64_t
inspect_allocated(void) {
	return stat_read("stats.allocated");
}

uint64_t
inspect_active(void) {
	return stat_read("stats.active");
}

uint64_t
inspect_arena_large(unsigned arena) {
	char name[64];

	malloc_snprintf(name, sizeof(name), "stats.arenas.%u.large.allocated", arena);
	return stat_read(name);
}

inspect_memory_t
inspect_memory(void) {
	inspect_memory_t ret = {
		.allocated = stat_read("stats.allocated"),
		.active = stat_read("stats.active"),
		.mapped = stat_read("stats.mapped"),
		.retained = stat_read("stats.retained"),
		.resident = stat_read("stats.resident"),
		.metadata = stat_read("stats.metadata"),
		.dirty = stat_read_indexed("stats.arenas.%u.pdirty", 0) << LG_PAGE,
		.muzzy = stat_read_indexed("stats.arenas.%u.pmuzzy", 0) << LG_PAGE,
		.internal = stat_read_indexed("stats.arenas.%u.internal", 0),
	};
	tsdn_t *tsdn = tsdn_fetch();

	for (unsigned a = 0; a < narenas_total_get(); a++) {
		arena_t *arena = arena_get(tsdn, a, false);
		if (arena != NULL) {
			size_t allocated, mapped;
			arena_base_bytes(tsdn, arena->base, &allocated, &mapped);
			ret.base_allocated += allocated;
			ret.base_mapped += mapped;
		}
	}
	return ret;
}

unsigned
inspect_arenas(void) {
	unsigned n = 0;

	for (unsigned a = 0; a < narenas_total_get(); a++) {
		n += arena_get(TSDN_NULL, a, false) != NULL;
	}
	return n;
}

size_t
inspect_large_pad(void) {
	return sz_large_pad;
}

unsigned
inspect_small_classes(void) {
	return SC_NBINS;
}

unsigned
inspect_classes(void) {
	return SC_NSIZES;
}

size_t
inspect_class_size(unsigned szind) {
	return sz_index2size(szind);
}

unsigned
inspect_class_regs(unsigned szind) {
	return bin_infos[szind].nregs;
}

size_t
inspect_class_slab_size(unsigned szind) {
	return bin_infos[szind].slab_size;
}

#if LG_SIZEOF_PTR == 3
_Static_assert((sizeof(edata_t) + EDATA_ALIGNMENT - 1) / EDATA_ALIGNMENT * EDATA_ALIGNMENT == LP64_EDATA,
    "LP64_EDATA");
#endif
/* Pages, as a power of 2, that a leaf node of a 64-bit radix tree covers: half of the significant address bits. */
#define LP64_LG_LEAF_PAGES ((48 - SPACE_LG_PAGE) / 2)

uint64_t
inspect_lp64_metadata(uint64_t extents, unsigned narenas) {
	uint64_t first = SPACE_BASE >> SPACE_LG_PAGE >> LP64_LG_LEAF_PAGES;
	uint64_t end = ((SPACE_BASE >> SPACE_LG_PAGE) + pages_end - 1) >> LP64_LG_LEAF_PAGES;
	uint64_t leaves = pages_end == 0 ? 0 : end - first + 1;

	return LP64_BOOT + LP64_ARENA * (uint64_t)narenas + LP64_EDATA * extents
	    + leaves * ((uint64_t)8 << LP64_LG_LEAF_PAGES);
}
