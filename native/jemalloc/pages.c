/*
 * The simulated operating system: a replacement for jemalloc's pages.c.
 *
 * There are two kinds of memory. Payload is address numbers (jemalloc/space.h) with one byte of state for each
 * page; metadata is real memory. Mappings are placed first-fit from the start of the address space, so addresses
 * depend on the requests alone.
 *
 * The model is Linux with overcommit on: pages are mapped committed, decommit is refused, purging always works.
 */
#include "jemalloc/internal/jemalloc_preamble.h"
#include "jemalloc/internal/jemalloc_internal_includes.h"

#include "jemalloc/inspect.h"
#include "jemalloc/seams.h"
#include "jemalloc/space.h"

/* Globals that jemalloc's pages.c defines. There are no transparent huge pages here. */
#ifdef SLABLAB_SYSTEM_THP
const char *const thp_mode_names[] = { "default", "always", "never", "not supported" };
const char *const system_thp_mode_names[] = { "madvise", "always", "never", "not supported" };
system_thp_mode_t init_system_thp_mode = system_thp_mode_not_supported;
size_t os_page = PAGE;
#else
const char *thp_mode_names[] = { "default", "always", "never", "not supported" };
thp_mode_t init_system_thp_mode = thp_mode_not_supported;
#endif
thp_mode_t opt_thp = THP_MODE_DEFAULT;

pages_ledger_t pages_ledger;
uint32_t pages_end;
bool pages_for_metadata;
uint64_t fail_from;
uint64_t fail_until;
uint64_t fail_points;
uint64_t lab_edata_count;

enum { UNMAPPED = 0, CLEAN, RESIDENT, MUZZY, UNTOUCHED };

#ifdef __wasm__
uint8_t pages_state[SPACE_PAGES];
#else
static uint8_t *pages_state;
#endif
/* No page below this one is unmapped. */
static uint32_t lowest_hole;

bool
pages_space_boot(void) {
	memset(&pages_ledger, 0, sizeof(pages_ledger));
	lowest_hole = 0;
	pages_end = 0;
	pages_for_metadata = false;
	fail_points = 0;
#ifndef __wasm__
	pages_state = own_reserve(SPACE_PAGES);
	return pages_state != NULL;
#else
	return true;
#endif
}

bool
fail_now(void) {
	fail_points++;
	if (fail_points >= fail_from && fail_points < fail_until) {
		pages_ledger.refusals++;
		return true;
	}
	return false;
}

/* Counts a refusal; reconcile_pages() then tolerates extents that jemalloc abandons. */
static void *
refuse(void) {
	pages_ledger.refusals++;
	return NULL;
}

static uint32_t
pages_of(size_t size) {
	return (uint32_t)(size >> SPACE_LG_PAGE);
}

/*
 * Sets the pages of a range to one state and updates the totals. Ignores metadata, which has no state: jemalloc
 * passes it only when the creation of an arena fails, and the engine keeps that memory.
 */
static void
range_set(const void *addr, size_t size, uint8_t to) {
	if (!space_contains(addr)) {
		return;
	}
	uint32_t from = space_page(addr), to_page = from + pages_of(size);
	uint64_t resident = 0, muzzy = 0, untouched = 0;

	for (uint32_t p = from; p < to_page; p++) {
		resident += pages_state[p] == RESIDENT;
		muzzy += pages_state[p] == MUZZY;
		untouched += pages_state[p] == UNTOUCHED;
		pages_state[p] = to;
	}
	pages_ledger.resident -= resident << SPACE_LG_PAGE;
	pages_ledger.muzzy -= muzzy << SPACE_LG_PAGE;
	pages_ledger.untouched -= untouched << SPACE_LG_PAGE;
	if (to == RESIDENT) {
		pages_ledger.resident += size;
	} else if (to == MUZZY) {
		pages_ledger.muzzy += size;
	} else if (to == UNTOUCHED) {
		pages_ledger.untouched += size;
	}
}

/* Returns the first page of the lowest aligned hole of npages pages; SPACE_PAGES if there is none. */
static uint32_t
hole_find(uint32_t npages, uint32_t align_pages) {
	const uint64_t base = SPACE_BASE >> SPACE_LG_PAGE;
	uint64_t page = lowest_hole;

	for (;;) {
		page = ((base + page + align_pages - 1) & ~(uint64_t)(align_pages - 1)) - base;
		if (page + npages > SPACE_PAGES) {
			return SPACE_PAGES;
		}
		uint32_t i = 0;
		while (i < npages && pages_state[page + i] == UNMAPPED) {
			i++;
		}
		if (i == npages) {
			return (uint32_t)page;
		}
		page += i + 1;
		while (page < SPACE_PAGES && pages_state[page] != UNMAPPED) {
			page++;
		}
	}
}

