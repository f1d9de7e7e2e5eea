import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';
import { inTwo, recordedInfo } from '../recorded.js';

function explained(text: string): Explanation {
  return explain([{ name: 'paste', text }]);
}

function answerOf({ notes, ...rest }: Explanation) {
  return { ...rest, notes: notes.filter(({ kind }) => kind !== 'left-out') };
}

describe('MEMORY STATS, as clients print it', () => {
  const text = readFileSync(new URL('../pastes/f13-memory-stats.txt', import.meta.url), 'utf8');
  const pairs = [...text.matchAll(/"([a-z][\w.-]*)"\n\s*\d+\) (?:\(integer\) (\d+)|"([\d.]+)")/g)].map(
    ([, name = '', integer, double]) => [name, Number(integer ?? double)] as const,
  );

  test.each([
    ['not numbered', text.replaceAll(/^ *\d+\) (?:\d+\) )?(?:\(integer\) )?/gm, '').replaceAll('"', '')],
    ['quoted', text.replaceAll(/^/gm, '> ')],
    ['in a log', text.replaceAll(/^/gm, '2025-01-01 12:00:00 app[1]: ')],
    ['blanks lost', text.replaceAll(/ +/g, ' ').replaceAll(/^ /gm, '')],
    ['RESP3', pairs.map(([name, value], at) => `${at + 1}# "${name}" => (integer) ${value}`).join('\n')],
    ['Python', `{${pairs.map(([name, value]) => `'${name}': ${value}`).join(', ')}}`],
    ['JSON', JSON.stringify(Object.fromEntries(pairs), null, 2)],
    ['a list of JSON', JSON.stringify(pairs.flat())],
    ['one line', text.replaceAll(/\s+/g, ' ')],
    ['HTML', `<pre>${text.replaceAll('"', '&quot;')}</pre>`],
  ])('%s', (_, form) => {
    const expected = explained(text);
    expect(expected.rss).toBe(12_318_999_168);
    expect(answerOf(explained(form))).toEqual(answerOf(expected));
  });
});

describe('several outputs in one text', () => {
  test('of two INFOs the last is read, and that is told', async () => {
    const first = await recordedInfo('healthy-redis-7.2.6');
    const last = await recordedInfo('fragmented-redis-7.2.6');
    const both = explained(`before:\n${first}\nafter:\n${last}`);
    expect(both.rss).toBe(explained(last).rss);
    expect(both.notes).toContainEqual({
      kind: 'several',
      what: 'INFO',
      count: 2,
      place: `paste, line ${first.split('\n').length + 2 + last.split('\n').findIndex((line) => line.startsWith('redis_version')) + 1}`,
    });
  });

  test('a figure with two values is told, even where used_memory is the same', async () => {
    const info = await recordedInfo('healthy-redis-7.2.6');
    const { notes } = explained(`${info}\nused_memory_rss:99999999999\n`);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'several', what: 'INFO', count: 2 }));
  });

  test('statistics choose the INFO that fits them', async () => {
    const { info, stats } = await inTwo('fragmented-redis-7.2.6');
    const later = await recordedInfo('healthy-redis-7.2.6');
    const both = explained(`${info}${stats}\n${later}`);
    expect(both.rss).toBe(explained(info).rss);
    expect(both.act).toBe('holes');
  });

  test('of several statistics of a program the last whole one is read', () => {
    const text = readFileSync(new URL('../programs/jq-5.3.0.txt', import.meta.url), 'utf8');
    const json = readFileSync(new URL('../programs/jq-5.3.0-json.txt', import.meta.url), 'utf8');
    const cut = text.slice(0, text.length / 2);
    expect(explained(`${text}\n${cut}`).total).toBe(explained(text).total);
    expect(explained(`${json}${json}{"jemalloc":{"version":"5.3`).notes).toContainEqual(
      expect.objectContaining({ kind: 'several', count: 3 }),
    );
  });
});

