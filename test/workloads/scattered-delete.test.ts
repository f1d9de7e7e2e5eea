import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CommandLog } from '#slablab/src/commands/index.js';
import type { BinRow } from '#slablab/src/engine/snapshot.js';
import { findServer, StructKind } from '#slablab/src/model/index.js';
import type { PhaseResult } from '#slablab/src/run/run-result.js';
import { operationsOf } from '#slablab/src/run/workload-operations.js';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { NAIVE_INFO } from '../support/naive-engine.js';
import { naiveRun } from '../support/naive-run.js';
import { onJemalloc } from '../support/on-jemalloc.js';
import { asRows } from '../support/operations.js';

const workload = findWorkload('scattered-delete');

function* streamOf(settings: readonly string[]): Generator<OpChunk> {
  const server = findServer('redis-7.2')!;
  const context = { server, build: NAIVE_INFO, log: new CommandLog() };
  yield* operationsOf(workload, parseSettings(workload.parameters, settings), context);
}

function digest(settings: readonly string[]): string {
  const hash = createHash('sha256');
  for (const { what, handle, size, length } of streamOf(settings)) {
    for (const column of [what, handle, size]) hash.update(column.subarray(0, length));
  }
  return hash.digest('hex');
}

describe('the stream', () => {
  test('same seed, same bytes; another seed, another order', () => {
    const random = ['keys=20000', 'order=random'];
    expect(digest(random)).toBe(digest(random));
    expect(digest(random)).not.toBe(digest([...random, 'seed=2']));
    expect(digest(['keys=20000'])).toBe(digest(['keys=20000', 'seed=2']));
  });

  test.each([
    ['odd', '0.5'],
    ['random', '0.9'],
    ['sequential', '0.25'],
  ])('order=%s: is well formed, and about as long as estimated', (order, drop) => {
    const settings = ['keys=20000', `order=${order}`, `drop=${drop}`];
    const live: boolean[] = [];
    const sweeps: number[] = [];
    let operations = 0;
    for (const { what, handle, size, length, firstPosition } of streamOf(settings)) {
      expect(firstPosition).toBe(operations);
      operations += length;
      for (let index = 0; index < length; index++) {
        const kind = what[index]! & 0xff;
        const number = handle[index]!;
        if (kind === Kind.malloc || kind === Kind.calloc) {
          if (live[number]) throw new Error(`handle ${number} was given out while live`);
          live[number] = true;
        } else if (kind === Kind.free) {
          if (!live[number]) throw new Error(`free of handle ${number}, which is not live`);
          live[number] = false;
        } else if (kind === Kind.sweep) {
          sweeps.push(size[index]!);
        }
      }
    }
    expect(sweeps).toEqual([0, 1]);
    const estimate = workload.estimateOperations(parseSettings(workload.parameters, settings));
    expect(operations / estimate).toBeGreaterThan(0.99);
    expect(operations / estimate).toBeLessThan(1.01);
  });

  test.each([
    ['one key, odd', ['keys=1'], 0],
    ['one key, all of it', ['keys=1', 'order=sequential', 'drop=1'], 1],
    ['nothing dropped', ['keys=100', 'order=random', 'drop=0'], 0],
    ['all dropped', ['keys=101', 'order=random', 'drop=1'], 101],
    ['an odd number of keys', ['keys=101'], 50],
    ['values as DEBUG POPULATE makes them by itself', ['keys=100', 'valueBytes=0'], 50],
  ])('%s', async (_, settings, deletions) => {
    const { result, failure } = await naiveRun(settings);
    expect(failure).toBeNull();
    expect(result.phases.map(({ commands }) => commands)).toEqual([1, deletions]);
  });

  test.each([
    [['order=odd'], [1, 3, 5, 7, 9]],
    [['order=sequential'], [0, 1, 2, 3, 4]],
    [
      ['order=sequential', 'drop=0.25'],
      [0, 1, 2],
    ],
  ])('%s deletes keys %s', (settings, keys) => {
    expect(deletedKeys(['keys=10', ...settings])).toEqual(keys);
  });

  test('order=random: each key at most once, in no order', () => {
    const keys = deletedKeys(['keys=1000', 'order=random']);
    expect(new Set(keys).size).toBe(500);
    const ascending = [...keys].sort((a, b) => a - b);
    expect(keys).not.toEqual(ascending);
    expect(ascending).not.toEqual(Array.from({ length: 500 }, (_, index) => index));
  });
});

/** Indexes of the keys whose value string is freed, in the order of their going. */
function deletedKeys(settings: readonly string[]): number[] {
  const keyOfValue = new Map<number, number>();
  const deleted: number[] = [];
  let keys = 0;
  for (const [what, handle] of asRows(streamOf(settings))) {
    if (what! >>> 8 === StructKind.valueString) {
      keyOfValue.set(handle!, keys++);
    } else if (what === Kind.free && keyOfValue.has(handle!)) {
      deleted.push(keyOfValue.get(handle!)!);
      keyOfValue.delete(handle!);
    }
  }
  return deleted;
}

function valueSlabs({ bins }: PhaseResult): BinRow {
  return bins.find(({ size }) => size === 1024)!;
}

describe('on jemalloc', () => {
  test('odd keys: 25,000 slabs of class 1024, and not one of them comes back', async () => {
    const { phases } = await onJemalloc(workload, []);
    const [populated, deleted] = phases as [PhaseResult, PhaseResult];
    expect(valueSlabs(populated)).toMatchObject({ curslabs: 25_000, cohortDrained: 0, live: 100_000 });
    expect(valueSlabs(deleted)).toMatchObject({
      curslabs: 25_000,
      cohort: 25_000,
      cohortDrained: 0,
      drained: 0,
    });
    expect(valueSlabs(deleted).live).toBe(50_000);
    expect(deleted.memory.fragmentationRatio).toBeGreaterThan(1.9);
    expect(populated.memory.fragmentationRatio).toBeLessThan(1.05);
    // Real servers hold about 26,000 slabs in all.
    expect(populated.drainprof.tracked).toBeGreaterThan(25_900);
    expect(populated.drainprof.tracked).toBeLessThan(26_200);
  });

  test.each([0.3, 0.5, 0.8, 0.95])(
    'random keys, share %d: a slab of four comes back with probability drop^4',
    async (drop) => {
      const { phases } = await onJemalloc(workload, ['order=random', `drop=${drop}`, 'seed=7']);
      const { cohort, cohortDrained } = valueSlabs(phases[1]!);
      const expected = drop ** 4;
      // Slabs are all but independent, so the count is binomial: five standard deviations, and the slabs in flight.
      const tolerance = 5 * Math.sqrt((expected * (1 - expected)) / cohort) + 10 / cohort;
      expect(Math.abs(cohortDrained / cohort - expected)).toBeLessThan(tolerance);
    },
  );

  test('sequential keys: nearly all of the dropped half comes back', async () => {
    const { phases } = await onJemalloc(workload, ['order=sequential']);
    const { cohort, cohortDrained } = valueSlabs(phases[1]!);
    expect(cohort).toBe(25_000);
    expect(cohortDrained).toBeGreaterThan(12_480);
    expect(cohortDrained).toBeLessThanOrEqual(12_500);
  });
});
