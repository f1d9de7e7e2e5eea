/*
 * Simulated threads. jemalloc keeps the state of a thread (tcache, arena, event counters) in one tsd_t. The patch
 * makes it read that from `lab_tsd`, so switching threads means pointing lab_tsd at another tsd_t.
 */
#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "internals.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/operation.h"
#include "lab/survey.h"

/* A thread. Its memory serves a later thread when it has ended, so a program may start any number of them. */
typedef struct thread {
	tsd_t tsd;
	void *stack;        /* real memory of the tcache's stack */
	size_t stack_size;
	void *stack_region; /* the address of the internal allocation that the stack stands for */
	struct thread *next;
} thread_t;

static thread_t first = { .tsd = TSD_INITIALIZER };
static const tsd_t pristine = TSD_INITIALIZER;

tsd_t *lab_tsd = &first.tsd;

/* The living threads by number, in leaves that exist once a number of theirs was used. */
#define LG_LEAF 12
#define LEAF (1u << LG_LEAF)
static thread_t **leaves[OP_MAX_THREADS >> LG_LEAF];
static uint32_t numbers; /* one past the largest number used */

static thread_t *unused;
/* Whether the current thread has ended, so that its memory is unused once another is current. */
static bool current_has_ended;

/* Own memory that the start of a thread can need at most: a block for its arena, and its tcache's stack. */
#define THREAD_ROOM (16u << 20)

static thread_t *
current(void) {
	return (thread_t *)lab_tsd;
}

void *
own_backing(void *internal, size_t size) {
	thread_t *thread = current();

	thread->stack_region = internal;
	if (thread->stack_size >= size) {
		memset(thread->stack, 0, size);
		return thread->stack;
	}
	/* Aligned to a page, as jemalloc aligns its tcache stacks, since it compares low bits of their addresses. */
	size_t align = (size_t)1 << SPACE_LG_PAGE;
	char *mem = own_reserve(size + align);
	if (mem == NULL) {
		return NULL;
	}
	thread->stack = mem + (-(uintptr_t)mem & (align - 1));
	thread->stack_size = size;
	return thread->stack;
}

void *
own_backed(void) {
	return current()->stack_region;
}

/*
 * Creates the tcache of a thread; jemalloc calls it when the thread first allocates. No fault is injected during the
 * call, because jemalloc does not handle a failure here and would crash. Real memory is sufficient: threads_switch()
 * has checked that.
 */
bool lab_thread_start(tsd_t *tsd);

bool
lab_thread_start(tsd_t *tsd) {
	uint64_t wanted = fail_until;

	fail_until = 0;
	bool failed = thread_tcache_init(tsd);
	fail_until = wanted;
	if (failed) {
		lab_panic("out of memory while a thread started, which jemalloc does not survive");
	}
	return failed;
}

/* Returns the living thread of a number; NULL if there is none. */
static thread_t *
living(uint32_t n) {
	thread_t **leaf = leaves[n >> LG_LEAF];

	return leaf == NULL ? NULL : leaf[n & (LEAF - 1)];
}

/* Returns the place of a number; NULL if there is no memory for its leaf. */
static thread_t **
place(uint32_t n) {
	thread_t ***leaf = &leaves[n >> LG_LEAF];

	if (*leaf == NULL && (*leaf = own_reserve(sizeof(thread_t *) * LEAF)) == NULL) {
		return NULL;
	}
	return &(*leaf)[n & (LEAF - 1)];
}

/* Returns a thread that has not allocated; NULL if there is no memory for it. */
static thread_t *
thread_new(void) {
	thread_t *thread = unused;

	if (!own_room(THREAD_ROOM)) {
		return NULL;
	}
	if (thread != NULL) {
		unused = thread->next;
	} else if ((thread = own_reserve(sizeof(thread_t))) == NULL) {
		return NULL;
	}
	memcpy(&thread->tsd, &pristine, sizeof(tsd_t));
	return thread;
}

uint32_t
threads_numbers(void) {
	return numbers;
}

int
threads_arena(uint32_t n) {
	thread_t *thread = living(n);
	arena_t *arena = thread == NULL ? NULL : tsd_arena_get(&thread->tsd);

	return arena == NULL ? -1 : (int)arena_ind_get(arena);
}

bool
threads_boot(void) {
	thread_t **at = place(0);

	if (at == NULL) {
		return false;
	}
	*at = &first;
	numbers = 1;
	return true;
}

bool
threads_switch(uint32_t n) {
	thread_t **at = place(n);

	if (at == NULL || (*at == NULL && (*at = thread_new()) == NULL)) {
		return false;
	}
	if (current_has_ended) {
		current()->next = unused;
		unused = current();
		current_has_ended = false;
	}
	numbers = n >= numbers ? n + 1 : numbers;
	lab_tsd = &(*at)->tsd;
	return true;
}

bool
threads_end(uint32_t n) {
	thread_t *thread = living(n), *before = current();

	if (thread == NULL) {
		return false;
	}
	lab_tsd = &thread->tsd;
	tsd_cleanup(&thread->tsd);
	lab_tsd = &before->tsd;
	*place(n) = NULL;
	if (thread == before) {
		current_has_ended = true;
	} else {
		thread->next = unused;
		unused = thread;
	}
	return true;
}
