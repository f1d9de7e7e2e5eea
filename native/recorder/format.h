/*
 * The raw recording: what the recorder writes while a program runs, and src/trace/raw-format.ts reads afterwards.
 *
 * A recording is a directory. Each image of each process (fork and exec begin new ones) has an id, PID-START, and writes
 *
 *     ID.process    lines of text about the process: `key value`, with control bytes and % as %XX
 *     ID.counts     struct recording_counts, mapped while the process runs
 *     ID.maps       copies of /proc/self/maps, if stacks are recorded
 *     ID-N.stream   the records of one thread at a time; the next thread continues the file after a thread has ended
 *
 * `control` is one page that the command line and all processes share (struct recording_control).
 *
 * A stream is a header and records without gaps. Files are allocated ahead and filled with zeros, so that a head of zero
 * is the end. The head is stored last: a process that dies within a record leaves none of it.
 *
 *     header  | magic 8 | byte order mark 4 | version 2 | word bytes 1 | stacks 1 | pid 4 | number of the stream 4 | 0 8 |
 *     record  | head 2 | order 1, 2, 4 or 8 | pointer 0-7 | size 0-7 | site 3, if HEAD_SITE | what the kind adds |
 *
 *     head    bits 0-4 kind, 5-6 log2 of the bytes of order, 7-9 bytes of pointer, 10-12 bytes of size, 13-15 flags
 *     order   difference to the order of the record before it in the stream
 *     pointer difference to the pointer before it in the stream, in units of 8 bytes, zigzag
 *
 * Numbers are little-endian. The first record of a stream counts from order 0 and pointer 0.
 */
#ifndef SLABLAB_RECORDER_FORMAT_H
#define SLABLAB_RECORDER_FORMAT_H

#include <stdint.h>

#define RECORDING_MAGIC "SLABREC\n"
#define RECORDING_VERSION 1
#define RECORDING_BYTE_ORDER 0x01020304u
#define RECORDING_HEADER_BYTES 32

/* Kinds of records. */
enum {
	RECORD_NONE = 0,
	RECORD_PAD = 1,              /* one byte of padding, without a second byte of its head */
	RECORD_MALLOC = 2,
	RECORD_CALLOC = 3,           /* size is the product */
	RECORD_REALLOC = 4,          /* adds: head 1, gap 1, 2, 4 or 8, old pointer 0-7 */
	RECORD_FREE = 5,
	RECORD_FREE_SIZED = 6,
	RECORD_ALIGNED = 7,          /* adds: log2 of the alignment 1 */
	RECORD_MALLOC_NO_TCACHE = 8,
	RECORD_FREE_NO_TCACHE = 9,
	RECORD_RALLOCX = 10,         /* adds what RECORD_REALLOC adds */
	RECORD_XALLOCX = 11,
	RECORD_FAILED = 12,          /* a call that returned no memory; adds: kind of the call 1 */
	RECORD_CLOCK = 13,           /* adds: CLOCK_MONOTONIC in ns 8 */
	RECORD_THREAD = 14,          /* thread number `size` continues the stream */
	RECORD_THREAD_END = 15,
	RECORD_SITE = 16,            /* site number `size` has these return addresses; adds: count 1, addresses 8 each */
};

/* The thread had ended: destructors and the C library free after the allocator let go of the thread. */
#define HEAD_LATE (1u << 13)
/* The call named an arena or a tcache of its own. */
#define HEAD_PLACED (1u << 14)
#define HEAD_SITE (1u << 15)

#define MAX_FRAMES 32
/* The largest record, with what an 8-byte store writes beyond it. */
#define MAX_RECORD_BYTES (2 + 8 + 7 + 7 + 3 + 1 + 8 * MAX_FRAMES + 8)
/* Room that one call may need: its site, a clock and its own record. */
#define ROOM_BYTES (2 * MAX_RECORD_BYTES)

/* The shared page. */
struct recording_control {
	uint32_t state;              /* STATE_*; the command line and full disks change it */
	uint32_t full_reason;        /* errno of what filled up, or 0 for max_bytes */
	uint64_t bytes;              /* allocated for streams by all processes */
	uint64_t max_bytes;          /* 0: no limit */
};

/* States of a recording. */
enum { STATE_RECORDING = 0, STATE_PAUSED = 1, STATE_STOPPED = 2, STATE_FULL = 3, };

struct recording_counts {
	uint64_t lost;               /* operations without a record */
	uint64_t sites_lost;         /* operations whose site found no place in the table */
	uint64_t threads;
	uint32_t full_reason;        /* errno of why this process has no more room, or 0 */
	uint32_t pad;
};

#endif
