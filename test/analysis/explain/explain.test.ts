import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain, type PartName } from '#slablab/src/analysis/index.js';
import { inTwo, notJemalloc, recorded, recordedInfo, recordedText, residentOfSmall } from '../recorded.js';

const MIB = 1024 * 1024;
const ALL = readdirSync(new URL('../servers/', import.meta.url))
  .filter((file) => file.endsWith('.txt') && !['not-jemalloc.txt', 'resident.txt'].includes(file))
  .map((file) => file.slice(0, -'.txt'.length));

const SMALL = await residentOfSmall();

async function explained(name: string): Promise<Explanation> {
  return explain([await recordedText(name)]);
}

function bytesOf({ parts }: Explanation, ...names: PartName[]): number {
  return parts.filter(({ name }) => names.includes(name)).reduce((sum, { bytes }) => sum + bytes, 0);
}

function partOf(explanation: Explanation, name: PartName | null | undefined) {
  const part = explanation.parts.find((each) => each.name === name);
  if (part === undefined) throw new Error(`no part ${name}`);
  return part;
}

describe('real servers: parts, verdicts, and the first command to try', () => {
  const DEFRAG_BELOW_100_MIB = 'redis-cli CONFIG SET active-defrag-ignore-bytes 1mb';
  test.each([
    { name: 'healthy-redis-7.2.6', largest: 'data', act: null },
    { name: 'healthy-debian', largest: 'data', act: null },
    // Debian's server cannot defragment.
    { name: 'fragmented-debian', act: 'holes', verdict: 'restart', first: 'redis-cli INFO replication' },
    { name: 'fragmented-redis-7.2.6', act: 'holes', verdict: 'defrag', first: DEFRAG_BELOW_100_MIB },
    { name: 'fragmented-valkey-8.0.1', act: 'holes', verdict: 'defrag', first: /^valkey-cli CONFIG SET/ },
    {
      name: 'holes-valkey-9.1.2-jemalloc-5.3.0',
      act: 'holes',
      verdict: 'restart',
      first: /INFO replication/,
    },
    {
      name: 'holes-valkey-9.1.2-jemalloc-5.3.1',
      act: 'holes',
      verdict: 'restart',
      first: /INFO replication/,
    },
    { name: 'defragmented-redis-7.2.6', largest: 'data', act: null },
    { name: 'mass-delete-debian', act: 'dirty', verdict: 'wait', first: 'redis-cli MEMORY PURGE' },
    { name: 'mass-delete-redis-7.2.6', act: 'dirty', verdict: 'wait', first: 'redis-cli MEMORY PURGE' },
    { name: 'mass-delete-valkey-8.0.1', act: 'dirty', verdict: 'wait', first: 'valkey-cli MEMORY PURGE' },
    { name: 'purged-debian', largest: 'data', act: null },
    { name: 'purged-redis-7.2.6', largest: 'data', act: null },
    { name: 'purged-valkey-8.0.1', largest: 'data', act: null },
    { name: 'half-decayed-redis-6.0.16', act: 'muzzy', verdict: 'wait', first: 'redis-cli MEMORY PURGE' },
    // Without a background thread nothing decays at rest.
    { name: 'muzzy-valkey-8.0.1', act: 'muzzy', verdict: 'purge', first: 'valkey-cli MEMORY PURGE' },
    { name: 'no-decay-redis-7.2.6', act: 'dirty', verdict: 'purge', first: 'redis-cli MEMORY PURGE' },
    { name: 'peak-debian', largest: 'data', act: null },
    { name: 'lua-redis-7.2.6', act: 'lua', verdict: 'scripts', first: 'redis-cli SCRIPT FLUSH' },
    { name: 'lua-debian', act: 'lua', verdict: 'scripts', first: 'redis-cli SCRIPT FLUSH' },
    // The C library keeps what Lua gave back; in jemalloc it is purged.
    { name: 'lua-flushed-redis-7.2.6', act: 'process', verdict: 'not-jemalloc', first: /smaps_rollup/ },
    { name: 'lua-flushed-debian', largest: 'data', act: null },
    { name: 'clients-valkey-8.0.1', act: 'buffers', verdict: 'clients', first: 'valkey-cli CLIENT LIST' },
    { name: 'untouched-redis-7.2.6', act: 'buffers', verdict: 'clients', first: 'redis-cli CLIENT LIST' },
    { name: 'libc-redis-7.2.6', act: 'other-allocator', verdict: 'not-jemalloc', first: undefined },
    { name: 'parked-valkey-8.0.1', act: 'parked', verdict: 'wait', first: undefined },
    // The end of each value's last pages is never written.
    { name: 'large-redis-7.2.6', largest: 'data', act: null },
    { name: 'large-debian', largest: 'data', act: null },
    { name: 'fresh-redis-7.0.15', act: 'process', verdict: 'not-jemalloc', first: /smaps_rollup/ },
    { name: 'fresh-debian', act: 'process', verdict: 'not-jemalloc', first: /smaps_rollup/ },
    { name: 'small-1000-debian', act: 'process', verdict: 'not-jemalloc', first: /smaps_rollup/ },
    { name: 'small-5000-redis-7.0.15', largest: 'data', act: null },
    { name: 'small-20000-debian', largest: 'data', act: null },
    {
      name: 'padding-redis-7.0.15',
      largest: 'data',
      act: 'padding',
      verdict: 'key-design',
      first: /memkeys/,
    },
  ] as const)('$name', async ({ name, act, ...expected }) => {
    const explanation = await explained(name);
    expect(explanation.act).toBe(act);
    expect(explanation.parts[0]?.name).toBe('largest' in expected ? expected.largest : act);
    if (act === null) return;
    const part = partOf(explanation, act);
    expect(part.verdict).toBe(expected.verdict);
    if (expected.first instanceof RegExp) expect(part.server[0]).toMatch(expected.first);
    else expect(part.server[0]).toBe(expected.first);
  });

  test('every recorded server is judged above', () => {
    expect(ALL).toHaveLength(34);
  });
});

