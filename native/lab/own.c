/*
 * The engine's own memory: tables, jemalloc's metadata, tcache stacks. It is zeroed, never returned, and costs
 * nothing until it is touched.
 *
 * In WebAssembly the first request grows linear memory to SPACE_BASE in one step. Growing it for each extent made a
 * replay 12 times slower. own_reserve fills it from below; the handle table (lab.c) grows down from its top.
 */
#include <stddef.h>
#include <string.h>

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
	/* If linear memory could not grow, nothing was reserved, and own memory ends with linear memory. */
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

/* The header of shadow memory: the payload address that the memory stands for, or the next unused memory. */
typedef union shadow_header {
	struct {
		void *internal;
		union shadow_header *next;
		size_t size;
	};
	max_align_t align;
} shadow_header_t;

static shadow_header_t *unused_shadows;

/* Takes unused shadow memory of at least `size` bytes off the list; NULL if there is none. */
static shadow_header_t *
shadow_reuse(size_t size) {
	shadow_header_t **at = &unused_shadows;

	while (*at != NULL && (*at)->size < size) {
		at = &(*at)->next;
	}
	shadow_header_t *header = *at;
	if (header != NULL) {
		*at = header->next;
		memset(header + 1, 0, size);
	}
	return header;
}

void *
own_shadow(void *internal, size_t size) {
	if (internal == NULL) {
		return NULL;
	}
	shadow_header_t *header = shadow_reuse(size);
	if (header == NULL) {
		header = own_reserve(sizeof(shadow_header_t) + size);
		if (header == NULL) {
			lab_panic("no memory to shadow an internal allocation of jemalloc");
		}
		header->size = size;
	}
	header->internal = internal;
	return header + 1;
}

void *
own_shadowed(void *shadow) {
	shadow_header_t *header = (shadow_header_t *)shadow - 1;

	header->next = unused_shadows;
	unused_shadows = header;
	return header->internal;
}
