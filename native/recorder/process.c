/* The files of a process, and what is known about the program and its allocator. Raw system calls only. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "record.h"

#define PAGE_BYTES 4096
#define PATH_BYTES 4096

static uint32_t no_generation;
static struct recording_control no_control;
uint32_t *recorder_generation = &no_generation;
struct recording_control *recorder_control = &no_control;
struct recording_counts *recorder_counts;
unsigned recorder_stacks;
bool recorder_uses_tsc;
bool recorder_is_single = true;
uint64_t recorder_next_order = 1;

static char directory[PATH_BYTES];
/* `PID-START` of this image of this process. */
static char id[48];
static uint32_t generation;

/* --- text without the C library's formatting, which may allocate --- */

static size_t length_of(const char *text) {
	size_t n = 0;
	while (text[n] != '\0') {
		n++;
	}
	return n;
}

static char *append_text(char *at, const char *end, const char *text) {
	while (*text != '\0' && at < end) {
		*at++ = *text++;
	}
	*at = '\0';
	return at;
}

static char *append_number(char *at, const char *end, uint64_t value, unsigned base) {
	char digits[24];
	unsigned n = sizeof digits - 1;
	digits[n] = '\0';
	do {
		digits[--n] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0);
	return append_text(at, end, digits + n);
}

/* Appends the path DIRECTORY/ID + suffix. */
static void path_of(char path[PATH_BYTES], const char *suffix) {
	const char *end = path + PATH_BYTES - 1;
	char *at = append_text(path, end, directory);
	at = append_text(at, end, "/");
	at = append_text(at, end, id);
	append_text(at, end, suffix);
}

/* --- system calls, which return -errno --- */

static long result_of(long result) {
	return result < 0 ? -(long)errno : result;
}

static int open_file(const char *path, int flags) {
	int fd = (int)result_of(syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC | O_NOFOLLOW, 0600));
	if (fd >= 0 && (flags & O_CREAT) != 0 && geteuid() == 0) {
		/* A daemon that gives up root continues its files. The directory's name is the secret of its owner. */
		(void)syscall(SYS_fchmod, fd, 0666);
	}
	return fd;
}

void recorder_close(int fd) {
	(void)syscall(SYS_close, fd);
}

void *recorder_map(size_t bytes, int fd, uint64_t offset) {
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
#ifdef __SANITIZE_THREAD__
	/* ThreadSanitizer sees calls of mmap only, and not system calls. */
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, (off_t)offset);
	return at == MAP_FAILED ? NULL : at;
#else
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, (off_t)offset);
	return at == -1 ? NULL : (void *)at;
#endif
}

void recorder_unmap(void *at, size_t bytes) {
	if (at != NULL) {
		(void)syscall(SYS_munmap, at, bytes);
	}
}

uint64_t recorder_clock_ns(void) {
	struct timespec now = {0};
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void recorder_set_full(int reason) {
	if (recorder_counts != NULL) {
		recorder_counts->full_reason = (uint32_t)reason;
	}
}

/*
 * Gives a file real blocks, so that no store into its mapping can fail. Returns 0 or an errno. A limit on the size of
 * files is checked first, since the system call would end the program with SIGXFSZ.
 */
int recorder_allocate(int fd, uint64_t offset, size_t bytes) {
	struct rlimit limit;
	if (syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &limit) == 0 && offset + bytes > limit.rlim_cur) {
		return EFBIG;
	}
	long result = result_of(syscall(SYS_fallocate, fd, 0, (off_t)offset, (off_t)bytes));
	if (result != -EOPNOTSUPP && result != -ENOSYS) {
		return (int)-result;
	}
	static const uint8_t zeros[PAGE_BYTES];
	for (size_t written = 0; written < bytes;) {
		result = result_of(syscall(SYS_pwrite64, fd, zeros, sizeof zeros, (off_t)(offset + written)));
		if (result <= 0) {
			return result == 0 ? ENOSPC : (int)-result;
		}
		written += (size_t)result;
	}
	return 0;
}

int recorder_open_stream(uint32_t number) {
	char path[PATH_BYTES];
	char suffix[32];
	const char *end = suffix + sizeof suffix - 1;
	char *at = append_text(suffix, end, "-");
	at = append_number(at, end, number, 10);
	append_text(at, end, ".stream");
	path_of(path, suffix);
	return open_file(path, O_RDWR | O_CREAT);
}

/* --- the text about the process --- */

struct text {
	int fd;
	size_t used;
	char bytes[1024];
};

