import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { MallocStats } from '#slablab/src/analysis/malloc-stats/malloc-stats.js';
import { parseMallocStats } from '#slablab/src/analysis/malloc-stats/parse-malloc-stats.js';

/** Recorded from servers under a few thousand keys; `arenas`: after an asynchronous flush, so that two have one. */
function recorded(name: string): Promise<string> {
  return readFile(new URL(`malloc-stats/jemalloc-${name}.txt`, import.meta.url), 'utf8');
}

function bytesOf({ bins, large }: Pick<MallocStats, 'bins' | 'large'>): number {
  return (
    bins.reduce((sum, { size, curregs }) => sum + size * curregs, 0) +
    large.reduce((sum, { size, curlextents }) => sum + size * curlextents, 0)
  );
}

describe('recorded statistics', () => {
  test.each([
    { name: '5.1.0-redis-6.0', version: '5.1.0-0-g0', quantum: 8, cacheOblivious: true, arenas: [0, 1] },
    { name: '5.2.1-redis-7.0', version: '5.2.1-0-g0', quantum: 8, cacheOblivious: true, arenas: [0, 1] },
    { name: '5.3.0-redis-7.2', version: '5.3.0-0-g0', quantum: 8, cacheOblivious: false, arenas: [0] },
    { name: '5.3.0-debian', version: /^5\.3\.0-0-g54eaed1d/, quantum: 16, cacheOblivious: true, arenas: [0] },
    { name: '5.3.0-debian-arenas', version: /^5\.3\.0/, quantum: 16, cacheOblivious: true, arenas: [0, 1] },
  ])('jemalloc $name: classes add up to the total', async (expected) => {
    const stats = parseMallocStats(await recorded(expected.name));
    expect(stats.version).toMatch(expected.version);
    expect(stats.quantum).toBe(expected.quantum);
    expect(stats.cacheOblivious).toBe(expected.cacheOblivious);
    expect([...stats.arenas.keys()]).toEqual(expected.arenas);
    expect(bytesOf(stats)).toBe(stats.totals.allocated);
    const each = [...stats.arenas.values()];
    expect(each.reduce((sum, arena) => sum + bytesOf(arena), 0)).toBe(stats.totals.allocated);
    for (const { curregs, curslabs, regs } of stats.bins)
      expect(curregs).toBeLessThanOrEqual(curslabs * regs);
  });

  test('figures, one by one', async () => {
    const { bins, large, totals } = parseMallocStats(await recorded('5.3.0-debian'));
    expect(totals).toEqual({
      allocated: 2_521_952,
      active: 2_711_552,
      metadata: 2_769_520,
      resident: 5_394_432,
      mapped: 9_003_008,
      retained: 2_007_040,
    });
    expect(bins.find(({ size }) => size === 320)).toEqual({
      size: 320,
      regs: 64,
      pages: 5,
      curregs: expect.any(Number),
      curslabs: expect.any(Number),
      nonfullSlabs: expect.any(Number),
    });
    expect(large.length).toBeGreaterThan(3);
  });

  test.each([
    ['5.1.0-redis-6.0', { parked: 245_008, internal: 65_608, dirty: 929 * 4096, muzzy: 0 }],
    ['5.2.1-redis-7.0', { parked: 265_624, internal: 65_624, dirty: 281 * 4096, muzzy: 0 }],
    ['5.3.0-debian-arenas', { parked: 400_456, internal: 122_880, dirty: 899 * 4096, muzzy: 0 }],
  ])('what tcaches and pages hold, over all arenas: %s', async (name, pools) => {
    const { pools: found, decay } = parseMallocStats(await recorded(name));
    expect(found).toEqual(pools);
    expect(decay).toEqual({
      dirtyMs: 10_000,
      muzzyMs: name.startsWith('5.1') ? 10_000 : 0,
      backgroundThread: true,
    });
  });

  test('a decay time that fills its column', async () => {
    const text = (await recorded('5.3.0-debian'))
      .replace(/^ +muzzy: +0 +0/m, '   muzzy:600000        10111')
      .replace('(arenas.muzzy_decay_ms: 0)', '(arenas.muzzy_decay_ms: 600000)');
    const { pools, decay } = parseMallocStats(text);
    expect(pools.muzzy).toBe(10_111 * 4096);
    expect(decay.muzzyMs).toBe(600_000);
  });

  test('5.1 prints no slabs that are not full', async () => {
    const { bins } = parseMallocStats(await recorded('5.1.0-redis-6.0'));
    expect(new Set(bins.map(({ nonfullSlabs }) => nonfullSlabs))).toEqual(new Set([null]));
  });
});

describe('text that is not what it should be', () => {
  test('no statistics at all: a server without jemalloc', () => {
    expect(() => parseMallocStats('Stats not supported for the current allocator')).toThrow(
      'they start with "Stats not supported for the current allo", not with "___ Begin jemalloc statistics ___"',
    );
  });

  test('cut short', async () => {
    const text = await recorded('5.3.0-debian');
    expect(() => parseMallocStats(text.slice(0, -40))).toThrow('they break off before "--- End');
  });

  test('a total is missing', async () => {
    const text = await recorded('5.3.0-debian');
    expect(() => parseMallocStats(text.replace('resident:', 'present:'))).toThrow('no total `resident`');
  });

  test('a column is missing', async () => {
    const text = await recorded('5.3.0-debian');
    expect(() => parseMallocStats(text.replace(/^(bins:.* )curslabs/m, '$1slabs'))).toThrow(
      /line \d+: no figure in a column `curslabs`/,
    );
  });

  test('figures that run into one another', async () => {
    const text = await recorded('5.3.0-debian');
    expect(() => parseMallocStats(text.replace(/^( +8 +0 +\d+) +/m, '$1'))).toThrow(
      /line \d+: \d+ figures under \d+ headings/,
    );
  });
});
