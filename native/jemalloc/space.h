/*
 * The simulated address space: the addresses that jemalloc hands out as payload.
 *
 * The lab never reads or writes payload, so its addresses need no memory. They are plain numbers:
 *
 *     wasm     0 .......... SPACE_BASE .......................... 4 GiB
 *              linear memory (tables,   payload: numbers only; a stray
 *              jemalloc's metadata)     access would trap
 *
 *     native   the same 28 low bits, at an address that no process maps; 1 TiB long; a stray
 *              access faults
 *
 * Because the low bits agree, alignment and the boundaries of jemalloc's radix tree leaves (1 GiB) agree too. The
 * same stream therefore gives the same page numbers in both.
 */
#ifndef SLABLAB_SPACE_H
#define SLABLAB_SPACE_H

#include <stdint.h>

#ifndef SPACE_LG_PAGE
#error "SPACE_LG_PAGE comes from the build"
#endif

#ifdef __wasm__
#define SPACE_BASE ((uintptr_t)0x1c000000) /* 448 MiB: linear memory ends here */
/* The last 64 KiB stay unused: no range may end at 2^32, which would wrap to 0. */
#define SPACE_SIZE ((uintptr_t)0xffff0000 - SPACE_BASE)
#else
#define SPACE_BASE ((uintptr_t)0x10001c000000)
#define SPACE_SIZE ((uintptr_t)1 << 40)
#endif

#define SPACE_PAGES ((uint32_t)(SPACE_SIZE >> SPACE_LG_PAGE))

/* Returns the page number of a payload address, counted from SPACE_BASE. */
static inline uint32_t
space_page(const void *ptr) {
	/* Shift first: the compiler folds the constant into the table's address. */
	return (uint32_t)(((uintptr_t)ptr >> SPACE_LG_PAGE) - (SPACE_BASE >> SPACE_LG_PAGE));
}

/* Whether ptr is payload; any other address is real memory. */
static inline _Bool
space_contains(const void *ptr) {
	return (uintptr_t)ptr - SPACE_BASE < SPACE_SIZE;
}

/* Returns the address of the first byte of a page. */
static inline void *
space_address(uint32_t page) {
	return (void *)(SPACE_BASE + ((uintptr_t)page << SPACE_LG_PAGE));
}

#endif
