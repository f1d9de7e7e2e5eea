/*
 * The native twin: the same lab as a process, driven through its standard input and output.
 *
 *     request    u32 call, u32 a, u32 b, u32 nbytes, then nbytes of payload
 *     response   u32 status, u32 value, u64 elapsed_ns, u32 nbytes, then nbytes of payload
 *
 * Numbers are in the byte order of the host. The process exits with 0 at the end of its input. It exits with 2 after a
 * truncated or unknown request, which only a defect of src/engine/native-port.ts can cause.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lab/lab.h"

/* Calls; Call (src/engine/native-port.ts) has the same numbers. */
enum {
	CALL_HELLO = 0,      /* -> JSON with the properties of the build */
	CALL_BOOT = 1,       /* a: hooks, payload: configuration */
	CALL_REPLAY = 2,     /* a: from, b: to, payload: three columns of b words, or none to continue the chunk */
	CALL_SURVEY = 3,     /* a: with regions (0 or 1) -> the payload of survey() */
	CALL_MESSAGE = 4,    /* -> lab_message() */
	CALL_REFUSE = 5,     /* a: from, b: count */
	CALL_LOCATE = 6,     /* a: from -> a word for each handle */
	CALL_STATISTICS = 7, /* -> lab_statistics() */
};

static void
need(bool ok, const char *what) {
	if (!ok) {
		fprintf(stderr, "lab: %s\n", what);
		exit(2);
	}
}

static void
respond(uint32_t status, uint32_t value, uint64_t elapsed_ns, const void *payload, uint32_t nbytes) {
	uint32_t head[5] = { status, value, 0, 0, nbytes };

	memcpy(&head[2], &elapsed_ns, sizeof(elapsed_ns));
	need(fwrite(head, sizeof(head), 1, stdout) == 1, "cannot write a response");
	need(nbytes == 0 || fwrite(payload, nbytes, 1, stdout) == 1, "cannot write a response");
}

static void
hello(void) {
	char text[2048];
	int n = snprintf(text, sizeof(text),
	    "{\"pageSize\":%u,\"quantum\":%u,\"cacheOblivious\":%s,\"instrumented\":%s,\"version\":\"%s\","
	    "\"granule\":\"%s\",\"class\":\"%s\",\"totals\":\"%s\",\"extent\":\"%s\",\"chunk\":%u}",
	    lab_page_size(), lab_quantum(), lab_cache_oblivious() ? "true" : "false",
	    lab_instrumented() ? "true" : "false", lab_version(), lab_fields(0), lab_fields(1), lab_fields(2),
	    lab_fields(3), LAB_CHUNK);

	need(n > 0 && (size_t)n < sizeof(text), "hello is too long");
	respond(LAB_OK, 0, 0, text, (uint32_t)n);
}

static void
boot(uint32_t hooks, uint32_t nbytes) {
	need(nbytes < LAB_CONF_SIZE, "the configuration is too long");
	need(nbytes == 0 || fread(lab_conf(), nbytes, 1, stdin) == 1, "a request is cut short");
	lab_conf()[nbytes] = '\0';
	lab_status_t status = lab_boot(hooks);
	respond(status, status == LAB_OK ? lab_small_classes() : 0, 0, NULL, 0);
}

