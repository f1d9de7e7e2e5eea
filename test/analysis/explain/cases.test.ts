import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain, type PartName } from '#slablab/src/analysis/index.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

function explained(file: string): Explanation {
  return explain([{ name: file, text: readFileSync(new URL(`../${file}`, import.meta.url), 'utf8') }]);
}

function bytesOf({ parts }: Explanation, name: PartName): number {
  return parts.find((part) => part.name === name)?.bytes ?? 0;
}

function notesOf({ notes }: Explanation, kind: string) {
  return notes.filter((note) => note.kind === kind);
}

function labsOf({ parts }: Explanation): string {
  return parts.map(({ lab }) => lab ?? '').join('\n');
}

describe('what people posted about servers', () => {
  test('INFO memory alone has a command of the lab that runs', () => {
    const explanation = explained('pastes/f01-nan-lab-line.txt');
    expect(labsOf(explanation)).not.toContain('NaN');
    expect(explanation.act).toBeNull();
  });

  test.each([
    'f02-stats-leading-blanks-lost',
    'f02b-stats-whitespace-collapsed',
    'f06f-prefix-with-stats',
    'f07b-quoted-with-stats',
    'f07c-indented-code-block',
  ])('damaged blanks make no difference: %s', (name) => {
    const undamaged = explained('servers/fragmented-redis-7.2.6.txt');
    const explanation = explained(`pastes/${name}.txt`);
    expect(explanation.act).toBe('holes');
    expect(bytesOf(explanation, 'holes') / MIB).toBeCloseTo(71.8, 1);
    expect(explanation.classes?.map(({ size }) => size)).toEqual(undamaged.classes?.map(({ size }) => size));
    expect(explanation.notes).toEqual([]);
  });

  test.each([
    ['f04-stats-without-tables', 'they have no tables of size classes'],
    ['f05-stats-truncated', 'at line 346'],
  ])('damaged statistics: the answer of INFO, and what is damaged: %s', (name, why) => {
    const explanation = explained(`pastes/${name}.txt`);
    expect(explanation.act).toBe('holes');
    expect(bytesOf(explanation, 'holes') / MIB).toBeCloseTo(71.7, 1);
    expect(bytesOf(explanation, 'padding')).toBe(0);
    expect(explanation.classes).toBeNull();
    expect(notesOf(explanation, 'stats-damaged')).toEqual([
      { kind: 'stats-damaged', why: expect.stringContaining(why), used: 'nothing' },
    ]);
  });

  test.each(['f06a-prefix-kubernetes', 'f06b-prefix-docker', 'f06c-prefix-time', 'f06d-prefix-journald'])(
    'INFO in a log: %s',
    (name) => {
      const explanation = explained(`pastes/${name}.txt`);
      expect(explanation).toMatchObject({
        rss: 201_551_872,
        used: 179_551_640,
        peak: 181_551_640,
        server: { product: 'valkey', version: '8.0.3', allocator: 'jemalloc-5.3.0' },
        buffers: { clients: 1_234_567 },
        act: null,
        notes: [
          { kind: 'missing', fields: ['mem_clients_slaves', 'used_memory_lua'] },
          { kind: 'no-malloc-stats' },
        ],
      });
    },
  );

  test.each(['f07-quoted', 'f15-python-dict'])('%s', (name) => {
    const explanation = explained(`pastes/${name}.txt`);
    expect(explanation).toMatchObject({ rss: 406_597_632, used: 281_650_984, peak: 13_953_735_392 });
    expect(explanation).toMatchObject({ act: 'dirty-or-metadata' });
    expect(notesOf(explanation, 'left-out')).toEqual([]);
  });

  test('blanks after colons', () => {
    const explanation = explained('pastes/f08-space-after-colon.txt');
    expect(explanation.act).toBe('buffers');
    expect(bytesOf(explanation, 'buffers')).toBe(1_012_345_678);
  });

  test('Redis 4 has no figures of its allocator: what they would tell counts together', () => {
    const lua = explained('pastes/f09-redis4-lua-43g.txt');
    expect(bytesOf(lua, 'data') / GIB).toBeCloseTo(20.1, 1);
    expect(bytesOf(lua, 'lua') / GIB).toBeCloseTo(43, 1);
    expect(bytesOf(lua, 'rest') / GIB).toBeCloseTo(35.8, 1);
    expect(lua.act).toBe('lua');
    expect(notesOf(lua, 'missing')).toEqual([
      { kind: 'missing', fields: ['allocator_allocated', 'allocator_active', 'allocator_resident'] },
    ]);
    const quoted = explained('pastes/f09b-redis4-quoted.txt');
    expect(quoted).toMatchObject({ used: 9_823_369_872, rss: 27_904_212_992, act: 'rest' });
    expect(notesOf(quoted, 'defrag-running')).toHaveLength(1);
  });

  test('a counter that wrapped below zero is no size', () => {
    const explanation = explained('pastes/f10-used-memory-wrapped.txt');
    expect(explanation.used).toBeNull();
    expect(notesOf(explanation, 'wrapped')).toContainEqual({
      kind: 'wrapped',
      field: 'used_memory',
      bytes: 7_271_264,
    });
    expect(explanation.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(735_404_032);
    expect(bytesOf(explanation, 'data')).toBe(0);
  });

  test('KeyDB has a jemalloc of its own, with the hint of defragmentation', () => {
    const explanation = explained('pastes/f11-keydb-fragmented.txt');
    expect(explanation.server).toMatchObject({ product: 'KeyDB', version: '6.3.4' });
    expect(explanation).toMatchObject({ act: 'holes' });
    expect(explanation.parts.find(({ name }) => name === 'holes')).toMatchObject({
      verdict: 'defrag',
      server: ['keydb-cli CONFIG SET activedefrag yes'],
      lab: expect.stringContaining('--build q3-5.2.1 '),
    });
    // The figures for people were left as they had been.
    expect(notesOf(explanation, 'contradicted')).toHaveLength(2);
    const small = explained('pastes/f11b-keydb-small.txt');
    expect(small.server).toMatchObject({ product: 'KeyDB', bundledJemalloc: null });
    expect(labsOf(small)).toContain('--build q3-5.2.1 ');
  });

  test('MEMORY STATS has the RSS as a difference', () => {
    const explanation = explained('pastes/f13-memory-stats.txt');
    expect(explanation).toMatchObject({ rss: 12_310_000_640 + 8_998_528, act: 'holes' });
    expect(bytesOf(explanation, 'buffers')).toBe(18_185_184);
    expect(explanation.keys?.count).toBe(10_324_751);
    expect(notesOf(explanation, 'left-out')).toEqual([]);
  });

  test('Dragonfly is named, and has no jemalloc', () => {
    const explanation = explained('pastes/f14-dragonfly.txt');
    expect(explanation.server).toEqual({
      product: 'Dragonfly',
      version: 'df-v1.12.0',
      allocator: 'mimalloc',
      bundledJemalloc: null,
    });
    expect(bytesOf(explanation, 'data')).toBe(727_513_840);
    expect(labsOf(explanation).trim()).toBe('');
    expect(notesOf(explanation, 'product')).toHaveLength(1);
  });
});

describe('what people posted about programs', () => {
  test('statistics without tables and without INFO', () => {
    const explanation = explained('pastes/f17-program-stats-alone.txt');
    expect(explanation).toMatchObject({ isServer: false, rss: null, of: 'resident', total: 6_484_914_176 });
    expect(explanation.retained).toBe(5_014_245_376);
    expect(bytesOf(explanation, 'live')).toBe(2_763_034_152);
    expect(bytesOf(explanation, 'holes')).toBe(6_373_089_280 - 2_763_034_152);
    expect(bytesOf(explanation, 'dirty')).toBe(49 * 4096);
    expect(notesOf(explanation, 'stats-damaged')).toHaveLength(1);
  });

  test("ClickHouse's metrics: nearly all of it lives", () => {
    const explanation = explained('programs/1-clickhouse-86077.tsv');
    expect(explanation).toMatchObject({ isServer: false, of: 'resident', act: null });
    expect(explanation.server.product).toBe('clickhouse');
    expect((bytesOf(explanation, 'live') / explanation.total) * 100).toBeCloseTo(95.7, 1);
    // Counts of pages show that these have 64 KiB.
    expect(bytesOf(explanation, 'dirty') / MIB).toBeCloseTo((1.18 * 1024 * 65_536) / MIB, 1);
    expect(notesOf(explanation, 'left-out')).toEqual([]);
  });

  test('allocations without slabs: what lives, and nothing about holes', () => {
    const explanation = explained('programs/2-clickhouse-jemalloc_bins.tsv');
    const rows =
      50_331_648 + 23_088_000 + 20_971_520 + 14_786_256 + 14_704_640 + 14_417_920 + 10_035_200 + 7_882_496;
    expect(explanation).toMatchObject({ of: 'allocated', total: rows, classes: null });
    expect(bytesOf(explanation, 'holes')).toBe(0);
    expect(explanation.rounding?.top?.size).toBe(50_331_648);
    expect(notesOf(explanation, 'missing')).toHaveLength(1);
  });

  test('pages beside large allocations explain what active has more than allocated', () => {
    const explanation = explained('programs/4-jemalloc-1098-large.txt');
    expect(bytesOf(explanation, 'padding')).toBe((14_612_178 - 13_552_674) * 4096);
    expect(bytesOf(explanation, 'holes')).toBeLessThan(MIB);
    expect(explanation.act).toBe('padding');
    expect(notesOf(explanation, 'page-size')).toHaveLength(1);
  });

  test('a line of totals', () => {
    const explanation = explained('programs/6-jemalloc-1128.txt');
    expect(explanation).toMatchObject({ of: 'resident', total: 49_972_125_696, retained: 29_632_806_912 });
    expect(bytesOf(explanation, 'live')).toBe(43_725_368_360);
    expect(bytesOf(explanation, 'holes')).toBe(48_630_779_904 - 43_725_368_360);
  });

  test('a table of small classes alone: its slabs', () => {
    const explanation = explained('programs/7-docker-ruby-182-bins.txt');
    const slabs = (19 * 3 + 32 + 4 * 5 + 10 * 3 + 5 * 7) * 4096;
    expect(explanation).toMatchObject({ of: 'slabs', total: slabs });
    expect(bytesOf(explanation, 'live')).toBe(230_400 + 131_072 + 62_240 + 116_352 + 120_848);
  });

  test('another allocator is named', () => {
    expect(() => explained('programs/8-envoy-6617.txt')).toThrow(
      'Envoy runs on tcmalloc and not on jemalloc',
    );
  });

  test('totals in one line, with units', () => {
    const explanation = explained('programs/9-clickhouse-50223-oneline.txt');
    expect(bytesOf(explanation, 'live') / MIB).toBeCloseTo(73.91, 2);
    expect(bytesOf(explanation, 'holes') / MIB).toBeCloseTo(79.88 - 73.91, 1);
    expect(bytesOf(explanation, 'metadata') / MIB).toBeCloseTo(20.11, 2);
  });

  test('the JSON form of the statistics has the same as the text', () => {
    const json = explained('programs/jq-5.3.0-json.txt');
    const text = explained('programs/jq-5.3.0.txt');
    expect(json).toMatchObject({ isServer: false, act: 'dirty', notes: [{ kind: 'no-rss' }] });
    expect(json.parts.map(({ name, bytes }) => [name, bytes])).toEqual(
      text.parts.map(({ name, bytes }) => [name, bytes]),
    );
    expect(json.classes).toEqual(text.classes);
  });

  /** Figures of no real program, in the form that jemalloc 4.0 prints. */
  test('the form of jemalloc 4: runs, huge allocations, no tcaches', () => {
    const explanation = explained('programs/form-of-4.0.3.txt');
    expect(explanation.classes?.[0]).toMatchObject({ size: 512, slabs: 4890, regions: 39_120 });
    expect(bytesOf(explanation, 'holes')).toBe(4900 * 4096 - 18_000 * 512 - 5000 * 8);
    expect(bytesOf(explanation, 'dirty')).toBe(207 * 4096);
    expect(notesOf(explanation, 'stats-damaged')).toEqual([]);
    const text = readFileSync(new URL('../programs/form-of-4.0.3.txt', import.meta.url), 'utf8');
    const info =
      'redis_version:4.0.11\nused_memory:9300000\nused_memory_rss:27000000\nmem_allocator:jemalloc-4.0.3\n';
    const server = explain([{ name: 'server', text: info + text }]);
    expect(server.act).toBe('holes');
    expect(bytesOf(server, 'holes')).toBe(bytesOf(explanation, 'holes'));
    expect(server.notes).toEqual([]);
  });
});
