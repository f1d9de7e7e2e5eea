/*
 * The engine's own memory: tables, jemalloc's metadata, what is behind a tcache's stack. Given out once and
 * never returned, zeroed, and free of charge until touched.
 *
 * In WebAssembly all of linear memory up to SPACE_BASE is made available in one step at the first request
 * (growing it for every extent made a replay 12 times slower), filled from below by own_reserve; the handle
 * table (lab.c) comes down from the top.
 */
#include <stddef.h>

#include "jemalloc/seams.h"
#include "jemalloc/space.h"
#include "lab/own.h"
#include "lab/survey.h"

#ifdef __wasm__

#define WASM_PAGE 65536u

extern unsigned char __heap_base;
static uintptr_t top;
static uintptr_t ceiling;

static bool
grow(void) {
	if (top == 0) {
		size_t have = __builtin_wasm_memory_size(0);
		size_t want = SPACE_BASE / WASM_PAGE;
		if (have < want && __builtin_wasm_memory_grow(0, want - have) == (size_t)-1) {
			return false;
		}
		top = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
		ceiling = SPACE_BASE;
	}
	return true;
}

void *
own_reserve(size_t size) {
	size = (size + 15) & ~(size_t)15;
	if (!grow() || ceiling - top < size) {
		return NULL;
	}
	void *ret = (void *)top;
	top += size;
	return ret;
}

bool
own_room(size_t size) {
	return grow() && ceiling - top >= size;
}

void *
own_ceiling(void) {
	return grow() ? (void *)SPACE_BASE : NULL;
}

bool
own_ceiling_lower(const void *to) {
	if ((uintptr_t)to < top) {
		return false;
	}
	ceiling = (uintptr_t)to;
	return true;
}

void
own_untouched(uint32_t *from, uint32_t *to) {
	/* Without room for all of it nothing was given out, and what there is ends where linear memory does. */
	bool grown = grow();

	*from = grown ? top : (uint32_t)(uintptr_t)&__heap_base;
	*to = grown ? ceiling : (uint32_t)__builtin_wasm_memory_size(0) * WASM_PAGE;
}

#else

#include <sys/mman.h>

#include "lab/operation.h"

void *
own_reserve(size_t size) {
	void *ret = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return ret == MAP_FAILED ? NULL : ret;
}

bool
own_room(size_t size) {
	(void)size;
	return true;
}

void *
own_ceiling(void) {
	size_t size = sizeof(void *) * ((size_t)OP_MAX_HANDLE + 1);
	char *low = own_reserve(size);
	return low == NULL ? NULL : low + size;
}

bool
own_ceiling_lower(const void *to) {
	(void)to;
	return true;
}

#endif

void *
own_backing(size_t size) {
	/* Aligned to a page as jemalloc aligns its tcache stacks: it compares low bits of the addresses. */
	size_t align = (size_t)1 << SPACE_LG_PAGE;
	char *mem = own_reserve(size + align);
	return mem == NULL ? NULL : mem + (-(uintptr_t)mem & (align - 1));
}

/* The address that is only a number, in front of the memory that stands for it. */
typedef union {
	void *internal;
	max_align_t align;
} front_t;

void *
own_behind(void *internal, size_t size) {
	if (internal == NULL) {
		return NULL;
	}
	front_t *front = own_reserve(sizeof(front_t) + size);
	if (front == NULL) {
		lab_panic("no room behind an allocation of jemalloc's own");
	}
	front->internal = internal;
	return front + 1;
}

void *
own_front(void *behind) {
	return ((front_t *)behind)[-1].internal;
}
