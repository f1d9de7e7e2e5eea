/**
 * Records small programs that end, fork, hand over and are interrupted in hard ways, a thousand times each, and checks that
 * every call is in each recording. Then it does the same with a recorder that the compiler's sanitizers watch. `make
 * soak-recorder` runs it; ROUNDS=50 takes fewer.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatCount } from '../../src/base/index.js';
import { PACKAGE_ROOT } from '../../src/engine/node.js';
import { findRecorder, listImages, RecordingSession, writeTrace } from '../../src/trace/node.js';

interface HardProgram {
  readonly name: string;
  /** What stands before main, and the body of main. */
  readonly before?: string;
  readonly body: string;
  readonly images: number;
  /** The least number of calls in all images, those that were counted alone among them. */
  readonly calls: number;
  readonly maxBytes?: number;
}

const PRELUDE = `
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
static void *volatile kept;
static void churn(int n) { for (int i = 0; i < n; i++) { kept = malloc(16 + i % 500); free(kept); } }
`;

const PROGRAMS: readonly HardProgram[] = [
  {
    name: '64 threads that allocate, hand over and exit',
    before: `static void *shared[64];
      static void *work(void *unused) {
        for (int i = 0; i < 300; i++) free(__atomic_exchange_n(&shared[i % 64], malloc(8 + i), __ATOMIC_ACQ_REL));
        return unused;
      }`,
    body: `pthread_t threads[64];
      for (int i = 0; i < 64; i++) pthread_create(&threads[i], NULL, work, NULL);
      for (int i = 0; i < 64; i++) pthread_join(threads[i], NULL);`,
    images: 1,
    calls: 64 * 300 * 2 - 64,
  },
  {
    name: '50 forks at once',
    body: `for (int i = 0; i < 50; i++) if (fork() == 0) { churn(100); _exit(0); }
      while (wait(NULL) > 0) churn(1);`,
    images: 51,
    calls: 50 * 200 + 100,
  },
  { name: 'kill -9', body: 'churn(20000); kill(getpid(), SIGKILL); pause();', images: 1, calls: 40_000 },
  {
    name: 'signals during calls',
    before: 'static volatile int handled; static void handler(int unused) { handled++; (void)unused; }',
    body: `signal(SIGALRM, handler);
      struct itimerval often = {{0, 50}, {0, 50}};
      setitimer(ITIMER_REAL, &often, NULL);
      for (int i = 0; i < 20; i++) churn(1000);
      struct itimerval never = {{0, 0}, {0, 0}};
      setitimer(ITIMER_REAL, &never, NULL);`,
    images: 1,
    calls: 40_000,
  },
  { name: 'no more room', body: 'churn(50000);', images: 1, calls: 100_000, maxBytes: 128 * 1024 },
  {
    name: 'a limit on the size of files',
    body: 'struct rlimit limit = {100000, 100000}; setrlimit(RLIMIT_FSIZE, &limit); churn(50000);',
    images: 1,
    calls: 100_000,
  },
];

/** Sanitizers end a program at their first report. */
const SANITIZERS = ['address', 'thread', 'undefined'] as const;
/** The programs that end by themselves, and are not limited. */
const SANITIZED = PROGRAMS.filter(
  ({ body, maxBytes }) => maxBytes === undefined && !/kill|RLIMIT/.test(body),
);
Object.assign(process.env, {
  ASAN_OPTIONS: 'verify_asan_link_order=0',
  TSAN_OPTIONS: 'halt_on_error=1',
});

/** The allocator of sanitized programs, which has a prefix, since sanitizers have a malloc of their own. */
const PREFIX = 'je_';
const ALLOCATOR = `
#include <stdlib.h>
void *je_malloc(size_t size) { return malloc(size); }
void je_free(void *p) { free(p); }
int je_mallctl(void) { return 1; }
`;

interface Way {
  /** Options of the compiler for the programs, and what is preloaded into them. */
  readonly options: readonly string[];
  readonly library: string;
  readonly preload: readonly string[];
}

