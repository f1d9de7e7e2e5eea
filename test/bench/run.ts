/**
 * `make bench`: speed, as ratios measured side by side in one run. The legs take turns, so that what the machine
 * does meanwhile falls on all of them. Whatever else runs only ever adds time, so lower quartiles are compared, which
 * a busy machine moves less than medians. Absolute figures are the machine's, ratios ours.
 *
 * WebAssembly is measured warm, as in a sweep or on a page: the module has been compiled and optimized by a first
 * lap, which is given separately ("first lap"); the allocator in it is new each time. Native legs are new processes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { type Lap, LEGS, lap } from './legs.js';
import { type BenchStream, randomReplacement, scatteredDelete } from './streams.js';

const ROUNDS = 15;

interface LegResult {
  readonly leg: string;
  readonly firstLapMops: number;
  readonly mops: number;
  readonly mopsWithTransfer: number;
  readonly ofNative: number;
}

interface StreamResult {
  readonly stream: string;
  readonly operations: number;
  readonly legs: readonly LegResult[];
  /** Share of time that drainprof adds. */
  readonly drainprofCost: { readonly native: number; readonly wasm: number };
}

async function measure(stream: BenchStream): Promise<StreamResult> {
  const laps: Lap[][] = LEGS.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, leg] of LEGS.entries()) laps[i]?.push(await lap(leg, stream));
  }
  const mops = (ms: number) => stream.operations / ms / 1000;
  const timed = laps.map(([first, ...rest]) => ({
    first: (first as Lap).replayMs,
    replay: lowerQuartile(rest.map(({ replayMs }) => replayMs)),
    wall: lowerQuartile(rest.map(({ wallMs }) => wallMs)),
  }));
  const [plain, native, bare, wasm] = timed.map(({ replay }) => replay) as [number, number, number, number];
  return {
    stream: stream.name,
    operations: stream.operations,
    legs: timed.map(({ first, replay, wall }, i) => ({
      leg: LEGS[i]?.name as string,
      firstLapMops: mops(first),
      mops: mops(replay),
      mopsWithTransfer: mops(wall),
      ofNative: plain / replay,
    })),
    drainprofCost: { native: native / plain - 1, wasm: wasm / bare - 1 },
  };
}

function lowerQuartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] as number;
}

function print({ stream, operations, legs, drainprofCost }: StreamResult): void {
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i ? cell.padStart(13) : cell.padEnd(28))).join('');
  console.log(`\n${stream} (${operations} operations, lower quartile of ${ROUNDS} laps, M operations/s)`);
  console.log(row(['', 'replay', 'of native', 'first lap', 'with transfer']));
  for (const { leg, mops, ofNative, firstLapMops, mopsWithTransfer } of legs) {
    console.log(
      row([leg, mops.toFixed(1), ofNative.toFixed(2), firstLapMops.toFixed(1), mopsWithTransfer.toFixed(1)]),
    );
  }
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  console.log(`drainprof costs ${percent(drainprofCost.wasm)} of the uninstrumented wasm run`);
}

const results: StreamResult[] = [];
for (const stream of [randomReplacement(), await scatteredDelete()]) {
  const result = await measure(stream);
  print(result);
  results.push(result);
}
const file = new URL('../../../results/bench.json', import.meta.url);
await mkdir(new URL('.', file), { recursive: true });
await writeFile(file, `${JSON.stringify({ schema: 'slablab.speed/1', rounds: ROUNDS, results }, null, 2)}\n`);
console.log(`\nwritten to results/bench.json`);
