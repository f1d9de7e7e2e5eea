/**
 * The replay alone, of streams that are in memory: what WebAssembly costs, and what drainprof does.
 *
 * WebAssembly is measured warm, as in a sweep or on a page: the module has been compiled and optimized by a first
 * lap, which is given separately ("first lap"); the allocator in it is new each time. Native legs are new processes.
 */
import type { Goal, Leg, Table } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';
import { type Lap, lap, WAYS } from './replay-ways.js';
import { type BenchStream, randomReplacement, scatteredDelete } from './streams.js';

const ROUNDS = 15;

interface WayResult {
  readonly way: string;
  readonly firstLapMops: number;
  readonly mops: number;
  readonly mopsWithTransfer: number;
  readonly ofNative: number;
}

interface StreamResult {
  readonly stream: string;
  readonly operations: number;
  readonly ways: readonly WayResult[];
  /** Share of time that drainprof adds. */
  readonly drainprofCost: { readonly native: number; readonly wasm: number };
}

export const againstNative: Leg = {
  title: 'Replay alone',
  about:
    'Operations in memory are replayed natively and in WebAssembly, each with and without instrumentation. ' +
    'WebAssembly is warm, as in a sweep or on a page; "first lap" is a fresh process, in which it is still being optimized.',
  async measure() {
    const results: StreamResult[] = [];
    for (const stream of [randomReplacement(), await scatteredDelete()]) results.push(await measure(stream));
    return { tables: results.map(tableOf), goals: goalsOf(results[0]!), figures: results };
  },
};

async function measure(stream: BenchStream): Promise<StreamResult> {
  const laps: Lap[][] = WAYS.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, way] of WAYS.entries()) laps[i]?.push(await lap(way, stream));
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
    ways: timed.map(({ first, replay, wall }, i) => ({
      way: WAYS[i]!.name,
      firstLapMops: mops(first),
      mops: mops(replay),
      mopsWithTransfer: mops(wall),
      ofNative: plain / replay,
    })),
    drainprofCost: { native: native / plain - 1, wasm: wasm / bare - 1 },
  };
}

function tableOf({ stream, operations, ways }: StreamResult): Table {
  return {
    caption: `${stream}, ${operations} operations: M operations/s, lower quartile of ${ROUNDS} laps`,
    columns: ['', 'replay', 'of native', 'first lap', 'with transfer'],
    rows: ways.map(({ way, mops, ofNative, firstLapMops, mopsWithTransfer }) => [
      way,
      mops.toFixed(1),
      ofNative.toFixed(2),
      firstLapMops.toFixed(1),
      mopsWithTransfer.toFixed(1),
    ]),
  };
}

function goalsOf({ ways }: StreamResult): Goal[] {
  const [, native, , wasm] = ways as [WayResult, WayResult, WayResult, WayResult];
  return [
    {
      what: 'instrumented wasm replay / native without instrumentation',
      measured: wasm.ofNative,
      is: 'at least',
      goal: 0.92,
      unit: '',
      bound:
        'Without hooks, WebAssembly has 0.92. With the whole table of flow in one cache line, the ' +
        'replay was 1.05 to 1.33 times as fast in two comparisons, so that much of the cost is memory ' +
        "that hooks touch at random. Keeping jemalloc's slow paths out of its fast paths (a limit on " +
        "Binaryen's inlining) made it 0.99 to 1.03 times as fast. Both at a load of 20.",
    },
    {
      what: 'native replay with drainprof / without',
      measured: native.ofNative,
      is: 'at least',
      goal: 0.95,
      unit: '',
      bound:
        'Two attempts changed nothing beyond the noise: with the whole table of flow in one cache ' +
        "line the replay was 0.97 to 1.02 times as fast, and with the ledger's tables in huge pages " +
        '0.97 to 1.04. Both at a load of 20.',
    },
  ];
}
