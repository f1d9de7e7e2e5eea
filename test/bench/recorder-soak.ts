/**
 * Records small programs that end, fork, hand over and are interrupted in hard ways, a thousand times each, and checks that
 * every call is in each recording. `make soak-recorder` runs it; ROUNDS=50 takes fewer.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from '../../src/base/index.js';
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

const rounds = Number(process.env.ROUNDS ?? 1000);
if (!(rounds >= 1)) throw new Error(`ROUNDS=${process.env.ROUNDS}: name a number of rounds`);
const library = await findRecorder('');
if (library === undefined) throw new Error('the recorder has not been made; run: make recorder');
const directory = mkdtempSync(join(tmpdir(), 'slablab-soak-'));
try {
  for (const program of PROGRAMS) {
    const path = compiled(program);
    const started = performance.now();
    for (let round = 1; round <= rounds; round++) {
      const problem = await recordedOnce(program, path, library);
      if (problem !== undefined) throw new Error(`${program.name}, round ${round}: ${problem}`);
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(`${program.name}: ${formatCount(rounds)} recordings without a gap, ${seconds.toFixed(0)} s`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function compiled({ before = '', body }: HardProgram): string {
  const path = join(directory, 'program');
  writeFileSync(`${path}.c`, `${PRELUDE}${before}\nint main(void) {\n${body}\nreturn 0;\n}\n`);
  execFileSync('cc', ['-O1', '-fno-builtin', '-pthread', `${path}.c`, '-o', path], { stdio: 'inherit' });
  return path;
}

/** Records the program. Returns what is wrong with the recording; undefined if nothing is. */
async function recordedOnce(
  { images, calls, maxBytes = 8 * 1024 ** 3 }: HardProgram,
  path: string,
  library: string,
): Promise<string | undefined> {
  const out = join(directory, 'trace.ops');
  const session = await RecordingSession.open(out, {
    library,
    preload: ['libjemalloc.so.2'],
    stacks: 1,
    maxBytes,
    isPaused: false,
    redirects: true,
  });
  try {
    await session.run(path, []);
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
