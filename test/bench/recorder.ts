/**
 * The recorder's cost: a loop of malloc and free on the distribution's jemalloc, with and without `slablab record`, beside
 * heaptrack where it is installed. The program measures its own processor time.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from '../support/main.js';
import type { Leg, Table } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

const LAPS = 7;
/** The goal of a recorded call, beside the call alone. */
const GOAL_NS = 25;
const JEMALLOC = 'libjemalloc.so.2';

const SOURCE = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static long calls;
static void *loop(void *unused) {
  void *kept[64] = {0};
  for (long i = 0; i < calls / 2; i++) {
    void **slot = &kept[i * 7 & 63];
    free(*slot);
    *(void *volatile *)slot = malloc(16 + (i & 255));
  }
  return unused;
}
int main(int argc, char **argv) {
  int threads = argc > 1 ? atoi(argv[1]) : 1;
  calls = atol(argv[2]);
  struct timespec from, to;
  pthread_t more[8];
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (int i = 1; i < threads; i++) pthread_create(&more[i], NULL, loop, NULL);
  loop(NULL);
  for (int i = 1; i < threads; i++) pthread_join(more[i], NULL);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  fprintf(stderr, "ns %f\\n", ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / ((double)calls * threads));
}
`;

interface Way {
  readonly name: string;
  readonly threads: number;
  readonly calls: number;
  command(program: readonly string[], directory: string): readonly string[];
}

const withJemalloc = (command: readonly string[]) => ['env', `LD_PRELOAD=${JEMALLOC}`, ...command];
const recorded = (stacks: number) => (program: readonly string[], directory: string) => [
  process.execPath,
  MAIN,
  'record',
  ...['--out', join(directory, 't.ops'), '--stacks', `${stacks}`, '--preload', JEMALLOC, '--', ...program],
];

const WAYS: readonly Way[] = [
  { name: 'jemalloc alone', threads: 1, calls: 4e6, command: withJemalloc },
  { name: 'recorded, no sites', threads: 1, calls: 4e6, command: recorded(0) },
  { name: 'recorded, callers', threads: 1, calls: 4e6, command: recorded(1) },
  { name: 'recorded, 4 frames', threads: 1, calls: 4e5, command: recorded(4) },
  {
    name: 'heaptrack',
    threads: 1,
    calls: 4e5,
    // heaptrack writes into the directory that it is started in.
    command: (program, directory) =>
      withJemalloc(['sh', '-c', 'cd "$0" && exec heaptrack "$@"', directory, ...program]),
  },
  { name: 'jemalloc alone', threads: 2, calls: 2e6, command: withJemalloc },
  { name: 'recorded, no sites', threads: 2, calls: 2e6, command: recorded(0) },
];

interface RecorderCost {
  readonly name: string;
  readonly threads: number;
  /** Processor time of a call, in ns; null if the tool is not installed. */
  readonly ns: number | null;
}

export const costOfRecorder: Leg = {
  title: 'The recorder of programs',
  about:
    "A loop of malloc and free runs on the distribution's jemalloc, alone and recorded. It measures its own processor time.",
  measure() {
    const costs = measureWays();
    const without = costs.find(({ name }) => name === 'recorded, no sites')!;
    return {
      tables: [tableOf(costs)],
      goals: [
        {
          what: 'what the recorder adds to a call, without call sites',
          measured: more(without, costs),
          is: 'at most',
          goal: GOAL_NS,
          unit: 'ns',
        },
      ],
      figures: costs,
    };
  },
};

/** Measures what each way adds to a call. */
function measureWays(): readonly RecorderCost[] {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-bench-recorder-'));
  try {
    writeFileSync(join(directory, 'loop.c'), SOURCE);
    const program = join(directory, 'loop');
    execFileSync('cc', ['-O2', '-fno-builtin', '-pthread', join(directory, 'loop.c'), '-o', program]);
    const times = WAYS.map((): number[] => []);
    for (let lap = 0; lap < LAPS; lap++) {
      for (const [index, way] of WAYS.entries()) {
        const ns = lapOf(way.command([program, `${way.threads}`, `${way.calls}`], directory));
        if (ns !== undefined) times[index]!.push(ns);
      }
    }
    return WAYS.map(({ name, threads }, index) => ({
      name,
      threads,
      ns: times[index]!.length === 0 ? null : fastQuartileOfTimes(times[index]!),
    }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function lapOf([command = '', ...args]: readonly string[]): number | undefined {
  const { stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const ns = /ns ([\d.]+)/.exec(stderr ?? '')?.[1];
  return ns === undefined ? undefined : Number(ns);
}

function tableOf(costs: readonly RecorderCost[]): Table {
  return {
    caption: `Processor time of a call, ns, fast quartile of ${LAPS} laps`,
    columns: ['', 'threads', 'ns', 'more'],
    rows: costs.map((cost) => [
      cost.name,
      `${cost.threads}`,
      ...(cost.ns === null ? ['not installed', ''] : [cost.ns.toFixed(1), more(cost, costs).toFixed(1)]),
    ]),
  };
}

/** Returns what a way adds to a call of as many threads, in ns. */
function more({ threads, ns }: RecorderCost, costs: readonly RecorderCost[]): number {
  const alone = costs.find((one) => one.threads === threads)?.ns ?? 0;
  return ns === null ? Number.NaN : ns - alone;
}
