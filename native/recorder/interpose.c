/* The functions of C and of jemalloc that the program calls instead of the allocator's. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "interpose.h"

/* --- memory for calls from within dlsym, while the real functions are looked up --- */

static _Alignas(16) uint8_t early[16384];
static atomic_size_t early_used;
static __thread bool is_resolving __attribute__((tls_model("initial-exec")));

static void *take_early(size_t size) {
	size_t whole = (size + 31) & ~(size_t)15;
	size_t at = atomic_fetch_add(&early_used, whole);
	if (size > sizeof early || at + whole > sizeof early) {
		errno = ENOMEM;
		return NULL;
	}
	*(size_t *)(void *)(early + at) = size;
	return early + at + 16;
}

static bool is_early(const void *pointer) {
	return (uintptr_t)pointer - (uintptr_t)early < sizeof early;
}

static void resolve_core(void);

void *recorder_resolve(void **slot, const char *name) {
	static bool has_core;
	if (!has_core) {
		/* A lookup that fails keeps a message, which the next lookup frees: free must be known by then. */
		has_core = true;
		resolve_core();
	}
	if (is_resolving) {
		return NULL;
	}
	int kept = errno;
	is_resolving = true;
	void *found = dlsym(RTLD_NEXT, name);
	is_resolving = false;
	errno = kept;
	__atomic_store_n(slot, found, __ATOMIC_RELEASE);
	return found;
}

/* REAL(type, name): the allocator's function, or NULL if there is none or the lookup itself calls. */
#define REAL(result, name, ...) \
	typedef result name##_function(__VA_ARGS__); \
	static name##_function *real_##name(void) { \
		static void *slot; \
		union { void *object; name##_function *call; } real = {.object = __atomic_load_n(&slot, __ATOMIC_ACQUIRE)}; \
		if (UNLIKELY(real.object == NULL)) { \
			real.object = recorder_resolve(&slot, PREFIXED_TEXT(name)); \
		} \
		return real.call; \
	}

REAL(void *, malloc, size_t)
REAL(void *, calloc, size_t, size_t)
REAL(void *, realloc, void *, size_t)
REAL(void, free, void *)
REAL(int, posix_memalign, void **, size_t, size_t)
REAL(void *, aligned_alloc, size_t, size_t)
REAL(void *, memalign, size_t, size_t)
REAL(void *, mallocx, size_t, int)
REAL(void *, rallocx, void *, size_t, int)
REAL(size_t, xallocx, void *, size_t, size_t, int)
REAL(void, dallocx, void *, int)
REAL(void, sdallocx, void *, size_t, int)
REAL(size_t, malloc_usable_size, void *)

static void resolve_core(void) {
	(void)real_malloc();
	(void)real_free();
	(void)real_calloc();
	(void)real_realloc();
}

#define CALLER __builtin_return_address(0)
#define FRAME __builtin_frame_address(0)

static inline void record_obtained(unsigned kind, unsigned aligned_log2, unsigned flags, void *p, size_t size, void *caller) {
	if (UNLIKELY(p == NULL)) {
		record((struct call){.kind = RECORD_FAILED, .aligned_log2 = (uint8_t)kind, .size = size, .caller = caller});
	} else if (aligned_log2 > 0) {
		record((struct call){.kind = RECORD_ALIGNED, .aligned_log2 = (uint8_t)aligned_log2, .flags = (uint16_t)flags,
		    .pointer = (uintptr_t)p, .size = size, .caller = caller});
	} else {
		record((struct call){.kind = (uint8_t)kind, .flags = (uint16_t)flags, .pointer = (uintptr_t)p, .size = size,
		    .caller = caller});
	}
}

static unsigned log2_of(size_t alignment) {
	return alignment <= 1 ? 1 : 63u - (unsigned)__builtin_clzll(alignment);
}

/* --- C --- */

EXPORT void *PREFIXED(malloc)(size_t size) {
	malloc_function *real = real_malloc();
	if (UNLIKELY(real == NULL)) {
		return take_early(size);
	}
	void *p = real(size);
	if (!recorder_uses_up_operator(size, FRAME)) {
		record_obtained(RECORD_MALLOC, 0, 0, p, size, CALLER);
	}
	return p;
}