describe.each(ALL)('%s', (name) => {
  test('the parts add up to RSS, largest first, with the statistics and without', async () => {
    for (const text of [await recorded(name), await recordedInfo(name)]) {
      const { parts, total: rss } = explain([{ name, text }]);
      expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(rss);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      const bytes = parts.map((part) => part.bytes);
      expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
      for (const part of parts) {
        if (part.name !== 'untouched' && part.name !== 'sampling') expect(part.bytes).toBeGreaterThan(0);
      }
    }
  });

  // What is not jemalloc's is a difference; here it meets what the system itself says of the process.
  test("jemalloc's parts and what the system says of the rest add up to RSS", async () => {
    const explanation = await explained(name);
    // Large pieces of Lua's heap have no name there.
    if (explanation.classes === null || name === 'lua-redis-7.2.6') return;
    const { total: rss, parts } = explanation;
    const outside: PartName[] = /debian/.test(name) ? ['process'] : ['process', 'lua'];
    const ours = parts.filter((part) => !outside.includes(part.name));
    const sum = ours.reduce((all, { bytes }) => all + bytes, await notJemalloc(name));
    // What the system has no name for, stacks of threads and zeroed data of libraries, is about 0.2 MiB.
    const close = rss >= 75 * MIB ? rss * 0.01 : Math.max(rss * 0.02, 0.6 * MIB);
    expect(Math.abs(sum - rss)).toBeLessThan(close);
  });

  test('INFO alone finds the same, as far as it can be told apart', async () => {
    const { info } = await inTwo(name);
    const fine = await explained(name);
    const coarse = explain([{ name, text: info }]);
    const close = (...names: PartName[]) => {
      const apart = Math.abs(bytesOf(fine, ...names) - bytesOf(coarse, ...names));
      expect(apart).toBeLessThan(Math.max(0.02 * fine.total, MIB));
    };
    close('data', 'buffers');
    close('holes', 'padding');
    close('dirty', 'metadata', 'dirty-or-metadata', 'muzzy');
    // A fixture made to park by the MiB parks more as it answers.
    if (!name.startsWith('parked')) close('parked', 'other', 'parked-or-other', 'lua');
    expect(coarse.classes).toBeNull();
  });
});

describe.each(SMALL)('$name, held against what the system counts page by page', ({ name, all, jemalloc }) => {
  test("the parts that are jemalloc's are within 2%", async () => {
    const { parts } = await explained(name);
    const ours = parts.filter((part) => part.name !== 'process' && part.name !== 'sampling');
    const sum = ours.reduce((total, { bytes }) => total + bytes, 0);
    expect(Math.abs(sum - jemalloc)).toBeLessThan(0.02 * all);
  });

  // Linux adds up its counts of each processor now and then; these servers ran on two of them.
  test("INFO's RSS is what the system has, but for 256 KiB a processor", async () => {
    const { total: rss } = await explained(name);
    expect(Math.abs(all - rss)).toBeLessThan(2 * 256 * 1024);
  });
});

describe("a server on a system's jemalloc that is not the one that it was built with", () => {
  const NAME = 'holes-valkey-9.1.2-jemalloc-5.3.0';

  test('it is told, and the answer is about the jemalloc that runs', async () => {
    const { server, notes, classes } = await explained(NAME);
    expect(server.allocator).toBe('jemalloc-5.3.0');
    expect(notes).toEqual([{ kind: 'built-with', allocator: 'jemalloc-5.3.1', runsOn: '5.3.0' }]);
    expect(classes).not.toBeNull();
  });

  test('with other amounts the texts are of two processes', async () => {
    const { info, stats } = await inTwo(NAME);
    const text = info.replace(/allocator_allocated:\d+/, 'allocator_allocated:90000000');
    expect(() => explain([{ name: 'input', text: text + stats }])).toThrow(
      'INFO says `mem_allocator:jemalloc-5.3.1`, but the statistics are of jemalloc 5.3.0: they are another process',
    );
  });
});

