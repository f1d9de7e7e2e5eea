import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';
import { JEMALLOC, WITHOUT_GAPS, Workshop } from '../support/recorded.js';
import { withSmallDisk } from '../support/small-disk.js';
import { spawned } from '../support/spawned.js';

const workshop = new Workshop();
const isRoot = process.geteuid?.() === 0;

const INCLUDES = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
static void *volatile kept;
static void churn(int n) { for (int i = 0; i < n; i++) { kept = malloc(16 + i % 500); free(kept); } }
`;

/** Compiles a main function whose heap is otherwise untouched. */
function program(name: string, body: string, before = ''): string {
  return workshop.compile(`${name}.c`, `${INCLUDES}${before}\nint main(void) {\n${body}\n}\n`);
}

describe('what ends a program', () => {
  // The calls before the end are in pages of the file, so that nothing needs to be written at the end.
  const endings = {
    return: 'return 0;',
    _exit: '_exit(0);',
    'kill -9': 'kill(getpid(), SIGKILL); pause();',
    abort: 'abort();',
    'all descriptors closed': 'for (int fd = 3; fd < 1024; fd++) close(fd); churn(100000); _exit(0);',
  };
  test.each(Object.entries(endings))('%s: every call before it is recorded', async (name, ending) => {
    const path = program(`end-${name.replaceAll(' ', '')}`, `churn(100000); ${ending}`);
    const { images } = await workshop.record([path]);
    expect(images).toHaveLength(1);
    const [image] = images;
    expect(image!.counts).toMatchObject(WITHOUT_GAPS);
    expect(image!.counts.calls).toBeGreaterThanOrEqual(name.startsWith('all') ? 400_000 : 200_000);
    expect(image!.counts.calls).toBeLessThan(401_000);
  });
});

describe('the exit code is the program’s', () => {
  test.each([
    ['a code', 'return 200;', 200, { exitCode: 200, signal: null }],
    ['a signal', 'kill(getpid(), SIGTERM); pause();', 143, { exitCode: null, signal: 'SIGTERM' }],
    ['a crash', '*(volatile int *)8 = 1;', 139, { exitCode: null, signal: 'SIGSEGV' }],
  ])('%s', async (name, ending, code, inResult) => {
    const path = program(`code-${name.replace(' ', '')}`, `churn(10); ${ending}`);
    const args = ['record', '--out', workshop.path('code.ops'), '--json', '--', path];
    const { exitCode, stdout } = await slablab(args);
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject(inResult);
  });

  test('but 1 where nothing was recorded, and 2 where the trace cannot be written', async () => {
    const path = program('code-zero', 'return 0;');
    const paused = ['record', '--out', workshop.path('code.ops'), '--start-paused', '--', path];
    expect((await slablab(paused)).exitCode).toBe(1);
    const nowhere = ['record', '--out', workshop.path('missing/code.ops'), '--', path];
    expect((await slablab(nowhere)).exitCode).toBe(2);
  });
});

describe('threads', () => {
  const work = `
    static void *shared[64];
    static void *work(void *unused) {
      for (int i = 0; i < 2000; i++) {
        void *mine = realloc(malloc(8 + i % 300), 8 + i % 3000);
        free(__atomic_exchange_n(&shared[i % 64], mine, __ATOMIC_ACQ_REL));
      }
      return unused;
    }`;

  test('64 that allocate, hand over and exit, three times', async () => {
    const body = `
      pthread_t threads[64];
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 64; i++) pthread_create(&threads[i], NULL, work, NULL);
        for (int i = 0; i < 64; i++) pthread_join(threads[i], NULL);
      }
      return 0;`;
    const { images } = await workshop.record([program('threads', body, work)]);
    expect(images[0]!.counts).toMatchObject({ ...WITHOUT_GAPS, threads: 193 });
    expect(images[0]!.lost).toBe(0);
    expect(images[0]!.counts.calls).toBeGreaterThanOrEqual(3 * 64 * 2000 * 3 - 64);
  });

  test('one after another use the same file', async () => {
    const body = `
      for (int i = 0; i < 300; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
        pthread_join(thread, NULL);
      }
      return 0;`;
    const { images } = await workshop.record([program('successive', body, work)]);
    expect(images[0]!.counts).toMatchObject({ ...WITHOUT_GAPS, threads: 301 });
    expect(images[0]!.rawBytes).toBeLessThan(12 * images[0]!.counts.calls!);
  });

  test('memory that destructors of a thread free after the allocator has let go of it', async () => {
    const body = `
      pthread_t thread;
      pthread_key_create(&key, again);
      for (int i = 0; i < 20; i++) { pthread_create(&thread, NULL, keep, NULL); pthread_join(thread, NULL); }
      return 0;`;
    const before = `
      static pthread_key_t key;
      static int rounds;
      static void again(void *p) { free(p); if (++rounds % 4 != 0) pthread_setspecific(key, malloc(100)); }
      static void *keep(void *unused) { pthread_setspecific(key, malloc(100)); return unused; }`;
    const { images } = await workshop.record([program('late', body, before)]);
    expect(images[0]!.counts).toMatchObject({ ...WITHOUT_GAPS, threads: 21 });
  });
});

describe('processes', () => {
  test('fork: the child has files of its own', async () => {
    const body = `
      churn(1000);
      if (fork() == 0) { churn(5000); if (fork() == 0) { churn(3000); _exit(0); } wait(NULL); _exit(0); }
      wait(NULL);
      churn(1000);
      return 0;`;
    const { images } = await workshop.record([program('fork', body)]);
    const calls = images.map(({ counts }) => counts.calls!).sort((a, b) => a - b);
    expect(calls).toHaveLength(3);
    for (const [index, expected] of [4000, 6000, 10_000].entries()) {
      expect(calls[index]! - expected).toBeGreaterThanOrEqual(0);
      expect(calls[index]! - expected).toBeLessThan(100);
    }
    for (const { counts } of images) expect(counts).toMatchObject(WITHOUT_GAPS);
  });

  test('a child made without the C library does not write into its parent’s files', async () => {
    const body = `
      churn(1000);
      if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) { churn(5000); _exit(0); }
      wait(NULL);
      churn(1000);
      return 0;`;
    const { images } = await workshop.record([program('clone', body, '#include <sys/syscall.h>')]);
    expect(images.map(({ counts }) => counts.calls! >= 4000)).toEqual([true, true]);
    for (const { counts } of images) expect(counts).toMatchObject(WITHOUT_GAPS);
  });

  test('vfork and exec: the child’s calls are in the heap that it shares, then in an image of its own', async () => {
    const body = `
      churn(1000);
      if (vfork() == 0) { churn(10); execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL); _exit(1); }
      int status;
      wait(&status);
      return WEXITSTATUS(status);`;
    const { images, exitCode } = await workshop.record([program('vfork', body)]);
    expect(exitCode).toBe(3);
    expect(images.map(({ image }) => image.split('/').pop())).toEqual(['vfork', 'dash']);
    expect(images[0]!.counts.calls).toBeGreaterThanOrEqual(2020);
    expect(images[0]!.counts).toMatchObject(WITHOUT_GAPS);
  });

  test('exec in the same process begins an image', async () => {
    const path = program(
      'exec',
      'churn(1000); execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL); return 1;',
    );
    const { images } = await workshop.record([path]);
    expect(images).toHaveLength(2);
    expect(images[0]!.pid).toBe(images[1]!.pid);
    expect(images[0]!.counts.calls).toBeGreaterThanOrEqual(2000);
  });

  test('many forks at once stay bounded', async () => {
    const body = `
      for (int i = 0; i < 200; i++) if (fork() == 0) { churn(100); _exit(0); }
      while (wait(NULL) > 0) churn(1);
      return 0;`;
    const { images } = await workshop.record([program('bomb', body)]);
    expect(images).toHaveLength(201);
    expect(images.every(({ rawBytes }) => rawBytes <= 65_536 * 2)).toBe(true);
  });
});

describe('room', () => {
  const surviving = 'churn(400000); puts("alive"); return 7;';

  test('--max-size ends the recording, not the program', async () => {
    const options = ['--preload', JEMALLOC, '--max-size', '256kb'];
    const { images, exitCode, stderr } = await workshop.record([program('large', surviving)], { options });
    expect(exitCode).toBe(7);
    expect(images[0]!.rawBytes).toBeLessThanOrEqual(256 * 1024);
    expect(images[0]!.counts).toMatchObject(WITHOUT_GAPS);
    expect(images[0]!.counts.calls! + images[0]!.lost).toBeGreaterThanOrEqual(800_000);
    expect(stderr).toContain('recording stopped at 256.0 KiB');
    expect(stderr).toContain('alive');
  });

  test('a limit on the size of files: the program is not ended by SIGXFSZ', async () => {
    const limit = 'struct rlimit limit = {100000, 100000}; setrlimit(RLIMIT_FSIZE, &limit);';
    const { images, exitCode, stderr } = await workshop.record([program('limited', limit + surviving)]);
    expect(exitCode).toBe(7);
    expect(images[0]!.lost).toBeGreaterThan(600_000);
    expect(images[0]!.counts.calls! + images[0]!.lost).toBeGreaterThanOrEqual(800_000);
    expect(stderr).toContain('the program limits the size of files');
  });

  test('no descriptor is left for the recorder', async () => {
    const limit = 'churn(10); struct rlimit limit = {3, 3}; setrlimit(RLIMIT_NOFILE, &limit);';
    const { images, exitCode } = await workshop.record([program('descriptors', limit + surviving)]);
    expect(exitCode).toBe(7);
    expect(images[0]!.counts.calls! + images[0]!.lost).toBeGreaterThanOrEqual(800_000);
  });

  withSmallDisk(
    'a full disk: the calls are counted, and the program runs on',
    'size=1m',
    async (directory) => {
      const args = ['record', '--out', `${directory}/t.ops`, '--json', '--', program('full', surviving)];
      const { stdout, stderr } = await slablab(args);
      expect(stderr).toContain('alive');
      expect(stderr).toMatch(/the disk is full|No space|ENOSPC/);
      if (stdout !== '') expect(JSON.parse(stdout)).toMatchObject({ exitCode: 7 });
    },
  );
});

test.skipIf(!isRoot)('a daemon that gives up root goes on to be recorded', async () => {
  chmodSync(workshop.directory, 0o755);
  const path = program('daemon', 'if (setgid(65534) || setuid(65534)) return 1; churn(400000); return 0;');
  const { images, exitCode } = await workshop.record([path]);
  expect(exitCode).toBe(0);
  expect(images[0]!.lost).toBe(0);
  expect(images[0]!.counts.calls).toBeGreaterThanOrEqual(800_000);
});

// An allocator that a signal handler may call, unlike real ones: it only moves a pointer on.
const SIMPLE = `
#include <stddef.h>
#include <string.h>
static _Alignas(16) char heap[1 << 28];
static size_t used;
void *NAME(malloc)(size_t n) { size_t at = __atomic_fetch_add(&used, (n + 31) & ~(size_t)15, __ATOMIC_RELAXED); return heap + at; }
void *NAME(calloc)(size_t n, size_t size) { return NAME(malloc)(n * size); }
void NAME(free)(void *p) { (void)p; }
void *NAME(realloc)(void *p, size_t n) { void *q = NAME(malloc)(n); if (p) memcpy(q, p, n); return q; }
`;

test('signal handlers that allocate: their calls are recorded whole', async () => {
  const library = workshop.compile('simple.c', `#define NAME(x) x\n${SIMPLE}`, '-shared', '-fPIC');
  const before = `
    static volatile int handled, inner;
    static void handler(int unused) { handled++; for (int i = 0; i < 3; i++) { free(malloc(64)); inner += 2; } (void)unused; }`;
  const body = `
    signal(SIGALRM, handler);
    struct itimerval often = {{0, 50}, {0, 50}};
    setitimer(ITIMER_REAL, &often, NULL);
    int outer = 0;
    while (handled < 3000) { kept = malloc(32); free(kept); outer += 2; }
    struct itimerval never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &never, NULL);
    fprintf(stderr, "calls %d\\n", outer + inner);
    return 0;`;
  const path = program('signals', body, before);
  const { images, stderr } = await workshop.record([path], { options: ['--preload', library] });
  const calls = Number(/calls (\d+)/.exec(stderr)![1]);
  expect(images[0]!.counts).toMatchObject(WITHOUT_GAPS);
  // Signals that arrive faster than a page is mapped find no place to wait: those calls are counted.
  const seen = images[0]!.counts.calls! + images[0]!.lost;
  expect(seen - calls).toBeGreaterThanOrEqual(0);
  expect(seen - calls).toBeLessThan(50);
  expect(images[0]!.lost).toBeLessThan(calls / 100);
});