static uint64_t
now_ns(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
replay(uint32_t from, uint32_t to, uint32_t nbytes) {
	lab_chunk_t *chunk = lab_chunk();

	if (nbytes != 0) {
		size_t column = sizeof(uint32_t) * to;
		need(to <= LAB_CHUNK && nbytes == 3 * column, "a chunk has the wrong length");
		need(fread(chunk->what, column, 1, stdin) == 1 && fread(chunk->handle, column, 1, stdin) == 1
		        && fread(chunk->size, column, 1, stdin) == 1,
		    "a request is cut short");
	}
	uint64_t start = now_ns();
	lab_status_t status = lab_replay(from, to);
	respond(status, lab_stop(), now_ns() - start, NULL, 0);
}

/* The bytes of a number in each column; 0 ends the list. */
#define BYTES(name, bits) (bits) / 8,
static const uint8_t granule_columns[] = { LAB_GRANULE_FIELDS(BYTES) 0 };
static const uint8_t extent_columns[] = { LAB_EXTENT_FIELDS(BYTES) 0 };
#undef BYTES

/* Returns the bytes of a row over all columns. */
static size_t
row_size(const uint8_t *columns) {
	size_t sum = 0;

	while (*columns != 0) {
		sum += *columns++;
	}
	return sum;
}

/* Copies n rows of a batch (columns of LAB_ROWS) to row `at` of a table (columns of `count` rows). */
static void
columns_copy(char *to, uint32_t count, uint32_t at, const void *batch, const uint8_t *columns, uint32_t n) {
	const char *from = batch;

	for (; *columns != 0; columns++) {
		const size_t size = *columns;
		memcpy(to + size * at, from, size * n);
		to += size * count;
		from += size * LAB_ROWS;
	}
}

/* Bytes of a parked region: its granule's first page, and its number. */
#define PAIR (2 * sizeof(uint32_t))

/*
 * Responds with a survey, whose payload has in this order:
 *
 *     u32 granules, u32 extents, u32 regions, u32 parked
 *     lab_totals_t, then a lab_class_t for each class
 *     the columns of all granules, then those of all extents
 *     two words for each parked region, then a byte for each region
 */
static void
survey(uint32_t with_regions) {
	const uint32_t nclasses = lab_class_count();
	uint64_t start = now_ns();
	lab_counts_t all = *lab_survey_begin(with_regions);
	size_t head = 4 * sizeof(uint32_t) + sizeof(lab_totals_t) + nclasses * sizeof(lab_class_t);
	const size_t granules_size = row_size(granule_columns) * all.granules;
	const size_t columns_size = granules_size + row_size(extent_columns) * all.extents;
	/* There are at most as many parked regions as regions. */
	size_t room = with_regions ? PAIR * all.regions + all.regions : 0;
	char *out = calloc(1, head + columns_size + room);

	need(out != NULL, "no memory for a survey");
	char *to = out + head, *pairs = to + columns_size;
	uint8_t *states = malloc(all.regions + 1);
	need(states != NULL, "no memory for a survey");
	lab_counts_t at = { 0, 0, 0 };
	for (;;) {
		lab_counts_t n = *lab_survey_rows();
		if (n.granules == 0 && n.extents == 0) {
			break;
		}
		columns_copy(to, all.granules, at.granules, lab_granules(), granule_columns, n.granules);
		columns_copy(to + granules_size, all.extents, at.extents, lab_extents(), extent_columns, n.extents);
		memcpy(states + at.regions, lab_regions(), n.regions);
		at.granules += n.granules;
		at.extents += n.extents;
		at.regions += n.regions;
	}
	uint32_t parked = 0;
	for (uint32_t n; with_regions && parked < all.regions && (n = lab_survey_parked(parked)) > 0;) {
		need(n <= all.regions - parked, "more is parked than there is");
		memcpy(pairs + PAIR * parked, lab_located(), PAIR * n);
		parked += n;
	}
	lab_status_t status = lab_survey_end();
	uint64_t elapsed = now_ns() - start;

	memcpy(pairs + PAIR * parked, states, at.regions);
	memcpy(out, (uint32_t[]){ all.granules, all.extents, at.regions, parked }, 4 * sizeof(uint32_t));
	memcpy(out + 4 * sizeof(uint32_t), lab_totals(), sizeof(lab_totals_t));
	memcpy(out + 4 * sizeof(uint32_t) + sizeof(lab_totals_t), lab_classes(), nclasses * sizeof(lab_class_t));
	size_t size = head + columns_size + PAIR * parked + at.regions;
	need(size <= UINT32_MAX, "a survey is longer than a response can be");
	respond(status, nclasses, elapsed, out, (uint32_t)size);
	free(states);
	free(out);
}

static void
locate(uint32_t from) {
	uint32_t n = lab_locate(from);

	respond(LAB_OK, n, 0, lab_located(), n * (uint32_t)sizeof(uint32_t));
}

static void
statistics(void) {
	const char *text = lab_statistics();

	need(text != NULL, "no memory for the allocator's statistics");
	respond(LAB_OK, 0, 0, text, (uint32_t)strlen(text));
}

int
main(void) {
	uint32_t request[4];

	while (fread(request, sizeof(request), 1, stdin) == 1) {
		switch (request[0]) {
		case CALL_HELLO:
			hello();
			break;
		case CALL_BOOT:
			boot(request[1], request[3]);
			break;
		case CALL_REPLAY:
			replay(request[1], request[2], request[3]);
			break;
		case CALL_SURVEY:
			survey(request[1]);
			break;
		case CALL_LOCATE:
			locate(request[1]);
			break;
		case CALL_STATISTICS:
			statistics();
			break;
		case CALL_MESSAGE:
			respond(LAB_OK, 0, 0, lab_message(), (uint32_t)strlen(lab_message()));
			break;
		case CALL_REFUSE:
			lab_refuse(request[1], request[2]);
			respond(LAB_OK, 0, 0, NULL, 0);
			break;
		default:
			need(false, "an unknown request");
		}
		need(fflush(stdout) == 0, "cannot write a response");
	}
	return 0;
}
