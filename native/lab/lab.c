/* Boot and replay. */
#include "lab/lab.h"

#include <stddef.h>
#include <string.h>

#include <jemalloc/jemalloc.h>

#include "drainprof/drainprof.h"
#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "lab/defrag.h"
#include "lab/operation.h"
#include "lab/own.h"
#include "lab/survey.h"

extern const char *je_malloc_conf;

static lab_chunk_t chunk;
static char conf[LAB_CONF_SIZE];
static uint32_t stop;
static bool booted;

/*
 * The handle table. Handle h is the word handles_end[-1 - h], NULL if it is not allocated. The table grows downwards,
 * away from the memory of own_reserve, so it stays one flat array without a limit of its own.
 */
static void **handles_end;
static uint32_t handles; /* entries claimed so far */

lab_chunk_t *
lab_chunk(void) {
	return &chunk;
}

char *
lab_conf(void) {
	return conf;
}

uint32_t
lab_stop(void) {
	return stop;
}

static void
on_jemalloc_message(void *unused, const char *text) {
	(void)unused;
	lab_message_add(text);
}

lab_status_t
lab_boot(uint32_t hooks) {
	uint64_t epoch = 1;

	lab_message_set("");
	if (booted || hooks >= DP_HOOKS_NMODES) {
		return LAB_NOT_BOOTED;
	}
	clock_virtual_ns = CLOCK_START_NS;
	if (!pages_space_boot() || !threads_boot() || !dp_boot((dp_hooks_t)hooks) || !survey_boot() ||
	    (handles_end = own_ceiling()) == NULL) {
		lab_message_set("the host has no room for the lab's tables");
		return LAB_OUT_OF_MEMORY;
	}
	je_malloc_message = on_jemalloc_message;
	je_malloc_conf = conf;
	if (je_mallctl("epoch", NULL, NULL, &epoch, sizeof(epoch)) != 0) {
		return lab_message()[0] == '\0' ? LAB_OUT_OF_MEMORY : LAB_BAD_CONF;
	}
	/* jemalloc only warns about a pair that it does not accept; here it is an error. */
	if (lab_message()[0] != '\0') {
		return LAB_BAD_CONF;
	}
	booted = true;
	options_report();
	return LAB_OK;
}

void
lab_refuse(uint32_t from, uint32_t count) {
	fail_points = 0;
	fail_from = from;
	fail_until = (uint64_t)from + count;
}

static bool
handles_claim(uint32_t handle) {
	/* Entries are claimed in steps of 64 Ki, so claiming stays off the hot path. */
	uint32_t want = (handle | 0xffff) + 1;

	/* A table below address 0 would wrap around. */
	if (want > (uintptr_t)handles_end / sizeof(*handles_end) || !own_ceiling_lower(handles_end - want)) {
		return false;
	}
	handles = want;
	return true;
}

/* Sets *slot to the table entry of a handle that a new allocation may take. Returns a status if it may not. */
static lab_status_t
slot_for_new(uint32_t handle, void ***slot) {
	if (handle >= handles) {
		if (handle > OP_MAX_HANDLE) {
			return LAB_BAD_HANDLE;
		}
		if (!handles_claim(handle)) {
			return LAB_OUT_OF_MEMORY;
		}
	}
	*slot = &handles_end[-1 - (ptrdiff_t)handle];
	return **slot == NULL ? LAB_OK : LAB_HANDLE_IN_USE;
}

static bool
size_is_bad(uint32_t size) {
	return size - 1 >= OP_MAX_SIZE;
}

static lab_status_t
arenas_do(const char *name) {
	/* These calls have no arguments and no result, so they can fail only by a defect of the lab. */
	je_mallctl(name, NULL, NULL, NULL, 0);
	return LAB_OK;
}

/* Gives the current thread a new arena, which no other thread uses, as a program does by arenas.create. */
static lab_status_t
own_arena(void) {
	unsigned arena;
	size_t size = sizeof(arena);

	if (je_mallctl("arenas.create", &arena, &size, NULL, 0) != 0 ||
	    je_mallctl("thread.arena", NULL, NULL, &arena, sizeof(arena)) != 0) {
		return LAB_OUT_OF_MEMORY;
	}
	return LAB_OK;
}

