/* Reads the options that jemalloc runs with. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <jemalloc/jemalloc.h>

#include "lab/survey.h"

typedef union {
	bool flag;
	unsigned count;
	size_t size;
	ssize_t signed_size;
	int64_t number;
	const char *text;
} value_t;

typedef enum { FLAG, COUNT, SIZE, SIGNED_SIZE, NUMBER, TEXT } type_t;

static const size_t widths[] = {
	[FLAG] = sizeof(bool), [COUNT] = sizeof(unsigned), [SIZE] = sizeof(size_t),
	[SIGNED_SIZE] = sizeof(ssize_t), [NUMBER] = sizeof(int64_t), [TEXT] = sizeof(const char *),
};

/* The options that influence memory. No version of jemalloc has all of them. */
static const struct {
	const char *name;
	type_t type;
} options[] = {
	{ "cache_oblivious", FLAG },
	{ "dirty_decay_ms", SIGNED_SIZE },
	{ "dss", TEXT },
	{ "hpa", FLAG },
	{ "lg_extent_max_active_fit", SIZE },
	{ "lg_san_uaf_align", SIGNED_SIZE },
	{ "lg_tcache_flush_large_div", COUNT },
	{ "lg_tcache_flush_small_div", COUNT },
	{ "lg_tcache_max", SIGNED_SIZE },
	{ "lg_tcache_nslots_mul", SIGNED_SIZE },
	{ "metadata_thp", TEXT },
	{ "mutex_max_spin", NUMBER },
	{ "muzzy_decay_ms", SIGNED_SIZE },
	{ "narenas", COUNT },
	{ "oversize_threshold", SIZE },
	{ "percpu_arena", TEXT },
	{ "retain", FLAG },
	{ "tcache", FLAG },
	{ "tcache_gc_delay_bytes", SIZE },
	{ "tcache_gc_incr_bytes", SIZE },
	{ "tcache_max", SIZE },
	{ "tcache_nslots_large", COUNT },
	{ "tcache_nslots_small_max", COUNT },
	{ "tcache_nslots_small_min", COUNT },
	{ "thp", TEXT },
	{ "trust_madvise", FLAG },
	{ "zero_realloc", TEXT },
};

static void
value_print(char *text, size_t size, const char *name, type_t type, value_t value) {
	switch (type) {
	case FLAG:
		snprintf(text, size, "%s:%s\n", name, value.flag ? "true" : "false");
		return;
	case COUNT:
		snprintf(text, size, "%s:%u\n", name, value.count);
		return;
	case SIZE:
		snprintf(text, size, "%s:%zu\n", name, value.size);
		return;
	case SIGNED_SIZE:
		snprintf(text, size, "%s:%zd\n", name, value.signed_size);
		return;
	case NUMBER:
		snprintf(text, size, "%s:%" PRId64 "\n", name, value.number);
		return;
	case TEXT:
		snprintf(text, size, "%s:%s\n", name, value.text == NULL ? "" : value.text);
		return;
	}
}

void
options_report(void) {
	char name[64], text[128];

	lab_message_set("");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		value_t value = { 0 };
		size_t width = widths[options[i].type];

		snprintf(name, sizeof(name), "opt.%s", options[i].name);
		if (je_mallctl(name, &value, &width, NULL, 0) == 0) {
			value_print(text, sizeof(text), options[i].name, options[i].type, value);
			lab_message_add(text);
		}
	}
}
