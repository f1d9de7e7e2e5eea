/*
 * Calls within calls. A C++ operator may call malloc or free itself, through the same names. The operator new of the C++
 * library calls malloc, and the operator delete of jemalloc calls free. Only the outer call is recorded.
 *
 * The operator leaves the address of its frame and what it was asked for. A later call is within it if its frame is deeper
 * and it asks for the same. An operator that ends by an exception leaves its frame behind, so one match uses it up.
 */
#ifndef SLABLAB_RECORDER_INTERPOSE_H
#define SLABLAB_RECORDER_INTERPOSE_H

#include "record.h"

/* Whether a call that obtains memory is part of the operator that runs. An aligned operator rounds the size up. */
static inline bool recorder_is_inner(size_t size, const void *frame) {
	const struct thread *t = &recorder_self;
	return UNLIKELY(t->operator_frame != NULL) && (uintptr_t)frame < (uintptr_t)t->operator_frame &&
	    t->operator_pointer == 0 && size - t->operator_size < t->operator_slack;
}

/* Does what recorder_is_inner does, for the functions that an operator calls once. */
static inline bool recorder_uses_up_operator(size_t size, const void *frame) {
	bool is_inner = recorder_is_inner(size, frame);
	if (UNLIKELY(is_inner)) {
		recorder_self.operator_frame = NULL;
	}
	return is_inner;
}

/* Whether a call that frees memory is part of the operator that runs. */
static inline bool recorder_is_inner_free(const void *pointer, const void *frame) {
	const struct thread *t = &recorder_self;
	return UNLIKELY(t->operator_frame != NULL) && (uintptr_t)frame < (uintptr_t)t->operator_frame &&
	    t->operator_pointer == (uintptr_t)pointer;
}

/* Looks up the allocator's function. Returns NULL within a lookup. */
SELDOM void *recorder_resolve(void **slot, const char *name);

#endif
