import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { AddressTable, FREED, UNKNOWN } from '#slablab/src/trace/address-table.js';
import { printedSeed } from '../support/seed.js';

test('a random history gives what a Map gives', () => {
  const random = new Random(printedSeed('address table'));
  const table = new AddressTable();
  const naive = new Map<number, number>();
  for (let step = 1; step <= 60_000; step++) {
    const address = 2 ** 46 + 8 * random.below(10_000) + 2 ** 32 * random.below(3);
    const expected = naive.get(address) ?? UNKNOWN;
    expect(table.get(address)).toBe(expected);
    if (random.below(2) === 0) {
      table.set(address, step);
      naive.set(address, step);
    } else {
      expect(table.release(address)).toBe(expected);
      if (expected !== UNKNOWN) naive.set(address, FREED);
    }
  }
  expect(table.live).toBe([...naive.values()].filter((value) => value !== FREED).length);
});

test('addresses that were freed do not make the table grow without end', () => {
  const table = new AddressTable();
  for (let step = 1; step <= 3_000_000; step++) {
    table.set(8 * step, step);
    table.release(8 * step);
  }
  expect(table.live).toBe(0);
  expect(table.places).toBeLessThanOrEqual(1 << 20);
});