describe('jemalloc 5.3.1, whose large allocations end at pages', () => {
  const NAME = 'holes-valkey-9.1.2-jemalloc-5.3.1';

  test('their bytes are those of the line `large:`, which their rows overstate', async () => {
    const explanation = await explained(NAME);
    const { stats } = await inTwo(NAME);
    const [, line] = /^large: +(\d+)/m.exec(stats) ?? [];
    const live = bytesOf(explanation, 'data', 'buffers', 'lua', 'other', 'parked');
    expect(explanation.notes).toEqual([]);
    expect(bytesOf(explanation, 'padding')).toBeGreaterThan(0);
    // A page for each, and up to a page of rounding.
    expect(bytesOf(explanation, 'padding')).toBeLessThan(120 * 4096);
    expect(live).toBeGreaterThan(Number(line));
  });

  test('a line that its rows cannot make is damage', async () => {
    const { info, stats } = await inTwo(NAME);
    const damaged = stats.replaceAll(/^large: +\d+/gm, 'large:                        3212902');
    const { notes } = explain([{ name: 'input', text: info + damaged }]);
    expect(notes).toEqual([expect.objectContaining({ kind: 'stats-damaged' })]);
  });
});

test('jemalloc configured on a processor of 57 bits has smaller leaves: they are told by its records', async () => {
  // As a leaf of 2 MiB, of which next to nothing is backed, it would be more.
  expect(bytesOf(await explained('fresh-redis-7.0.15'), 'untouched', 'metadata')).toBeGreaterThan(-MIB);
});

describe('what the verdicts promise came true on the servers', () => {
  test.each(['debian', 'redis-7.2.6', 'valkey-8.0.1'])(
    'a purge takes the dirty pages: %s',
    async (server) => {
      const before = await explained(`mass-delete-${server}`);
      const after = await explained(`purged-${server}`);
      const left = before.total - bytesOf(before, 'dirty');
      expect(Math.abs(after.total - left) / after.total).toBeLessThan(0.1);
    },
  );

  test('defragmentation takes the holes', async () => {
    const before = await explained('fragmented-redis-7.2.6');
    const after = await explained('defragmented-redis-7.2.6');
    expect(before.total - after.total).toBeGreaterThan(0.9 * bytesOf(before, 'holes'));
  });

  test('SCRIPT FLUSH takes Lua, where it is in jemalloc', async () => {
    const before = await explained('lua-debian');
    const after = await explained('lua-flushed-debian');
    expect(before.total - after.total).toBeGreaterThan(bytesOf(before, 'lua'));
  });
});

describe('small print', () => {
  test('holes by class, most bytes first', async () => {
    const { classes } = await explained('fragmented-debian');
    expect(classes?.[0]).toMatchObject({ size: 512 });
    expect(classes?.[0]?.util).toBeCloseTo(0.25, 1);
  });

  test('the lab gets the build with the same size classes; for page padding, one without it', async () => {
    const explanation = await explained('padding-redis-7.0.15');
    expect(partOf(explanation, 'data').lab).toContain('--server redis-7.0 --build q3-5.2.1 ');
    expect(partOf(explanation, 'padding').lab).toContain('--server redis-7.0 --build q3 ');
    expect(partOf(await explained('healthy-debian'), 'data').lab).toContain('--build q4 ');
  });

  test('rounding: between nothing and the distance to the class below', async () => {
    const { rounding } = await explained('healthy-redis-7.2.6');
    expect(rounding?.top).toMatchObject({ size: 1024, below: 896 });
    expect(rounding?.ifEven).toBeCloseTo((rounding?.atMost ?? 0) / 2, -1);
    expect(rounding?.atMost).toBeGreaterThan(100_000 * 127);
  });

  test('small keys: the design of the keys', () => {
    const small =
      'used_memory:100000000\nused_memory_rss:110000000\nallocator_allocated:100100000\n' +
      'allocator_active:101000000\nallocator_resident:105000000\nmem_allocator:jemalloc-5.3.0\n' +
      'db0:keys=600000,expires=0,avg_ttl=0\ndb3:keys=400000,expires=1,avg_ttl=0\n';
    const explanation = explain([{ name: 'small', text: small }]);
    expect(explanation.keys).toEqual({ count: 1_000_000, bytesEach: 100 });
    expect(partOf(explanation, 'data').verdict).toBe('key-design');
    expect(explanation.server).toMatchObject({ product: null, version: null, bundledJemalloc: null });
  });

  test('statistics of another moment: their own part, and a note', async () => {
    const explanation = await explained('parked-valkey-8.0.1');
    expect(explanation.notes).toContainEqual({
      kind: 'sampling',
      info: expect.any(Number),
      stats: expect.any(Number),
    });
    expect(partOf(explanation, 'sampling').bytes).toBeLessThan(-MIB);
  });

  test('defragmentation under way: wait; copies of a child: beside RSS', async () => {
    const info = (await recordedInfo('fragmented-redis-7.2.6'))
      .replace('active_defrag_running:0', 'active_defrag_running:25')
      .replace('current_cow_size:0', 'current_cow_size:5000000');
    const explanation = explain([{ name: 'running', text: info }]);
    expect(partOf(explanation, 'holes').verdict).toBe('wait');
    expect(explanation.notes).toContainEqual({ kind: 'defrag-running' });
    expect(explanation.notes).toContainEqual({ kind: 'child', bytes: 5_000_000 });
  });
});
