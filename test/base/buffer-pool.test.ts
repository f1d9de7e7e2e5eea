import { describe, expect, test } from 'vitest';
import type { BufferPoolOptions } from '#slablab/src/base/buffer-pool.js';
import { BufferPool } from '#slablab/src/base/index.js';

function pool(options: Partial<BufferPoolOptions<ArrayBuffer>> = {}): BufferPool<ArrayBuffer> {
  return new BufferPool({ allocate: (bytes) => new ArrayBuffer(bytes), maxUnused: 2, ...options });
}

describe('a pool of buffers', () => {
  test('hands out the newest of those that were given back', () => {
    const buffers = pool();
    const [one, other] = [buffers.take(8), buffers.take(8)];
    buffers.giveBack(one);
    buffers.giveBack(other);
    expect(buffers.take(8)).toBe(other);
    expect(buffers.take(8)).toBe(one);
    expect([one, other]).not.toContain(buffers.take(8));
  });

  test('keeps so many', () => {
    const buffers = pool();
    const given = [buffers.take(8), buffers.take(8), buffers.take(8)];
    for (const buffer of given) buffers.giveBack(buffer);
    expect([buffers.take(8), buffers.take(8)]).toEqual([given[2], given[1]]);
    expect(given).not.toContain(buffers.take(8));
  });

  test('looks for the size that is wanted', () => {
    const exact = pool();
    exact.giveBack(new ArrayBuffer(9));
    expect(exact.take(8).byteLength).toBe(8);
    expect(exact.take(9).byteLength).toBe(9);
    const roomy = pool({ maxRatio: 2 });
    roomy.giveBack(new ArrayBuffer(16));
    expect(roomy.take(7).byteLength).toBe(7);
    expect(roomy.take(8).byteLength).toBe(16);
  });

  test('leaves small ones, those given back twice and those that were transferred', () => {
    const buffers = pool({ minBytes: 8, maxRatio: 8 });
    buffers.giveBack(new ArrayBuffer(7));
    expect(buffers.take(8).byteLength).toBe(8);
    const transferred = new ArrayBuffer(8);
    structuredClone(transferred, { transfer: [transferred] });
    buffers.giveBack(transferred);
    expect(buffers.take(8).byteLength).toBe(8);
    const twice = new ArrayBuffer(8);
    buffers.giveBack(twice);
    buffers.giveBack(twice);
    expect(buffers.take(8)).toBe(twice);
    expect(buffers.take(8)).not.toBe(twice);
  });

  test('may be for its own buffers only', () => {
    const buffers = pool({ ownOnly: true });
    const foreign = new ArrayBuffer(8);
    buffers.giveBack(foreign);
    expect(buffers.take(8)).not.toBe(foreign);
  });
});