describe('C++', () => {
  const source = `
    #include <cstdio>
    #include <memory>
    #include <new>
    struct alignas(64) Wide { char bytes[128]; };
    struct Line { char bytes[40]; };
    int main() {
      for (int i = 0; i < 1000; i++) {
        delete new Line; delete[] new int[i + 1]; delete new Wide; delete[] new Wide[3];
        ::operator delete(::operator new(100)); ::operator delete(::operator new(100, std::nothrow), std::nothrow);
        ::operator delete[](::operator new[](100)); ::operator delete(::operator new(100), (std::size_t)100);
      }
      try { volatile std::size_t much = (std::size_t)1 << 62; delete[] new char[much]; } catch (std::bad_alloc &) {}
      for (int i = 0; i < 1000; i++) delete new Line;
    }`;
  test.each([
    ['jemalloc', ['--preload', JEMALLOC]],
    ['the C library', []],
  ] as const)('every operator is recorded once, on %s', async (_, options) => {
    const path = workshop.compile('operators.cc', source, '-std=c++17', '-O0');
    const { images } = await workshop.record([path], { options: [...options] });
    const { calls, ...counts } = images[0]!.counts;
    expect(counts).toMatchObject(WITHOUT_GAPS);
    expect(calls! - 18_000).toBeGreaterThanOrEqual(0);
    expect(calls! - 18_000).toBeLessThan(60);
  });
});

