import { expect, test } from 'vitest';
import { breachOf, contractOf, queueName } from '#slablab/src/queue/contract.js';
import { cellsToVerify } from '#slablab/src/queue/verifications.js';
import type { Cell } from '#slablab/src/sweep/grid/grid.js';

const CELLS = [{ allocator: { build: 'q3', runtime: 'wasm' } }] as unknown as Cell[];

test('a program keeps its own contract, and no other version, build or checksum does', async () => {
  const contract = await contractOf('1.0', CELLS);
  expect(await breachOf('1.0', contract)).toBeUndefined();
  expect(await breachOf('1.1', contract)).toBe('it needs slablab 1.0, and this is 1.1');
  const other = { ...contract, builds: { 'q3/wasm': 'abc' } };
  expect(await breachOf('1.0', other)).toContain('q3/wasm has another checksum');
  const absent = { ...contract, builds: { 'q9/wasm': 'abc' } };
  expect(await breachOf('1.0', absent)).toContain('the build q9/wasm, which is not here');
});

test('versions have queues of their own, whose names the engine takes', async () => {
  expect(await queueName('1.0')).toMatch(/^cells-[0-9a-f]{12}$/);
  expect(await queueName('1.0')).not.toBe(await queueName('1.1'));
});

test.each([
  [0, []],
  [0.02, [0]],
  [0.25, [0, 3, 6]],
  [1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
])('a share of %d is spread over the grid', (share, expected) => {
  const cells = Array.from({ length: 10 }, (_, cell) => cell);
  expect(cellsToVerify(cells, share)).toEqual(expected);
});