/* Replays an operation of active defragmentation. */
static lab_status_t
replay_defrag(uint32_t what, uint32_t handle, uint32_t size) {
	lab_status_t status;
	void **slot;

	switch (OP_KIND(what)) {
	case OP_DEFRAG_SET:
		return defrag_set(handle, (uint64_t)OP_UPPER(what) << 32 | size);
	case OP_DEFRAG_PASS:
		return defrag_pass(size);
	case OP_DEFRAG_TRY:
		if (handle >= handles || handles_end[-1 - (ptrdiff_t)handle] == NULL) {
			return LAB_UNKNOWN_HANDLE;
		}
		return defrag_runs() ? defrag_try(&handles_end[-1 - (ptrdiff_t)handle], size) : LAB_OK;
	case OP_DEFRAG_MALLOC:
		if ((status = slot_for_new(handle, &slot)) != LAB_OK) {
			return status;
		}
		if (size_is_bad(size)) {
			return LAB_BAD_SIZE;
		}
		if (!defrag_runs()) {
			return LAB_OK;
		}
		*slot = je_malloc(size);
		return *slot == NULL ? LAB_OUT_OF_MEMORY : LAB_OK;
	case OP_DEFRAG_FREE:
		if (handle < handles && handles_end[-1 - (ptrdiff_t)handle] != NULL) {
			je_free(handles_end[-1 - (ptrdiff_t)handle]);
			handles_end[-1 - (ptrdiff_t)handle] = NULL;
		}
		return LAB_OK;
	default:
		return LAB_UNKNOWN_KIND;
	}
}

/* Replays one operation other than malloc, calloc, realloc and free, which replay() handles itself. */
static lab_status_t
replay_rare(uint32_t what, uint32_t handle, uint32_t size) {
	const uint32_t kind = OP_KIND(what);
	lab_status_t status;
	void **slot, *ptr;

	switch (kind) {
	case OP_ADVANCE:
		clock_virtual_ns += (uint64_t)size * 1000000;
		return LAB_OK;
	case OP_THREAD:
		if (size >= OP_MAX_THREADS) {
			return LAB_BAD_THREAD;
		}
		return threads_switch(size) ? LAB_OK : LAB_OUT_OF_MEMORY;
	case OP_THREAD_END:
		if (size >= OP_MAX_THREADS) {
			return LAB_BAD_THREAD;
		}
		return threads_end(size) ? LAB_OK : LAB_UNKNOWN_THREAD;
	case OP_OWN_ARENA:
		return own_arena();
	case OP_PURGE:
		return arenas_do("arena.4096.purge");
	case OP_DECAY:
		return arenas_do("arena.4096.decay");
	case OP_FLUSH_TCACHE:
		return arenas_do("thread.tcache.flush");
	case OP_MARK:
		dp_mark();
		return LAB_OK;
	case OP_SWEEP:
		return LAB_SWEEP;
	case OP_FREE_SIZED:
	case OP_FREE_NO_TCACHE:
	case OP_RALLOCX:
	case OP_XALLOCX:
		if (handle >= handles || handles_end[-1 - (ptrdiff_t)handle] == NULL) {
			return LAB_UNKNOWN_HANDLE;
		}
		slot = &handles_end[-1 - (ptrdiff_t)handle];
		if (kind == OP_FREE_NO_TCACHE) {
			je_dallocx(*slot, MALLOCX_TCACHE_NONE);
			*slot = NULL;
			return LAB_OK;
		}
		if (size_is_bad(size)) {
			return LAB_BAD_SIZE;
		}
		if (kind == OP_FREE_SIZED) {
			if (je_nallocx(size, 0) != je_sallocx(*slot, 0)) {
				return LAB_BAD_SIZE;
			}
			je_sdallocx(*slot, size, 0);
			*slot = NULL;
			return LAB_OK;
		}
		if (kind == OP_XALLOCX) {
			je_xallocx(*slot, size, 0, 0);
			return LAB_OK;
		}
		ptr = je_rallocx(*slot, size, 0);
		if (ptr == NULL) {
			return LAB_OUT_OF_MEMORY;
		}
		*slot = ptr;
		return LAB_OK;
	case OP_MALLOC_NO_TCACHE:
		break;
	default:
		if (kind < OP_ALIGNED) {
			return replay_defrag(what, handle, size);
		}
		if (kind < OP_ALIGNED + OP_MIN_LG_ALIGN || kind > OP_ALIGNED + OP_MAX_LG_ALIGN) {
			return LAB_BAD_ALIGNMENT;
		}
	}
	if ((status = slot_for_new(handle, &slot)) != LAB_OK) {
		return status;
	}
	if (size_is_bad(size)) {
		return LAB_BAD_SIZE;
	}
	ptr = kind == OP_MALLOC_NO_TCACHE ? je_mallocx(size, MALLOCX_TCACHE_NONE)
	                                  : je_aligned_alloc((size_t)1 << (kind - OP_ALIGNED), size);
	if (ptr == NULL) {
		return LAB_OUT_OF_MEMORY;
	}
	*slot = ptr;
	return LAB_OK;
}