test('every function of C and of jemalloc', async () => {
  const body = `
    void *p;
    for (int i = 0; i < 1000; i++) {
      free(calloc(3, 40)); free(reallocarray(NULL, 4, 25)); free(aligned_alloc(64, 128)); free(memalign(128, 10));
      posix_memalign(&p, 4096, 100); free(p); free(valloc(5000)); free(pvalloc(10));
      p = realloc(malloc(10), 1000); p = realloc(p, 0);
      p = rallocx(mallocx(100, 0), 3000, 0); xallocx(p, 3500, 0, 0); dallocx(p, 0);
      sdallocx(mallocx(200, 0x40), 200, 0); dallocx(mallocx(64, 6 | 1 << 8), 1 << 8);
    }
    if (malloc((size_t)1 << 62) != NULL || errno != ENOMEM) return 1;
    return malloc_usable_size(malloc(100)) < 100;`;
  const before = `
    #include <malloc.h>
    void *mallocx(size_t, int); void *rallocx(void *, size_t, int); size_t xallocx(void *, size_t, size_t, int);
    void dallocx(void *, int); void sdallocx(void *, size_t, int);
    #pragma GCC diagnostic ignored "-Wunused-result"`;
  const source = `${INCLUDES}${before}\nint main(void) {\n${body}\n}\n`;
  const path = workshop.compile('functions.c', source, '-l:libjemalloc.so.2');
  const { images, exitCode } = await workshop.record([path], { options: [] });
  expect(exitCode).toBe(0);
  expect(images[0]).toMatchObject({ quantum: 16 });
  expect(images[0]!.jemalloc).toMatch(/^5\./);
  const { calls, ...counts } = images[0]!.counts;
  expect(counts).toMatchObject({ ...WITHOUT_GAPS, failedCalls: 1 });
  expect(calls! - 25_000).toBeGreaterThanOrEqual(0);
  expect(calls! - 25_000).toBeLessThan(60);
});

