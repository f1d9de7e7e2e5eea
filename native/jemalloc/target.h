/*
 * Overrides of the definitions that jemalloc's configure writes on a 64-bit Linux host. configure.sh appends an
 * include of this file to them.
 *
 * One configure run serves every build, because its definitions describe the simulated server. Retain, purging and
 * coalescing are therefore those of 64-bit Linux on every target. This file overrides what a build chooses (quantum,
 * page, cache-obliviousness) and what the target does not have.
 */
#undef LG_QUANTUM
#define LG_QUANTUM SLABLAB_LG_QUANTUM
#undef LG_PAGE
#define LG_PAGE SPACE_LG_PAGE
#undef JEMALLOC_CACHE_OBLIVIOUS
#if SLABLAB_CACHE_OBLIVIOUS
#define JEMALLOC_CACHE_OBLIVIOUS
#endif

/* Simulated threads run one at a time: there are no background threads, and no fork. */
#undef JEMALLOC_BACKGROUND_THREAD
#undef JEMALLOC_HAVE_PTHREAD_ATFORK
#undef JEMALLOC_DSS
#undef JEMALLOC_HAVE_SCHED_GETCPU
/* Payload has no memory to write to, so junk filling is not available. */
#undef JEMALLOC_FILL
/* There are no huge pages: with thp:always jemalloc would zero payload by hand where it otherwise purges. */
#undef JEMALLOC_HAVE_MADVISE_HUGE

#ifdef __wasm__
#undef LG_SIZEOF_PTR
#define LG_SIZEOF_PTR 2
#undef LG_SIZEOF_LONG
#define LG_SIZEOF_LONG 2
#undef LG_VADDR
#define LG_VADDR 32
/* A leaf node of the radix tree covers as much as on a 64-bit server: 1 GiB with 4 KiB pages. See rtree.h. */
#if SPACE_LG_PAGE == 12
#define LAB_RTREE_ROOT_BITS 2
#else
#define LAB_RTREE_ROOT_BITS 1
#endif
#undef HAVE_CPU_SPINWAIT
#define HAVE_CPU_SPINWAIT 0
#undef CPU_SPINWAIT
#define CPU_SPINWAIT
#undef JEMALLOC_USE_SYSCALL
#undef JEMALLOC_HAVE_PRCTL
#undef JEMALLOC_HAVE_SCHED_SETAFFINITY
#undef JEMALLOC_HAVE_PTHREAD_SETNAME_NP
#undef JEMALLOC_HAVE_PTHREAD_GETNAME_NP
#undef JEMALLOC_HAVE_PTHREAD_MUTEX_ADAPTIVE_NP
#undef JEMALLOC_TLS_MODEL
#define JEMALLOC_TLS_MODEL
#undef JEMALLOC_OVERRIDE___LIBC_CALLOC
#undef JEMALLOC_STRERROR_R_RETURNS_CHAR_WITH_GNU_SOURCE
#endif
