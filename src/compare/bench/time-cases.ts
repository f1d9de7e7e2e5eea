/** Measures speed in WebAssembly as a share of the native twin's, which is comparable between machines. */
import { nativeTwin } from '../../engine/node.js';
import { runCells, type SweepOptions } from '../../sweep/node.js';
import type { CaseTiming } from './bench-result.js';
import type { SuiteCase } from './suite.js';

/** Laps of each side. The fastest counts, since other load on the machine only makes a lap slower. */
const LAPS = 5;
const SIDES = ['wasm', 'native'] as const;

/** Times cases one at a time, with alternating sides. Returns times by name; cases that fail have none. */
export async function timeCases(
  cases: readonly SuiteCase[],
  { onNote, ...options }: Pick<SweepOptions, 'spillDirectory' | 'signal' | 'onNote'>,
): Promise<Map<string, CaseTiming>> {
  const timings = new Map<string, CaseTiming>();
  for (const { name, cell } of cases) {
    if (options.signal?.aborted === true) break;
    const laps = Array.from({ length: LAPS * SIDES.length }, (_, lap) => {
      const runtime = SIDES[lap % SIDES.length]!;
      return { ...cell, cell: lap, allocator: { ...cell.allocator, runtime } };
    });
    const done = await runCells(laps, { ...options, jobs: 1 });
    const failure = done.find(({ error }) => error !== null)?.error?.message;
    if (failure !== undefined) onNote?.(`${name}: no speed could be measured: ${failure}`);
    if (failure !== undefined || done.length < laps.length) continue;
    const fastest = (side: number) =>
      Math.min(...done.filter((_, lap) => lap % SIDES.length === side).map(({ timing }) => timing.replayMs));
    const [wasmMs, nativeMs] = [fastest(0), fastest(1)];
    timings.set(name, { wasmMs, nativeMs, ofNative: nativeMs / wasmMs });
  }
  return timings;
}

/** Rejects if a native twin is missing, before anything runs. */
export async function checkTwins(cases: readonly SuiteCase[]): Promise<void> {
  for (const build of new Set(cases.map(({ cell }) => cell.allocator.build))) await nativeTwin(build);
}
