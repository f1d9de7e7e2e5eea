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
	OP_ALIGNED = 64, /* + log2 of the alignment */
};

#define OP_KIND(what) ((what) & 0xff)

#define OP_MAX_SIZE 0x70000000u
#define OP_MAX_HANDLE 0x0fffffffu
#define OP_MAX_THREADS 64
#define OP_MIN_LG_ALIGN 3
#define OP_MAX_LG_ALIGN 30

#endif
