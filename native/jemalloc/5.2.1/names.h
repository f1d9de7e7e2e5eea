/* Maps the 5.3.0 names that the lab uses to those of 5.2.1. Only macros, since jemalloc's own headers follow. */
#ifndef SLABLAB_NAMES_H
#define SLABLAB_NAMES_H

#define edata_t extent_t
#define edata_arena_ind_get extent_arena_ind_get
#define edata_base_get extent_base_get
#define edata_binshard_get extent_binshard_get
#define edata_nfree_get extent_nfree_get
#define edata_size_get extent_size_get
#define edata_slab_data_get extent_slab_data_get
#define edata_slab_get extent_slab_get
#define edata_state_get extent_state_get
#define edata_szind_get extent_szind_get
#define EDATA_BITS_ARENA_MASK EXTENT_BITS_ARENA_MASK
#define EDATA_BITS_ARENA_SHIFT EXTENT_BITS_ARENA_SHIFT
#define EDATA_BITS_SLAB_MASK EXTENT_BITS_SLAB_MASK
#define EDATA_BITS_SLAB_SHIFT EXTENT_BITS_SLAB_SHIFT
#define EDATA_BITS_STATE_MASK EXTENT_BITS_STATE_MASK
#define EDATA_BITS_STATE_SHIFT EXTENT_BITS_STATE_SHIFT
#define EDATA_BITS_SZIND_MASK EXTENT_BITS_SZIND_MASK
#define EDATA_BITS_SZIND_SHIFT EXTENT_BITS_SZIND_SHIFT
#define slab_data_t arena_slab_data_t
#define EDATA_ALIGNMENT CACHELINE

#endif
