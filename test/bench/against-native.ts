/**
 * The replay alone, of streams that are in memory: what WebAssembly costs, and what drainprof does.
 *
 * WebAssembly is measured warm, as in a sweep or on a page: the module has been compiled and optimized by a first
 * lap, which is given separately ("first lap"); the allocator in it is new each time. Native legs are new processes.
 */
import { type Lap, LEGS, lap } from './legs.js';
import { fastQuartileOfTimes, row } from './measured.js';
import { type BenchStream, randomReplacement, scatteredDelete } from './streams.js';

const ROUNDS = 15;

export interface LegResult {
  readonly leg: string;
  readonly firstLapMops: number;
  readonly mops: number;
  readonly mopsWithTransfer: number;
  readonly ofNative: number;
}

export interface StreamResult {
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
    first: first!.replayMs,
    replay: fastQuartileOfTimes(rest.map(({ replayMs }) => replayMs)),
    wall: fastQuartileOfTimes(rest.map(({ wallMs }) => wallMs)),
  }));
  const [plain, native, bare, wasm] = timed.map(({ replay }) => replay) as [number, number, number, number];
  return {
    stream: stream.name,
    operations: stream.operations,
    legs: timed.map(({ first, replay, wall }, i) => ({
      leg: LEGS[i]!.name,
      firstLapMops: mops(first),
      mops: mops(replay),
      mopsWithTransfer: mops(wall),
      ofNative: plain / replay,
    })),
    drainprofCost: { native: native / plain - 1, wasm: wasm / bare - 1 },
  };
}

function print({ stream, operations, legs, drainprofCost }: StreamResult): void {
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

export async function againstNative(): Promise<StreamResult[]> {
  const results: StreamResult[] = [];
  for (const stream of [randomReplacement(), await scatteredDelete()]) {
    const result = await measure(stream);
    print(result);
    results.push(result);
  }
  return results;
}
