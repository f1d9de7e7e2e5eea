/* Captures malloc_stats_print in a buffer of own memory, so that no allocation of jemalloc changes. */
#include <stddef.h>
#include <string.h>

#include <jemalloc/jemalloc.h>

#include "jemalloc/seams.h"
#include "lab/lab.h"

/* Initial bytes of the buffer; the text of one arena has about 60 KB in 5.3.0. */
#define STATISTICS_SIZE 131072u

static char *text;
static size_t room, used;
static bool is_cut;

/* Doubles the buffer until `size` bytes fit. The old buffers stay reserved; together they are smaller than the new one. */
static bool
make_room(size_t size) {
	size_t more = room == 0 ? STATISTICS_SIZE : room;

	while (more < size) {
		more *= 2;
	}
	if (more == room) {
		return true;
	}
	char *roomier = own_reserve(more);
	if (roomier == NULL) {
		return false;
	}
	if (used > 0) {
		memcpy(roomier, text, used);
	}
	text = roomier;
	room = more;
	return true;
}

static void
on_text(void *unused, const char *part) {
	size_t length = strlen(part);

	(void)unused;
	if (is_cut || !make_room(used + length + 1)) {
		is_cut = true;
		return;
	}
	memcpy(text + used, part, length + 1);
	used += length;
}

const char *
lab_statistics(void) {
	used = 0;
	is_cut = false;
	je_malloc_stats_print(on_text, NULL, NULL);
	return is_cut || used == 0 ? NULL : text;
}
