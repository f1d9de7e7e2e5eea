/*
 * Replays triples of 32-bit words (kind, handle, size) from standard input on a jemalloc that nothing was changed in,
 * and prints what it then says of each class: [size, curregs, curslabs, nonfull slabs], or [size, extents].
 *
 * How the figures in this directory were taken: upstream.test.ts writes the words to the file that
 * SLABLAB_UPSTREAM_WORDS names, and in a built tree of Redis 7.0.15 (5.2.1) or 7.2.6 (5.3.0)
 *
 *     cc record.c -Ideps/jemalloc/include deps/jemalloc/lib/libjemalloc.a -lpthread -lm -ldl
 *     JE_MALLOC_CONF=(EVERYDAY_CONF of stream.ts) ./a.out <words >jemalloc-5.2.1.json
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jemalloc/jemalloc.h>

enum { MALLOC = 1, CALLOC, REALLOC, FREE };

static void *regions[1 << 20];

static size_t
ask(const char *format, unsigned index) {
	char name[96];
	size_t value = 0, size = sizeof(value);
	unsigned narrow;

	snprintf(name, sizeof(name), format, index);
	if (je_mallctl(name, &value, &size, NULL, 0) != 0) {
		size = sizeof(narrow);
		if (je_mallctl(name, &narrow, &size, NULL, 0) != 0) {
			fprintf(stderr, "no %s\n", name);
			exit(1);
		}
		value = narrow;
	}
	return value;
}

int
main(void) {
	uint32_t words[3];
	uint64_t epoch = 1;

	while (fread(words, sizeof(words), 1, stdin) == 1) {
		void **region = &regions[words[1]];
		switch (words[0]) {
		case MALLOC:
			*region = je_malloc(words[2]);
			break;
		case CALLOC:
			*region = je_calloc(1, words[2]);
			break;
		case REALLOC:
			*region = je_realloc(*region, words[2]);
			break;
		case FREE:
			je_free(*region);
			break;
		default:
			fprintf(stderr, "kind %u\n", words[0]);
			return 1;
		}
	}
	je_mallctl("epoch", NULL, NULL, &epoch, sizeof(epoch));
	printf("{\n  \"bins\": [\n");
	size_t nbins = ask("arenas.nbins", 0);
	for (unsigned i = 0; i < nbins; i++) {
		printf("    [%zu, %zu, %zu, %zu]%s\n", ask("arenas.bin.%u.size", i),
		    ask("stats.arenas.4096.bins.%u.curregs", i), ask("stats.arenas.4096.bins.%u.curslabs", i),
		    ask("stats.arenas.4096.bins.%u.nonfull_slabs", i), i + 1 < nbins ? "," : "");
	}
	printf("  ],\n  \"large\": [");
	const char *separator = "";
	size_t nlarge = ask("arenas.nlextents", 0);
	for (unsigned i = 0; i < nlarge; i++) {
		size_t extents = ask("stats.arenas.4096.lextents.%u.curlextents", i);
		if (extents > 0) {
			printf("%s\n    [%zu, %zu]", separator, ask("arenas.lextent.%u.size", i), extents);
			separator = ",";
		}
	}
	printf("\n  ],\n  \"allocated\": %zu,\n  \"active\": %zu\n}\n", ask("stats.allocated", 0), ask("stats.active", 0));
	return 0;
}