describe('prefixes', () => {
  const library = () => {
    const source = `#define NAME(x) je_##x\n${SIMPLE}\nint je_mallctl(void) { return 1; }`;
    return workshop.compile('prefixed.c', source, '-shared', '-fPIC');
  };
  const source = `
    #include <stddef.h>
    void *je_malloc(size_t); void je_free(void *);
    int main(void) { for (int i = 0; i < 500; i++) je_free(je_malloc(100)); return 0; }`;

  test('a program on a shared jemalloc with a prefix is refused with the option that it needs', async () => {
    const path = workshop.compile('user.c', source, library());
    const { stderr, exitCode } = await slablab(['record', '--out', workshop.path('t.ops'), '--', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('give `--prefix je_`');
  });

  test('with --prefix its calls are recorded, and no others', async () => {
    const path = workshop.compile('user.c', source, library());
    const { images } = await workshop.record([path], { options: ['--prefix', 'je_'] });
    expect(images[0]!.counts).toMatchObject({ ...WITHOUT_GAPS, calls: 1000 });
  });

  test('a jemalloc within the program is refused', async () => {
    const text = `#define NAME(x) je_##x\n${SIMPLE}\nint je_mallctl(void) { return 1; }\n${source}`;
    const path = workshop.compile('bundled.c', text);
    const { stderr, exitCode } = await slablab(['record', '--out', workshop.path('t.ops'), '--', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('jemalloc is part of it, as `je_malloc`');
  });
});

describe('programs that cannot be recorded', () => {
  const refused = async (path: string, words: string) => {
    const { stdout, stderr, exitCode } = await slablab([
      'record',
      '--out',
      workshop.path('t.ops'),
      '--',
      path,
    ]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(existsSync(workshop.path('t.ops'))).toBe(false);
  };

  test('a static one', () =>
    refused(workshop.compile('static.c', 'int main(void) { return 0; }', '-static'), 'a static program'));
  test('one with a malloc of its own', () => {
    const text = `#define NAME(x) x\n${SIMPLE}\nint main(void) { return malloc(1) == NULL; }`;
    return refused(workshop.compile('own.c', text, '-rdynamic'), 'it defines `malloc` itself');
  });
  test('one that is not there', () => refused('/no/such/program', 'there is no such program'));
  test('one that is not in PATH', () => refused('no-such-program', 'there is no such program in PATH'));
  test('a directory', () => refused('/usr', 'there is no such program'));
  test('a file without the right to execute it', () =>
    refused(workshop.write('plain', 'text'), 'it may not be executed'));
  test.skipIf(!isRoot)('one that is setuid for another user', async () => {
    const path = workshop.path('setuid');
    copyFileSync('/bin/true', path);
    chownSync(path, 65534, 65534);
    chmodSync(path, 0o4755);
    await refused(path, 'setuid: the loader ignores preloaded libraries there');
  });
  test('a file that is no program', async () => {
    const path = workshop.write('data', '\x01\x02\x03\x00 neither');
    chmodSync(path, 0o755);
    await refused(path, 'neither an ELF program nor a script');
  });
});

test('what a program prints and reads is its own, and its exit code is passed on', async () => {
  const out = workshop.path('io.ops');
  const { stdout, stderr, exitCode } = await slablab(
    ['record', '--out', out, '--', 'sh', '-c', 'cat; exit 5'],
    {},
    workshop.directory,
    'the input',
  );
  expect([stdout, exitCode]).toEqual(['the input', 5]);
  expect(stderr).toContain('the program ended with code 5');
});

test('--for stops the recording, and the program runs on to its end', async () => {
  const path = program('for', 'churn(1000); return 4;');
  // The shell ends when slablab has said that it stopped, which it writes to the file.
  const log = workshop.path('for.log');
  const wait = `until grep -q 'recording stopped' ${log} 2>/dev/null; do :; done; exec ${path}`;
  const record = `${process.execPath} ${MAIN} record --out ${workshop.path('for.ops')} --for 0.2 --all -- sh -c "${wait}" 2>${log}`;
  await spawned('sh', ['-c', record]);
  const said = readFileSync(log, 'utf8');
  expect(said).toContain('recording stopped; the program runs on');
  expect(said).toContain('the program ended with code 4');
  expect(said).not.toContain(`operations of ${path}`);
});

test('--start-paused and SIGUSR2: what a pause hides is not recorded', async () => {
  const body =
    'churn(1000); kill(getppid(), SIGUSR2); while (access(getenv("SEEN"), F_OK)) {} churn(5000); return 0;';
  const path = program('paused', body);
  const log = workshop.path('paused.log');
  const seen = workshop.path('seen');
  const watch = `until grep -q 'slablab: recording' ${log} 2>/dev/null; do :; done; : >${seen}`;
  const out = workshop.path('paused.ops');
  const record = `${process.execPath} ${MAIN} record --out ${out} --start-paused -- ${path} 2>${log}`;
  await spawned('sh', ['-c', `(${watch}) & SEEN=${seen} ${record}; wait`]);
  const operations = Number(/([\d,]+) operations/.exec(readFileSync(log, 'utf8'))![1]!.replaceAll(',', ''));
  expect(operations).toBeGreaterThanOrEqual(10_000);
  expect(operations).toBeLessThan(10_100);
});

test('a recording that stays paused holds nothing, and says so', async () => {
  const args = [
    'record',
    '--out',
    workshop.path('never.ops'),
    '--start-paused',
    '--',
    program('never', 'churn(10); return 0;'),
  ];
  const { stderr, exitCode } = await slablab(args);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('nothing was recorded: send SIGUSR2 to slablab to begin');
});

/** Writes the trace of a recording that was left, and returns what the command says. */
async function convertLeft(directory: string, out: string): Promise<{ operations: number }> {
  const { stdout, exitCode } = await slablab(['record', '--convert', directory, '--out', out, '--json']);
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as { images: { operations: number }[] }).images[0]!;
}

test('a recording whose slablab was killed is found by the next one, and becomes a trace', async () => {
  const directory = workshop.path('killed');
  mkdirSync(directory);
  const out = `${directory}/t.ops`;
  const path = program('killer', 'churn(1000); kill(getppid(), SIGKILL); return 0;');
  expect((await slablab(['record', '--out', out, '--', path])).exitCode).not.toBe(0);
  const [left] = readdirSync(directory);
  expect(left).toMatch(/^\.t\.ops\.recording-/);
  const next = await slablab(['record', '--out', out, '--', program('next', 'churn(1); return 0;')]);
  expect(next.stderr).toContain(`record --convert ${directory}/${left} --out FILE`);
  const { operations } = await convertLeft(`${directory}/${left}`, `${directory}/left.ops`);
  expect(operations).toBeGreaterThanOrEqual(2000);
  const nothing = await slablab(['record', '--convert', workshop.directory, '--out', out]);
  expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('no recording is in it')]);
});

withSmallDisk('a trace that cannot be written: the recording is kept', 'size=2m', async (directory) => {
  const fill = `
    churn(1000);
    char block[512] = {1};
    int ballast = open("${directory}/ballast", O_CREAT | O_WRONLY, 0600);
    while (write(ballast, block, sizeof block) > 0) ;
    return 0;`;
  const { exitCode, stderr } = await slablab([
    'record',
    '--out',
    `${directory}/t.ops`,
    '--',
    program('filler', fill),
  ]);
  expect(exitCode).toBe(2);
  const left = /record --convert (\S+) --out FILE/.exec(stderr)?.[1];
  const { operations } = await convertLeft(left!, workshop.path('kept.ops'));
  expect(operations).toBeGreaterThanOrEqual(2000);
});

test('nothing is left beside the trace', async () => {
  const { out } = await workshop.record(['true']);
  expect(readdirSync(dirname(out)).filter((name) => name.startsWith('.'))).toEqual([]);
});