void *
pages_map(void *addr, size_t size, size_t alignment, bool *commit) {
	if (pages_for_metadata) {
		/* Base blocks are multiples of a huge page and need its alignment. */
		char *block = own_reserve(size + alignment);
		if (block == NULL) {
			return refuse();
		}
		pages_ledger.metadata_mapped += size;
		*commit = true;
		return block + (-(uintptr_t)block & (alignment - 1));
	}
	if (fail_now()) {
		return NULL;
	}
	uint32_t npages = pages_of(size);
	uint32_t page;
	if (addr != NULL) {
		page = space_page(addr);
		for (uint32_t i = 0; i < npages; i++) {
			if (page + i >= SPACE_PAGES || pages_state[page + i] != UNMAPPED) {
				return refuse();
			}
		}
	} else {
		page = hole_find(npages, alignment > PAGE ? pages_of(alignment) : 1);
		if (page == SPACE_PAGES) {
			return refuse();
		}
	}
	addr = space_address(page);
	range_set(addr, size, CLEAN);
	if (page == lowest_hole) {
		lowest_hole = page + npages;
	}
	if (page + npages > pages_end) {
		pages_end = page + npages;
	}
	pages_ledger.mapped += size;
	pages_ledger.maps++;
	*commit = true;
	return addr;
}

void
pages_unmap(void *addr, size_t size) {
	if (!space_contains(addr)) {
		return;
	}
	uint32_t page = space_page(addr);

	range_set(addr, size, UNMAPPED);
	if (page < lowest_hole) {
		lowest_hole = page;
	}
	pages_ledger.mapped -= size;
	pages_ledger.unmaps++;
	pages_ledger.unmapped += size;
}

void
pages_touch(const void *addr, size_t size) {
	range_set(addr, size, RESIDENT);
	pages_peak_update();
}

void
pages_keep_untouched(const void *addr, size_t size) {
	range_set(addr, size, UNTOUCHED);
}

void
pages_peak_update(void) {
	uint64_t resident = pages_ledger.resident + inspect_lp64_metadata(lab_edata_count, inspect_arenas());

	if (resident > pages_ledger.peak_resident) {
		pages_ledger.peak_resident = resident;
	}
}

bool
pages_purge_lazy(void *addr, size_t size) {
	range_set(addr, size, MUZZY);
	pages_ledger.purges_lazy++;
	pages_ledger.purged_lazy += size;
	return false;
}

bool
pages_purge_forced(void *addr, size_t size) {
	range_set(addr, size, CLEAN);
	pages_ledger.purges_forced++;
	pages_ledger.purged_forced += size;
	return false;
}

#ifdef SLABLAB_SYSTEM_THP
/* Purges several ranges in one call, as process_madvise does. Returns false, which means success. */
bool
pages_purge_process_madvise(void *vec, size_t vec_len, size_t total_bytes) {
	const struct iovec *ranges = vec;

	(void)total_bytes;
	for (size_t i = 0; i < vec_len; i++) {
		pages_purge_forced(ranges[i].iov_base, ranges[i].iov_len);
	}
	return false;
}

bool
pages_collapse(void *addr, size_t size) {
	(void)addr, (void)size;
	return false;
}
#endif

/* With overcommit there is nothing to commit, and decommit is refused. Returns true, which means failure. */
bool
pages_commit(void *addr, size_t size) {
	(void)addr, (void)size;
	return true;
}

bool
pages_decommit(void *addr, size_t size) {
	(void)addr, (void)size;
	return true;
}

/* Advice about huge pages and core dumps has no effect. Returns false, which means success, as with madvise. */
bool
pages_huge(void *addr, size_t size) {
	(void)addr, (void)size;
	return false;
}

bool
pages_nohuge(void *addr, size_t size) {
	(void)addr, (void)size;
	return false;
}

bool
pages_dontdump(void *addr, size_t size) {
	(void)addr, (void)size;
	return false;
}

bool
pages_dodump(void *addr, size_t size) {
	(void)addr, (void)size;
	return false;
}

void
pages_mark_guards(void *head, void *tail) {
	(void)head, (void)tail;
}

void
pages_unmark_guards(void *head, void *tail) {
	(void)head, (void)tail;
}

void
pages_set_thp_state(void *ptr, size_t size) {
	(void)ptr, (void)size;
}

bool
pages_boot(void) {
	return false;
}
