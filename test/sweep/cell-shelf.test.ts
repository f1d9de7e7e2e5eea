import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { CellShelf } from '#slablab/src/sweep/cell-shelf.js';
import { sweepJson } from '#slablab/src/sweep/sweep-json.js';
import type { SweepCell, SweepResult } from '#slablab/src/sweep/sweep-result.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-shelf-'));
});
afterAll(() => rm(directory, { recursive: true }));

const NAMES = ['plain', 'a "quote"\n  "cells": []', 'ünï'];

function cellsOf(count: number): SweepCell[] {
  return Array.from({ length: count }, (_, cell) => ({
    cell,
    values: { name: NAMES[cell % NAMES.length]! },
    figures: null,
    error: cell % 4 === 3 ? { name: 'EngineError', message: 'lost\nhere', position: null } : null,
    run:
      cell % 4 === 3
        ? null
        : ({
            conf: `narenas:${cell}`,
            phases: [{ name: 'first' }, { name: 'end', keys: cell, bins: [cell], large: [] }],
          } as unknown as RunResult),
    timing: { replayMs: cell / 3, operationsPerSecond: null },
  }));
}

const resultOf = (cells: readonly SweepCell[]) =>
  ({
    schema: 'slablab.sweep/1',
    workload: '"cells": []',
    cells,
    groups: [{ cells: [] }],
    pareto: [],
  }) as unknown as SweepResult;

test.each([0, 1, 10])(
  'the pieces of a result of %d cells are its JSON text, and memory has one phase without its classes',
  (count) => {
    const shelf = CellShelf.in(directory);
    const cells = cellsOf(count);
    const light = cells.map((cell) => shelf.put(cell));
    const kept = light.flatMap(({ run }) => run?.phases ?? []);
    expect(kept.every(({ name, bins }) => name === 'end' && bins.length === 0)).toBe(true);
    expect(light.map(({ run }) => run?.conf)).toEqual(cells.map(({ run }) => run?.conf));
    expect([...shelf.wholes(light)]).toEqual(cells);
    expect([...sweepJson(resultOf(light), shelf)].join('')).toBe(
      `${JSON.stringify(resultOf(cells), null, 2)}\n`,
    );
    shelf.close();
  },
);

test('nothing of it stays in the directory, and what the disk does not take stays in memory', async () => {
  const shelf = CellShelf.in(directory);
  expect(await readdir(directory)).toEqual([]);
  const [first, second] = cellsOf(2) as [SweepCell, SweepCell];
  const light = shelf.put(first);
  shelf.close();
  // A file that takes nothing stands for a full disk.
  expect(shelf.whole(shelf.put(second))).toEqual(second);
  expect(light.run?.phases).toEqual([{ name: 'end', keys: 0, bins: [], large: [] }]);
});
