/*
 * The virtual clock that jemalloc reads, which only the operation stream advances. compile.mk renames
 * clock_gettime to lab_clock_gettime in jemalloc's sources. Decay therefore depends on the stream alone.
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
