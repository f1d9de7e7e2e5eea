import { expect, test } from 'vitest';
import type { BuildInfo } from '#slablab/src/engine/index.js';
import { type Cell, makeGrid } from '#slablab/src/sweep/grid/grid.js';
import { parseAxes } from '#slablab/src/sweep/grid/sweep-axis.js';
import { cellsOfShard, parseShard } from '#slablab/src/sweep/shard.js';

const BUILDS = new Map([['q3', { sizeClasses: [8], quantum: 8 } as unknown as BuildInfo]]);

function cellsWith(...axes: string[]): readonly Cell[] {
  const base = {
    subject: { kind: 'commands', path: 'a.resp' },
    workload: undefined,
    parameters: [],
    server: undefined,
    build: 'q3',
    conf: '',
    hooks: 'complete',
    runtime: 'wasm',
  } as const;
  return makeGrid(base, parseAxes(axes, base)).cells;
}

test.each([
  [['seed=1,2,3,4,5,6,7,8,9,10']],
  [['dirty_decay_ms=1,2,3,4,5,6,7']],
  [['dirty_decay_ms=1,2,3,4,5,6,7', 'seed=1,2,3']],
  [['seed=1,2,3', 'dirty_decay_ms=1,2,3,4,5,6,7']],
  [['seed=1']],
])('%s: the parts are all cells, each once, and about equally many', (axes) => {
  const cells = cellsWith(...axes);
  for (const of of [1, 2, 3, 5, 12]) {
    const parts = Array.from({ length: of }, (_, index) =>
      cellsOfShard(cells, BUILDS, { number: index + 1, of }),
    );
    expect(parts.flat().sort((a, b) => a - b)).toEqual(cells.map(({ cell }) => cell));
    const sizes = parts.map((part) => part.length);
    const most = Math.max(1, Math.floor(cells.length / (2 * of)));
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(most);
  }
});

test('cells of one stream stay together', () => {
  const cells = cellsWith('dirty_decay_ms=1,2', 'seed=1,2,3,4');
  const seedsOf = (number: number) =>
    cellsOfShard(cells, BUILDS, { number, of: 2 }).map((cell) => cells[cell]!.values.seed);
  expect(new Set(seedsOf(1))).toEqual(new Set(['1', '3']));
  expect(new Set(seedsOf(2))).toEqual(new Set(['2', '4']));
});

test.each(['', '0/3', '4/3', '1', '1/0', 'a/b', '1/10001', '-1/3', '1/3 '])('%s is no part', (text) => {
  expect(() => parseShard(text)).toThrow(/--shard .*write the number of the part/);
});