EXPORT void *PREFIXED(calloc)(size_t count, size_t size) {
	calloc_function *real = real_calloc();
	size_t bytes = 0;
	bool overflows = __builtin_mul_overflow(count, size, &bytes);
	if (UNLIKELY(real == NULL)) {
		/* Memory for early calls is zero, and none of it is used twice. */
		return overflows ? NULL : take_early(bytes);
	}
	void *p = real(count, size);
	record_obtained(RECORD_CALLOC, 0, 0, p, overflows ? SIZE_MAX : bytes, CALLER);
	return p;
}

EXPORT void PREFIXED(free)(void *p) {
	if (UNLIKELY(p == NULL || is_early(p))) {
		return;
	}
	free_function *real = real_free();
	if (!recorder_is_inner_free(p, FRAME)) {
		record((struct call){.kind = RECORD_FREE, .pointer = (uintptr_t)p});
	}
	if (real != NULL) {
		real(p);
	}
}

static void *resized_early(void *old, size_t size) {
	void *p = PREFIXED(malloc)(size);
	size_t kept = *(size_t *)(void *)((uint8_t *)old - 16);
	if (p != NULL) {
		memcpy(p, old, kept < size ? kept : size);
	}
	return p;
}

static inline void record_resized(unsigned kind, unsigned flags, void *old, void *p, size_t size, uint64_t before, void *caller) {
	if (old == NULL) {
		record_obtained(RECORD_MALLOC, 0, flags, p, size, caller);
	} else if (p != NULL || size == 0) {
		record((struct call){.kind = (uint8_t)kind, .flags = (uint16_t)flags, .pointer = (uintptr_t)p, .size = size,
		    .old = (uintptr_t)old, .before = before, .caller = caller});
	} else {
		record_obtained(kind, 0, 0, NULL, size, caller);
	}
}

static void *resized(void *old, size_t size, void *caller) {
	realloc_function *real = real_realloc();
	if (UNLIKELY(real == NULL || is_early(old))) {
		return old == NULL ? take_early(size) : resized_early(old, size);
	}
	uint64_t before = order_before(&recorder_self);
	void *p = real(old, size);
	record_resized(RECORD_REALLOC, 0, old, p, size, before, caller);
	return p;
}

EXPORT void *PREFIXED(realloc)(void *old, size_t size) {
	return resized(old, size, CALLER);
}

EXPORT void *PREFIXED(reallocarray)(void *old, size_t count, size_t size) {
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		record_obtained(RECORD_REALLOC, 0, 0, NULL, SIZE_MAX, CALLER);
		errno = ENOMEM;
		return NULL;
	}
	return resized(old, bytes, CALLER);
}

EXPORT int PREFIXED(posix_memalign)(void **result, size_t alignment, size_t size) {
	posix_memalign_function *real = real_posix_memalign();
	if (real == NULL) {
		return ENOMEM;
	}
	int error = real(result, alignment, size);
	if (!recorder_uses_up_operator(size, FRAME)) {
		record_obtained(RECORD_ALIGNED, log2_of(alignment), 0, error == 0 ? *result : NULL, size, CALLER);
	}
	return error;
}

EXPORT void *PREFIXED(aligned_alloc)(size_t alignment, size_t size) {
	aligned_alloc_function *real = real_aligned_alloc();
	void *p = real == NULL ? NULL : real(alignment, size);
	if (!recorder_uses_up_operator(size, FRAME)) {
		record_obtained(RECORD_ALIGNED, log2_of(alignment), 0, p, size, CALLER);
	}
	return p;
}

static void *aligned(size_t alignment, size_t size, void *caller) {
	memalign_function *real = real_memalign();
	aligned_alloc_function *standard = real == NULL ? real_aligned_alloc() : NULL;
	void *p = real != NULL ? real(alignment, size) : standard != NULL ? standard(alignment, size) : NULL;
	record_obtained(RECORD_ALIGNED, log2_of(alignment), 0, p, size, caller);
	return p;
}

EXPORT void *PREFIXED(memalign)(size_t alignment, size_t size) {
	return aligned(alignment, size, CALLER);
}

EXPORT void *PREFIXED(valloc)(size_t size) {
	return aligned((size_t)sysconf(_SC_PAGESIZE), size, CALLER);
}

/* jemalloc has no pvalloc: the C library's would return memory that jemalloc's free does not know. */
EXPORT void *PREFIXED(pvalloc)(size_t size) {
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	if (size > SIZE_MAX - page) {
		errno = ENOMEM;
		return NULL;
	}
	return aligned(page, (size + page - 1) & ~(page - 1), CALLER);
}