static void flush_text(struct text *text) {
	if (text->used > 0) {
		(void)!syscall(SYS_write, text->fd, text->bytes, text->used);
	}
	text->used = 0;
}

static void put(struct text *text, char byte) {
	if (text->used == sizeof text->bytes) {
		flush_text(text);
	}
	text->bytes[text->used++] = byte;
}

static void put_value(struct text *text, const char *value) {
	for (; *value != '\0'; value++) {
		uint8_t byte = (uint8_t)*value;
		if (byte < ' ' || byte == '%' || byte == 127) {
			put(text, '%');
			put(text, "0123456789ABCDEF"[byte >> 4]);
			put(text, "0123456789ABCDEF"[byte & 15]);
		} else {
			put(text, (char)byte);
		}
	}
}

static void put_line(struct text *text, const char *key, const char *value) {
	put_value(text, key);
	put(text, ' ');
	put_value(text, value);
	put(text, '\n');
}

static void put_number(struct text *text, const char *key, uint64_t value) {
	char digits[24];
	append_number(digits, digits + sizeof digits - 1, value, 10);
	put_line(text, key, digits);
}

static void put_arguments(struct text *text) {
	char bytes[512];
	int fd = open_file("/proc/self/cmdline", O_RDONLY);
	bool is_first = true;
	long count;
	while (fd >= 0 && (count = result_of(syscall(SYS_read, fd, bytes, sizeof bytes - 1))) > 0) {
		for (long i = 0; i < count; i++) {
			if (is_first) {
				put_value(text, "argument");
				put(text, ' ');
			}
			is_first = bytes[i] == '\0';
			if (is_first) {
				put(text, '\n');
			} else {
				char one[2] = {bytes[i], '\0'};
				put_value(text, one);
			}
		}
	}
	if (!is_first) {
		put(text, '\n');
	}
	if (fd >= 0) {
		recorder_close(fd);
	}
}

