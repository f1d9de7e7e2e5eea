/*
 * Calls within calls. A C++ operator may call malloc or free itself, through the same names: libstdc++'s new calls
 * malloc, and jemalloc's delete calls free. Only the outer call is recorded.
 *
 * The operator leaves the address of its frame. A later call is within it only if its frame is deeper: an operator that
 * ended by an exception leaves an address that no deeper frame is under.
 */
#ifndef SLABLAB_RECORDER_INTERPOSE_H
#define SLABLAB_RECORDER_INTERPOSE_H

#include "record.h"

/* Whether a call that obtains memory is part of the operator that runs. */
static inline bool recorder_is_inner(const void *frame) {
	const struct thread *t = &recorder_self;
	return UNLIKELY(t->operator_frame != NULL) && (uintptr_t)frame < (uintptr_t)t->operator_frame &&
	    t->operator_pointer == 0;
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
