/** Texts that have quotients of figures, and not the figures. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';
import { recordedInfo } from '../recorded.js';

const SERVERS = readdirSync(new URL('../servers/', import.meta.url))
  .filter((file) => /^(?:healthy|fragmented|holes)-.*\.txt$/.test(file))
  .map((file) => file.slice(0, -'.txt'.length));

const explained = (text: string) => explain([{ name: 'INFO', text }]);
const ratioOf = (info: string) => Number(/^mem_fragmentation_ratio:(.*?)\r?$/m.exec(info)?.[1]);

describe.each(SERVERS)('%s', (name) => {
  test('the RSS is computed with mem_fragmentation_ratio, and the explanation tells so', async () => {
    const info = await recordedInfo(name);
    const whole = explained(info);
    const ratioOnly = info
      .split(/\r?\n/)
      .filter((line) => /^(?:used_memory|mem_fragmentation_ratio):/.test(line))
      .join('\n');
    const explanation = explained(ratioOnly);
    expect(explanation.of).toBe('rss');
    expect(Math.abs(explanation.total / whole.total - 1)).toBeLessThan(0.01 / ratioOf(info) + 0.02);
    expect(explanation.notes).toContainEqual({
      kind: 'derived',
      field: 'used_memory_rss',
      from: 'mem_fragmentation_ratio',
    });
  });

  test('an RSS that the ratio contradicts is reported', async () => {
    const info = await recordedInfo(name);
    const contradicted = info.replace(/^mem_fragmentation_ratio:.*$/m, 'mem_fragmentation_ratio:9.5');
    const note = { kind: 'contradicted', field: 'used_memory_rss', by: 'mem_fragmentation_ratio:9.5' };
    expect(explained(contradicted).notes).toContainEqual(expect.objectContaining(note));
    expect(explained(info).notes).not.toContainEqual(expect.objectContaining({ kind: 'contradicted' }));
  });
});

test('the figures of jemalloc are computed with their ratios', () => {
  const text = [
    'used_memory:100000000',
    'allocator_allocated:100500000',
    'allocator_frag_ratio:1.50',
    'allocator_rss_ratio:1.10',
    'rss_overhead_ratio:1.02',
  ].join('\n');
  const { parts, total } = explained(text);
  expect(total).toBe(Math.round(Math.round(100500000 * 1.5) * 1.1 * 1.02));
  expect(parts.find(({ name }) => name === 'holes')?.bytes).toBe(50250000);
});

test('a ratio that the server could not compute is no figure', () => {
  for (const ratio of ['0.00', 'nan', '-nan', 'inf', '']) {
    const { of } = explained(`used_memory:100000000\nmem_fragmentation_ratio:${ratio}`);
    expect(of, ratio).toBe('used');
  }
});