const rounds = Number(process.env.ROUNDS ?? 1000);
if (!(rounds >= 1)) throw new Error(`ROUNDS=${process.env.ROUNDS}: name a number of rounds`);
const library = await findRecorder('');
if (library === undefined) throw new Error('the recorder has not been made; run: make recorder');
const directory = mkdtempSync(join(tmpdir(), 'slablab-soak-'));
try {
  for (const program of PROGRAMS) {
    await soak(program, '', { options: [], library, preload: ['libjemalloc.so.2'] });
  }
  for (const sanitizer of SANITIZERS) {
    const way = sanitizedWay(sanitizer);
    for (const program of SANITIZED) await soak(program, `, -fsanitize=${sanitizer}`, way);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function soak(program: HardProgram, how: string, way: Way): Promise<void> {
  const path = compiled(program, way.options);
  const started = performance.now();
  for (let round = 1; round <= rounds; round++) {
    const problem = await recordedOnce(program, path, way);
    if (problem !== undefined) throw new Error(`${program.name}${how}, round ${round}: ${problem}`);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${program.name}${how}: ${formatCount(rounds)} recordings without a gap, ${seconds.toFixed(0)} s`,
  );
}

/** Compiles the recorder with a sanitizer, and the allocator that it follows. */
function sanitizedWay(sanitizer: string): Way {
  const flags = [`-fsanitize=${sanitizer}`, '-fno-sanitize-recover=all'];
  const compiler = join(directory, 'cc');
  writeFileSync(compiler, `#!/bin/sh\nexec cc ${flags.join(' ')} "$@"\n`);
  chmodSync(compiler, 0o755);
  const sanitized = join(directory, `recorder-${sanitizer}.so`);
  const script = fileURLToPath(new URL('native/recorder/build.sh', PACKAGE_ROOT));
  const env = { ...process.env, CC: compiler };
  execFileSync('sh', [script, sanitized, PREFIX], { env, stdio: 'inherit' });
  const allocator = join(directory, 'allocator.so');
  writeFileSync(`${allocator}.c`, ALLOCATOR);
  execFileSync('cc', ['-shared', '-fPIC', `${allocator}.c`, '-o', allocator], { stdio: 'inherit' });
  const names = ['malloc', 'free'].map((name) => `-D${name}=${PREFIX}${name}`);
  return { options: [...flags, ...names, allocator], library: sanitized, preload: [] };
}

function compiled({ before = '', body }: HardProgram, options: readonly string[]): string {
  const path = join(directory, 'program');
  writeFileSync(`${path}.c`, `${PRELUDE}${before}\nint main(void) {\n${body}\nreturn 0;\n}\n`);
  execFileSync('cc', ['-O1', '-fno-builtin', '-pthread', `${path}.c`, '-o', path, ...options], {
    stdio: 'inherit',
  });
  return path;
}

/** Records the program. Returns what is wrong with the recording; undefined if nothing is. */
async function recordedOnce(
  { images, calls, maxBytes = 8 * 1024 ** 3 }: HardProgram,
  path: string,
  { library, preload, options }: Way,
): Promise<string | undefined> {
  const out = join(directory, 'trace.ops');
  const session = await RecordingSession.open(out, { maxBytes, isPaused: false });
  try {
    const { exitCode, signal } = await session.run(path, [], {
      library,
      preload,
      stacks: 1,
      redirects: true,
    });
    if (options.length > 0 && exitCode !== 0) return `it ended with ${exitCode ?? signal}`;
    const recorded = listImages(session.directory);
    if (recorded.problems.length > 0) return recorded.problems.join('; ');
    if (recorded.images.length !== images) return `${recorded.images.length} images, not ${images}`;
    let seen = 0;
    for (const image of recorded.images) {
      const { counts, problems } = await writeTrace(image, out);
      const { unknownFrees, doubleFrees, impliedFrees } = counts;
      if (unknownFrees + doubleFrees + impliedFrees > 0) return JSON.stringify(counts);
      if (problems.length > 0) return problems.join('; ');
      seen += counts.calls + image.lost;
    }
    return seen < calls ? `${seen} calls, not ${calls} or more` : undefined;
  } finally {
    await session.close();
  }
}