static lab_status_t
replay(uint32_t i, uint32_t to) {
	/* Copies in locals, because the compiler must assume that any store in jemalloc changes a global. */
	void **const end = handles_end;
	uint32_t claimed = handles;
	lab_status_t status = LAB_OK;
	void **slot, *ptr;

	for (; i < to; i++) {
		uint32_t handle = chunk.handle[i];
		uint32_t kind = OP_KIND(chunk.what[i]);

		slot = &end[-1 - (ptrdiff_t)handle];
		if (kind == OP_FREE) {
			if (handle >= claimed || *slot == NULL) {
				status = LAB_UNKNOWN_HANDLE;
				break;
			}
			je_free(*slot);
			*slot = NULL;
			continue;
		}
		uint32_t size = chunk.size[i];
		if (kind == OP_MALLOC || kind == OP_CALLOC) {
			if (handle >= claimed || *slot != NULL) {
				if ((status = slot_for_new(handle, &slot)) != LAB_OK) {
					break;
				}
				claimed = handles;
			}
			if (size_is_bad(size)) {
				status = LAB_BAD_SIZE;
				break;
			}
			ptr = kind == OP_MALLOC ? je_malloc(size) : je_calloc(1, size);
		} else if (kind == OP_REALLOC) {
			if (handle >= claimed || *slot == NULL) {
				status = LAB_UNKNOWN_HANDLE;
				break;
			}
			if (size_is_bad(size)) {
				status = LAB_BAD_SIZE;
				break;
			}
			ptr = je_realloc(*slot, size);
		} else {
			status = replay_rare(chunk.what[i], handle, size);
			claimed = handles;
			if (status != LAB_OK) {
				/* A sweep was carried out; an operation that failed was not. */
				i += status == LAB_SWEEP;
				break;
			}
			continue;
		}
		if (ptr == NULL) {
			status = LAB_OUT_OF_MEMORY;
			break;
		}
		*slot = ptr;
	}
	stop = i;
	return status;
}

lab_status_t
lab_replay(uint32_t from, uint32_t to) {
	if (!booted) {
		return LAB_NOT_BOOTED;
	}
	stop = from;
	lab_message_set("");
	return replay(from, to < LAB_CHUNK ? to : LAB_CHUNK);
}

const void *
lab_region(uint32_t handle) {
	return handle < handles ? handles_end[-1 - (ptrdiff_t)handle] : NULL;
}

uint32_t
lab_handles(void) {
	return handles;
}

uint32_t
lab_page_size(void) {
	return 1u << SPACE_LG_PAGE;
}

uint32_t
lab_quantum(void) {
	return 1u << SLABLAB_LG_QUANTUM;
}

uint32_t
lab_cache_oblivious(void) {
	return SLABLAB_CACHE_OBLIVIOUS;
}

uint32_t
lab_instrumented(void) {
	return SLABLAB_HOOKS;
}

const char *
lab_version(void) {
	return JEMALLOC_VERSION;
}

uint32_t
lab_small_classes(void) {
	return inspect_small_classes();
}
