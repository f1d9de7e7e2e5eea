/*
 * Time, as jemalloc sees it: a number that the operation stream advances. jemalloc's clock_gettime is renamed
 * to this one when it is compiled (Makefile), so that decay is a function of the stream.
 */
#include <time.h>

#include "jemalloc/seams.h"

uint64_t clock_virtual_ns = CLOCK_START_NS;

int lab_clock_gettime(clockid_t clock, struct timespec *out);

int
lab_clock_gettime(clockid_t clock, struct timespec *out) {
	(void)clock;
	out->tv_sec = (time_t)(clock_virtual_ns / 1000000000);
	out->tv_nsec = (long)(clock_virtual_ns % 1000000000);
	return 0;
}