/* --- jemalloc; where the allocator has no such functions, those of C stand in for programs that probe for them --- */

#define ALIGNED_LOG2(flags) ((unsigned)(flags) & 63u)
#define IS_ZEROED(flags) (((unsigned)(flags) & 0x40u) != 0)
#define TCACHE_BITS(flags) ((unsigned)(flags) >> 8 & 0xfffu)
#define HAS_NO_TCACHE(flags) (TCACHE_BITS(flags) == 1)
#define PLACED(flags) (TCACHE_BITS(flags) > 1 || (unsigned)(flags) >> 20 != 0 ? HEAD_PLACED : 0u)

EXPORT void *PREFIXED(mallocx)(size_t size, int flags) {
	mallocx_function *real = real_mallocx();
	void *caller = CALLER;
	if (real == NULL) {
		void *p;
		if (ALIGNED_LOG2(flags) > 4) {
			p = PREFIXED(memalign)((size_t)1 << ALIGNED_LOG2(flags), size);
			return p != NULL && IS_ZEROED(flags) ? memset(p, 0, size) : p;
		}
		return IS_ZEROED(flags) ? PREFIXED(calloc)(1, size) : PREFIXED(malloc)(size);
	}
	void *p = real(size, flags);
	if (recorder_uses_up_operator(size, FRAME)) {
		return p;
	}
	unsigned kind = HAS_NO_TCACHE(flags) ? RECORD_MALLOC_NO_TCACHE : IS_ZEROED(flags) ? RECORD_CALLOC : RECORD_MALLOC;
	record_obtained(kind, ALIGNED_LOG2(flags), PLACED(flags), p, size, caller);
	return p;
}

EXPORT void *PREFIXED(rallocx)(void *old, size_t size, int flags) {
	rallocx_function *real = real_rallocx();
	if (real == NULL) {
		return resized(old, size, CALLER);
	}
	uint64_t before = order_before(&recorder_self);
	void *p = real(old, size, flags);
	record_resized(RECORD_RALLOCX, PLACED(flags), old, p, size, before, CALLER);
	return p;
}

EXPORT size_t PREFIXED(xallocx)(void *p, size_t size, size_t extra, int flags) {
	xallocx_function *real = real_xallocx();
	if (real == NULL) {
		malloc_usable_size_function *usable = real_malloc_usable_size();
		return usable == NULL ? 0 : usable(p);
	}
	size_t now = real(p, size, extra, flags);
	size_t most = size > SIZE_MAX - extra ? SIZE_MAX : size + extra;
	size_t asked = now < size ? size : now < most ? now : most;
	record((struct call){.kind = RECORD_XALLOCX, .flags = PLACED(flags), .pointer = (uintptr_t)p, .size = asked,
	    .caller = CALLER});
	return now;
}

EXPORT void PREFIXED(dallocx)(void *p, int flags) {
	dallocx_function *real = real_dallocx();
	if (real == NULL) {
		PREFIXED(free)(p);
	} else if (recorder_is_inner_free(p, FRAME)) {
		real(p, flags);
	} else if (HAS_NO_TCACHE(flags)) {
		record((struct call){.kind = RECORD_FREE_NO_TCACHE, .flags = PLACED(flags), .pointer = (uintptr_t)p});
		real(p, flags);
	} else {
		record((struct call){.kind = RECORD_FREE, .flags = PLACED(flags), .pointer = (uintptr_t)p});
		real(p, flags);
	}
}

EXPORT void PREFIXED(sdallocx)(void *p, size_t size, int flags) {
	sdallocx_function *real = real_sdallocx();
	if (real == NULL) {
		PREFIXED(free)(p);
	} else if (recorder_is_inner_free(p, FRAME)) {
		real(p, size, flags);
	} else if (HAS_NO_TCACHE(flags)) {
		record((struct call){.kind = RECORD_FREE_NO_TCACHE, .flags = PLACED(flags), .pointer = (uintptr_t)p});
		real(p, size, flags);
	} else {
		record((struct call){.kind = RECORD_FREE_SIZED, .flags = PLACED(flags), .pointer = (uintptr_t)p, .size = size});
		real(p, size, flags);
	}
}
