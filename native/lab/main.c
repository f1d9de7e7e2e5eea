/*
 * The native twin: the same lab as a process, driven through its standard input and output.
 *
 *     request    u32 call, u32 a, u32 b, u32 nbytes, then nbytes of payload
 *     response   u32 status, u32 value, u64 elapsed_ns, u32 nbytes, then nbytes of payload
 *
 * in the byte order of the host. Ends with status 0 when its input ends; with 2 if a request is not whole or
 * not known, which only a defect of the other side can cause.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lab/lab.h"

enum {
	CALL_HELLO = 0,   /* -> JSON: what was compiled */
	CALL_BOOT = 1,    /* a: hooks, payload: configuration */
	CALL_REPLAY = 2,  /* a: from, b: to, payload: three columns of b words, or none to go on in the last chunk */
	CALL_SURVEY = 3,  /* -> totals, then all classes, as doubles */
	CALL_ROWS = 4,    /* -> the next rows, column after column */
	CALL_MESSAGE = 5, /* -> lab_message() */
	CALL_REFUSE = 6,  /* a: from, b: count */
	CALL_LOCATE = 7,  /* a: from -> a word for each handle */
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
	char text[1024];
	int n = snprintf(text, sizeof(text),
	    "{\"pageSize\":%u,\"quantum\":%u,\"cacheOblivious\":%s,\"instrumented\":%s,\"version\":\"%s\","
	    "\"granule\":\"%s\",\"class\":\"%s\",\"totals\":\"%s\",\"chunk\":%u}",
	    lab_page_size(), lab_quantum(), lab_cache_oblivious() ? "true" : "false",
	    lab_instrumented() ? "true" : "false", lab_version(), lab_fields(0), lab_fields(1), lab_fields(2),
	    LAB_CHUNK);

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

static void
survey(void) {
	static double out[sizeof(lab_totals_t) / sizeof(double) + 256 * sizeof(lab_class_t) / sizeof(double)];
	uint64_t start = now_ns();
	lab_status_t status = lab_survey();
	uint64_t elapsed = now_ns() - start;
	uint32_t n = lab_class_count();

	memcpy(out, lab_totals(), sizeof(lab_totals_t));
	memcpy((char *)out + sizeof(lab_totals_t), lab_classes(), n * sizeof(lab_class_t));
	respond(status, n, elapsed, out, (uint32_t)(sizeof(lab_totals_t) + n * sizeof(lab_class_t)));
}

static void
rows(void) {
	static uint32_t out[LAB_ROWS * sizeof(lab_granule_t) / sizeof(uint32_t)];
	const uint32_t columns = sizeof(lab_granule_t) / sizeof(uint32_t);
	uint32_t n = lab_survey_rows();

	for (uint32_t f = 0; f < columns; f++) {
		memcpy(out + f * n, lab_rows() + f * LAB_ROWS, n * sizeof(uint32_t));
	}
	respond(LAB_OK, n, 0, out, n * columns * (uint32_t)sizeof(uint32_t));
}

static void
locate(uint32_t from) {
	uint32_t n = lab_locate(from);

	respond(LAB_OK, n, 0, lab_located(), n * (uint32_t)sizeof(uint32_t));
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
			survey();
			break;
		case CALL_ROWS:
			rows();
			break;
		case CALL_LOCATE:
			locate(request[1]);
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