static void describe_process(struct text *text) {
	char image[PATH_BYTES];
	long length = result_of(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", image, sizeof image - 1));
	image[length < 0 ? 0 : length] = '\0';
	put_number(text, "slablab-recording", RECORDING_VERSION);
	put_number(text, "pid", (uint64_t)getpid());
	put_number(text, "parent", (uint64_t)getppid());
	put_line(text, "image", image);
	put_line(text, "order", recorder_uses_tsc ? "tsc" : "counter");
	put_number(text, "stacks", recorder_stacks);
	put_line(text, "prefix", PREFIXED_TEXT());
	put_arguments(text);
}

typedef int mallctl_function(const char *, void *, size_t *, void *, size_t);

static void put_control(struct text *text, mallctl_function *mallctl, const char *key, const char *name, size_t bytes) {
	uint64_t value = 0;
	size_t length = bytes;
	if (mallctl(name, &value, &length, NULL, 0) == 0) {
		put_number(text, key, value);
	}
}

static void describe_allocator(struct text *text) {
	/* The pointers travel through unions, since ISO C has no cast from an object pointer to a function pointer. */
	union { void *object; mallctl_function *call; } mallctl = {.object = dlsym(RTLD_NEXT, PREFIXED_TEXT(mallctl))};
	void *real = dlsym(RTLD_NEXT, PREFIXED_TEXT(malloc));
	Dl_info of_malloc, of_mallctl;
	if (real != NULL && dladdr(real, &of_malloc) != 0 && of_malloc.dli_fname != NULL) {
		put_line(text, "library", of_malloc.dli_fname);
	}
	bool is_jemalloc = mallctl.object != NULL && real != NULL && dladdr(mallctl.object, &of_mallctl) != 0 &&
	    of_malloc.dli_fbase == of_mallctl.dli_fbase;
	put_line(text, "allocator", is_jemalloc ? "jemalloc" : "other");
	if (is_jemalloc) {
		const char *version = NULL;
		size_t length = sizeof version;
		if (mallctl.call("version", &version, &length, NULL, 0) == 0 && version != NULL) {
			put_line(text, "version", version);
		}
		put_control(text, mallctl.call, "quantum", "arenas.quantum", sizeof(size_t));
		put_control(text, mallctl.call, "page", "arenas.page", sizeof(size_t));
		put_control(text, mallctl.call, "narenas", "opt.narenas", sizeof(unsigned));
		const char *conf = getenv("MALLOC_CONF");
		if (conf != NULL) {
			put_line(text, "conf", conf);
		}
	}
}

static void write_about(void (*describe)(struct text *)) {
	char path[PATH_BYTES];
	path_of(path, ".process");
	struct text text = {.fd = open_file(path, O_WRONLY | O_CREAT | O_APPEND)};
	if (text.fd >= 0) {
		describe(&text);
		flush_text(&text);
		recorder_close(text.fd);
	}
}

void recorder_copy_maps(void) {
	char path[PATH_BYTES];
	char bytes[PAGE_BYTES];
	path_of(path, ".maps");
	int from = open_file("/proc/self/maps", O_RDONLY);
	int to = open_file(path, O_WRONLY | O_CREAT | O_APPEND);
	long count;
	while (from >= 0 && to >= 0 && (count = result_of(syscall(SYS_read, from, bytes, sizeof bytes))) > 0) {
		(void)!syscall(SYS_write, to, bytes, (size_t)count);
	}
	if (from >= 0) {
		recorder_close(from);
	}
	if (to >= 0) {
		recorder_close(to);
	}
}

/* --- the beginning --- */

static bool has_steady_tsc(void) {
#if defined(__x86_64__)
	unsigned a, b, c, d;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;
#else
	return false;
#endif
}

/* Maps the page that a child of fork finds zeroed. */
static bool map_generation(void) {
	uint32_t *page = recorder_map(PAGE_BYTES, -1, 0);
	if (page == NULL || syscall(SYS_madvise, page, PAGE_BYTES, MADV_WIPEONFORK) != 0) {
		return false;
	}
	recorder_generation = page;
	return true;
}

static bool join_recording(void) {
	const char *where = getenv("SLABLAB_RECORD");
	if (where == NULL || length_of(where) + 64 > sizeof directory) {
		recorder_control->state = STATE_STOPPED;
		return false;
	}
	append_text(directory, directory + sizeof directory - 1, where);
	const char *stacks = getenv("SLABLAB_RECORD_STACKS");
	for (; stacks != NULL && *stacks >= '0' && *stacks <= '9'; stacks++) {
		recorder_stacks = recorder_stacks * 10 + (unsigned)(*stacks - '0');
	}
	recorder_stacks = recorder_stacks > MAX_FRAMES ? MAX_FRAMES : recorder_stacks;
	recorder_uses_tsc = has_steady_tsc();
	recorder_is_single = recorder_uses_tsc;
	char path[PATH_BYTES];
	const char *end = path + sizeof path - 1;
	append_text(append_text(path, end, directory), end, "/control");
	int fd = open_file(path, O_RDWR);
	struct recording_control *control = fd < 0 ? NULL : recorder_map(PAGE_BYTES, fd, 0);
	if (fd >= 0) {
		recorder_close(fd);
	}
	if (control == NULL || !map_generation()) {
		recorder_control->state = STATE_STOPPED;
		return false;
	}
	recorder_control = control;
	return true;
}

/* Begins the files of this process. Returns its generation, or 0 if there is no recording to write to. */
uint32_t recorder_begin_process(void) {
	bool is_first = generation == 0;
	if (is_first && !join_recording()) {
		return 0;
	}
	const char *end = id + sizeof id - 1;
	char *at = append_number(id, end, (uint64_t)getpid(), 10);
	at = append_text(at, end, "-");
	append_number(at, end, recorder_clock_ns(), 16);
	write_about(describe_process);
	char path[PATH_BYTES];
	path_of(path, ".counts");
	int fd = open_file(path, O_RDWR | O_CREAT);
	recorder_counts = NULL;
	if (fd >= 0 && recorder_allocate(fd, 0, PAGE_BYTES) == 0) {
		recorder_counts = recorder_map(PAGE_BYTES, fd, 0);
	}
	if (fd >= 0) {
		recorder_close(fd);
	}
	if (!is_first) {
		write_about(describe_allocator);
		if (recorder_stacks > 0) {
			recorder_copy_maps();
		}
	}
	return ++generation;
}

/* Describes the allocator once it can be asked, and loads what backtraces need. */
__attribute__((constructor)) static void begin_image(void) {
	int kept = errno;
	if (*recorder_generation == 0) {
		recorder_make_room(&recorder_self);
	}
	if (*recorder_generation != 0) {
		write_about(describe_allocator);
		recorder_prepare_sites();
		if (recorder_stacks > 0) {
			recorder_copy_maps();
		}
	}
	errno = kept;
}

__attribute__((destructor)) static void end_image(void) {
	/* Libraries that were loaded later are in the maps now. */
	if (*recorder_generation != 0 && recorder_stacks > 0) {
		int kept = errno;
		recorder_copy_maps();
		errno = kept;
	}
}
