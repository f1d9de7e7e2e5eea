/*
 * The recorder: a library that is preloaded into a program, and writes down its calls to the allocator.
 *
 *     interpose.c, operators.c   the functions that the program calls: each calls the real one and records
 *     record.h                   the path of one record, inlined into each of them
 *     thread.c                   what happens seldom: threads begin and end, fork, chunks that are full
 *     process.c                  the files of a process, the shared page, what is known about the allocator
 *     sites.c                    call sites: from return addresses to small numbers
 *
 * Nothing here allocates from the heap or keeps a descriptor, and no function takes a lock. errno is kept.
 */
#ifndef SLABLAB_RECORDER_H
#define SLABLAB_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

#ifndef RECORDER_PREFIX
#define RECORDER_PREFIX
#endif
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
/* The name of an allocator's function, with the prefix that this library follows. */
#define PREFIXED(name) JOIN(RECORDER_PREFIX, name)
#define PREFIXED_TEXT(name) TEXT(PREFIXED(name))

#define EXPORT __attribute__((visibility("default")))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define SELDOM __attribute__((noinline, cold))

/* One call of the allocator, as it is recorded. */
struct call {
	uint8_t kind;                /* RECORD_* */
	uint8_t aligned_log2;
	uint16_t flags;              /* HEAD_* */
	uintptr_t pointer;           /* the result of the call, or the region that it frees */
	uintptr_t old;               /* realloc: the region that it was given */
	uint64_t size;
	uint64_t before;             /* realloc: the order before the call */
	uint64_t order;
	void *caller;
};

#define MAX_PENDING 64

/* A stream file. It belongs to one thread at a time, and to the next one after that thread has ended. */
struct stream {
	struct stream *next;
	uint32_t is_taken;
	uint32_t number;
	uint8_t *window;
	size_t window_bytes;
	uint64_t end;                /* the length of the file */
	uint8_t *at;
	uint64_t last_order;
	uint64_t last_pointer;
	uint64_t last_clock_order;
};

/* The state of a thread. `at` to `limit` is room in the stream's window; the first record finds none. */
struct thread {
	uint8_t *at, *limit;
	uint64_t last_order;
	uint64_t last_pointer;
	uint64_t clock_due;          /* a record of this order or later has a clock record before it */
	uint32_t generation;         /* the process it records for; a child of fork has another */
	uint32_t number;
	struct stream *stream;
	bool is_writing;             /* within a record: calls of signal handlers wait in `pending` */
	bool has_ended;
	unsigned pending_count;
	uint32_t unstamped;          /* calls since the counter was read */
	uint32_t until_retry;        /* operations before the next attempt to get room */
	/* The C++ operator that is running, which calls malloc or free itself. */
	void *operator_frame;
	uintptr_t operator_pointer;
	size_t operator_size;
	size_t operator_slack;
	struct call pending[MAX_PENDING];
};

extern __thread struct thread recorder_self;
/* A page of its own that is zero in a child of fork. It holds the generation of the process, from 1. */
extern uint32_t *recorder_generation;
extern struct recording_control *recorder_control;
extern struct recording_counts *recorder_counts;
extern unsigned recorder_stacks;
extern bool recorder_uses_tsc;
/* Whether only one thread has allocated. */
extern bool recorder_is_single;
extern uint64_t recorder_next_order;

/* thread.c */
bool recorder_make_room(struct thread *t);
void recorder_flush_pending(struct thread *t);
void recorder_release_if_late(struct thread *t);
void recorder_write_clock(struct thread *t);

/* process.c */
uint32_t recorder_begin_process(void);
int recorder_open_stream(uint32_t number);
int recorder_allocate(int fd, uint64_t offset, size_t bytes);
void recorder_copy_maps(void);
void *recorder_map(size_t bytes, int fd, uint64_t offset);
void recorder_unmap(void *at, size_t bytes);
void recorder_close(int fd);
uint64_t recorder_clock_ns(void);
void recorder_set_full(int reason);

/* sites.c: returns the number of the site of a call, 0 if unknown. Writes its definition the first time. */
uint32_t recorder_site(struct thread *t, void *caller);
void recorder_prepare_sites(void);
void recorder_forget_sites(void);
void recorder_write_site(struct thread *t, uint32_t site, void *const *frames, unsigned count);

#endif