describe('statistics of a program', () => {
  const text = readFileSync(new URL('../programs/jq-5.3.0.txt', import.meta.url), 'utf8');
  const json = readFileSync(new URL('../programs/jq-5.3.0-json.txt', import.meta.url), 'utf8');

  test.each([
    ['among the lines of the program', `starting\n${text}\ndone\n`],
    ['quoted', text.replaceAll(/^/gm, '> ')],
    ['escaped', JSON.stringify(text)],
    [
      'in lines of docker',
      text
        .split('\n')
        .map((line) => JSON.stringify({ log: `${line}\n` }))
        .join('\n'),
    ],
    ['as JSON, among other lines', `a\n${json}\nb`],
    ['as JSON over many lines', JSON.stringify(JSON.parse(json), null, 1)],
  ])('%s', (_, form) => {
    expect(answerOf(explained(form))).toEqual(answerOf(explained(text)));
  });

  test('a metric of each kind', () => {
    const forms = [
      'jemalloc_allocated_bytes 1000000000\njemalloc_active_bytes 1500000000\njemalloc_resident_bytes 1600000000\n',
      'x{type="allocated"} 1e9\nx{type="active"} 1.5e9\nx{type="resident"} 1.6e9\n',
      '| jemalloc_resident | 1600000000 |\n| jemalloc_active | 1500000000 |\n| jemalloc_allocated | 1000000000 |\n',
      '{"allocated": 1000000000, "active": 1500000000, "resident": 1600000000}',
      'allocated: 1,000,000,000\nactive: 1,500,000,000\nresident: 1,600,000,000\n',
    ];
    for (const form of forms) {
      const { parts, total, act } = explained(form);
      expect(total, form).toBe(1_600_000_000);
      expect(act, form).toBe('holes');
      expect(parts.find(({ name }) => name === 'live')?.bytes, form).toBe(1_000_000_000);
    }
  });
});

describe('figures that are missing are not zero', () => {
  const INFO = 'redis_version:7.2.6\nmem_allocator:jemalloc-5.3.0\n';

  test('a figure that other figures of INFO give', () => {
    const { parts, notes } = explained(
      `${INFO}used_memory:100000000\nallocator_allocated:101000000\nallocator_frag_bytes:200000000\n` +
        'allocator_resident:320000000\nrss_overhead_bytes:5000000\n',
    );
    expect(parts.find(({ name }) => name === 'holes')?.bytes).toBe(200_000_000);
    expect(notes.filter(({ kind }) => kind === 'derived')).toHaveLength(2);
  });

  test('figures for people serve if there are no others', () => {
    const explanation = explained(`${INFO}used_memory_human:9.15G\nused_memory_rss_human:25.99G\n`);
    expect(explanation.used).toBe(Math.round(9.15 * 2 ** 30));
    expect(explanation.notes).toContainEqual({
      kind: 'rounded',
      fields: ['used_memory', 'used_memory_rss'],
    });
  });

  test('no RSS: the largest total that there is', () => {
    expect(explained(`${INFO}used_memory:5000000\n`)).toMatchObject({
      of: 'used',
      total: 5_000_000,
      rss: null,
    });
  });

  test('a figure that cannot be is not used', () => {
    const explanation = explained(
      `${INFO}used_memory:100000000\nused_memory_rss:400000000\nallocator_allocated:101000000\n` +
        'allocator_active:30000000\nallocator_resident:320000000\n',
    );
    expect(explanation.parts.find(({ name }) => name === 'holes')).toBeUndefined();
    expect(explanation.notes).toContainEqual(expect.objectContaining({ kind: 'contradicted' }));
  });

  test('memory that was swapped out: less is resident than allocated', () => {
    const { parts, total } = explained(
      `${INFO}used_memory:1000000000\nused_memory_rss:300000000\nallocator_allocated:1001000000\n` +
        'allocator_active:1010000000\nallocator_resident:1020000000\n',
    );
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
    expect(parts.find(({ name }) => name === 'untouched')?.bytes).toBeLessThan(-700_000_000);
  });

  test('a 32-bit server has no command of the lab, and wraps at 4 GiB', () => {
    const explanation = explained(`${INFO}arch_bits:32\nused_memory:4294967000\nused_memory_rss:300000000\n`);
    expect(explanation.notes).toContainEqual({ kind: 'wrapped', field: 'used_memory', bytes: 296 });
    expect(explanation.notes).toContainEqual({ kind: '32-bit' });
    expect(explanation.parts.every(({ lab }) => lab === null)).toBe(true);
  });
});
