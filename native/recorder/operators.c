/* The operators new and delete of C++, by the names that compilers give them. */
#include "interpose.h"

#define CALLER __builtin_return_address(0)
#define FRAME __builtin_frame_address(0)

/* Looks up an operator once. Every program that calls one has a library that defines it. */
#define REAL_OPERATOR(name, type) \
	static void *slot; \
	union { void *object; type *call; } real = {.object = __atomic_load_n(&slot, __ATOMIC_ACQUIRE)}; \
	if (UNLIKELY(real.object == NULL)) { \
		real.object = recorder_resolve(&slot, #name); \
		if (real.object == NULL) { \
			__builtin_trap(); \
		} \
	}

static inline void enter_new(void *frame, size_t size, unsigned aligned_log2) {
	struct thread *t = &recorder_self;
	t->operator_pointer = 0;
	/* The C++ library asks malloc for 1 byte where it was asked for none. */
	t->operator_size = size == 0 ? 1 : size;
	t->operator_slack = (size_t)1 << aligned_log2;
	t->operator_frame = frame;
}

static inline void enter_delete(void *frame, const void *pointer) {
	recorder_self.operator_pointer = (uintptr_t)pointer;
	recorder_self.operator_frame = frame;
}

static inline void leave(void) {
	recorder_self.operator_frame = NULL;
}

static inline void record_new(unsigned aligned_log2, void *p, size_t size, void *caller) {
	leave();
	if (UNLIKELY(p == NULL)) {
		record((struct call){.kind = RECORD_FAILED, .aligned_log2 = RECORD_MALLOC, .size = size, .caller = caller});
	} else if (aligned_log2 > 0) {
		record((struct call){.kind = RECORD_ALIGNED, .aligned_log2 = (uint8_t)aligned_log2, .pointer = (uintptr_t)p,
		    .size = size, .caller = caller});
	} else {
		record((struct call){.kind = RECORD_MALLOC, .pointer = (uintptr_t)p, .size = size, .caller = caller});
	}
}

static unsigned log2_of(size_t alignment) {
	return 63u - (unsigned)__builtin_clzll(alignment | 1);
}

/* NEW(name, log2 of the alignment, parameters, arguments): operators that return memory. */
#define NEW(name, aligned_log2, parameters, ...) \
	EXPORT void *name parameters; \
	EXPORT void *name parameters { \
		typedef void *type parameters; \
		REAL_OPERATOR(name, type) \
		if (recorder_is_inner(size == 0 ? 1 : size, FRAME)) { \
			return real.call(__VA_ARGS__); \
		} \
		enter_new(FRAME, size, aligned_log2); \
		void *p = real.call(__VA_ARGS__); \
		record_new(aligned_log2, p, size, CALLER); \
		return p; \
	}

NEW(_Znwm, 0, (size_t size), size)
NEW(_Znam, 0, (size_t size), size)
NEW(_ZnwmRKSt9nothrow_t, 0, (size_t size, const void *nothrow), size, nothrow)
NEW(_ZnamRKSt9nothrow_t, 0, (size_t size, const void *nothrow), size, nothrow)
NEW(_ZnwmSt11align_val_t, log2_of(alignment), (size_t size, size_t alignment), size, alignment)
NEW(_ZnamSt11align_val_t, log2_of(alignment), (size_t size, size_t alignment), size, alignment)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, log2_of(alignment), (size_t size, size_t alignment, const void *nothrow), size,
    alignment, nothrow)
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, log2_of(alignment), (size_t size, size_t alignment, const void *nothrow), size,
    alignment, nothrow)

/* DELETE(name, kind of record, size, parameters, arguments): operators that free memory. */
#define DELETE(name, record_kind, record_size, parameters, ...) \
	EXPORT void name parameters; \
	EXPORT void name parameters { \
		typedef void type parameters; \
		REAL_OPERATOR(name, type) \
		if (p == NULL || recorder_is_inner_free(p, FRAME)) { \
			real.call(__VA_ARGS__); \
			return; \
		} \
		record((struct call){.kind = record_kind, .pointer = (uintptr_t)p, .size = record_size}); \
		enter_delete(FRAME, p); \
		real.call(__VA_ARGS__); \
		leave(); \
	}

DELETE(_ZdlPv, RECORD_FREE, 0, (void *p), p)
DELETE(_ZdaPv, RECORD_FREE, 0, (void *p), p)
DELETE(_ZdlPvRKSt9nothrow_t, RECORD_FREE, 0, (void *p, const void *nothrow), p, nothrow)
DELETE(_ZdaPvRKSt9nothrow_t, RECORD_FREE, 0, (void *p, const void *nothrow), p, nothrow)
DELETE(_ZdlPvm, RECORD_FREE_SIZED, size, (void *p, size_t size), p, size)
DELETE(_ZdaPvm, RECORD_FREE_SIZED, size, (void *p, size_t size), p, size)
DELETE(_ZdlPvSt11align_val_t, RECORD_FREE, 0, (void *p, size_t alignment), p, alignment)
DELETE(_ZdaPvSt11align_val_t, RECORD_FREE, 0, (void *p, size_t alignment), p, alignment)
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, RECORD_FREE, 0, (void *p, size_t alignment, const void *nothrow), p, alignment,
    nothrow)
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, RECORD_FREE, 0, (void *p, size_t alignment, const void *nothrow), p, alignment,
    nothrow)
DELETE(_ZdlPvmSt11align_val_t, RECORD_FREE_SIZED, size, (void *p, size_t size, size_t alignment), p, size, alignment)
DELETE(_ZdaPvmSt11align_val_t, RECORD_FREE_SIZED, size, (void *p, size_t size, size_t alignment), p, size, alignment)
