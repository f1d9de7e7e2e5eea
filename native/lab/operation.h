/* The operation stream, as src/stream/operation.ts defines it. The numbers are part of the file format. */
#ifndef SLABLAB_OPERATION_H
#define SLABLAB_OPERATION_H

enum {
	OP_MALLOC = 1,
	OP_CALLOC = 2,
	OP_REALLOC = 3,
	OP_FREE = 4,
	OP_FREE_SIZED = 5,
	OP_MALLOC_NO_TCACHE = 6,
	OP_FREE_NO_TCACHE = 7,
	OP_RALLOCX = 8,
	OP_XALLOCX = 9,
	OP_ADVANCE = 16,
	OP_THREAD = 17,
	OP_PURGE = 18,
	OP_DECAY = 19,
	OP_FLUSH_TCACHE = 20,
	OP_MARK = 21,
	OP_SWEEP = 22,
	OP_THREAD_END = 23,
	OP_OWN_ARENA = 24,
	OP_DEFRAG_SET = 32,
	OP_DEFRAG_PASS = 33,
	OP_DEFRAG_TRY = 34,
	OP_DEFRAG_MALLOC = 35,
	OP_DEFRAG_FREE = 36,
	OP_ALIGNED = 64, /* + log2 of the alignment */
};

#define OP_KIND(what) ((what) & 0xff)

/* The bits of the word beside the kind, which are the owner or the upper part of an argument. */
#define OP_UPPER(what) ((what) >> 8)

/* The size word of OP_DEFRAG_TRY: whether the region is the first or the last of its key, and nanoseconds of the scan. */
#define OP_SCAN_BEGINS_KEY 1u
#define OP_SCAN_ENDS_KEY 2u
#define OP_SCAN_NS(size) ((size) >> 2)

#define OP_MAX_SIZE 0x70000000u
#define OP_MAX_HANDLE 0x0fffffffu
#define OP_MAX_THREADS 0x01000000u
#define OP_MIN_LG_ALIGN 3
#define OP_MAX_LG_ALIGN 30

#endif
