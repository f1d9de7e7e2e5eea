import { describe, expect, test } from 'vitest';
import { verifyReport } from '#slablab/src/report/node.js';
import type { Occupancy } from '#slablab/src/verify/class-occupancy.js';
import { compare, DEFAULT_THRESHOLDS, LEAST_AMOUNTS, tooFar } from '#slablab/src/verify/server-comparison.js';
import { VERIFY_SCHEMA, type VerifyResult } from '#slablab/src/verify/verify-result.js';

function occupancy(slabs: number): Occupancy {
  return {
    classes: [8, 1024, 14_336].map((size) => ({ size, regs: 256, pages: 7, regions: slabs * 250, slabs })),
    large: [{ size: 16_777_216, count: slabs % 7 }],
    usedMemory: slabs * 250 * 1024,
    active: slabs * 28_672,
    allocated: slabs * 28_000,
  };
}

function result(lab: Occupancy, server: Occupancy, extra: Partial<VerifyResult> = {}): VerifyResult {
  const comparison = compare(lab, server);
  const beyond = tooFar(comparison, DEFAULT_THRESHOLDS);
  return {
    schema: VERIFY_SCHEMA,
    input: 'traffic.resp',
    lab: {
      server: 'redis-7.0',
      build: 'q4',
      jemalloc: '5.3.0',
      conf: '',
      runtime: 'wasm',
      unknown: [{ name: 'FT.SEARCH', count: 3 }],
    },
    server: {
      binary: 'redis-server',
      product: 'redis',
      version: '7.0.15',
      jemalloc: '5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59c56fa90c',
      quantum: 16,
      pageSize: 4096,
      cacheOblivious: true,
      configuration: ['save ""'],
    },
    traffic: {
      commands: 5_000_000,
      bytes: 1e9,
      clients: 1,
      reads: 61_036,
      readsByServer: 61_036,
      errors: [{ kind: 'WRONGTYPE', count: 7, example: 'WRONGTYPE Operation against a key' }],
      notSent: [{ name: 'SHUTDOWN', count: 1 }],
    },
    pace: 'max',
    settleMs: 4000,
    baseline: 'idle',
    thresholds: DEFAULT_THRESHOLDS,
    phases: [
      {
        name: 'end',
        idle: comparison,
        absolute: comparison,
        serverKeys: 4_000_000,
        least: LEAST_AMOUNTS,
        exceeded: beyond,
      },
    ],
    agrees: beyond.length === 0,
    timing: { startedAt: '2026-01-01T00:00:00.000Z', serverMs: 1, labMs: 1 },
    ...extra,
  };
}

const terminal = (width: number) => ({ width, colours: 'none' }) as const;

describe('verifyReport', () => {
  test('agreement', () => {
    const text = verifyReport(result(occupancy(400), occupancy(400)), terminal(80));
    expect(text).toContain('The lab agrees with redis 7.0.15 since idle, within what is allowed.');
    expect(text).toMatch(/^1024 +400 +400 +100,000 +100,000 +256\/7p$/m);
    expect(text).not.toMatch(/^large/m);
  });

  test('the verdict comes first, in 12 lines of 80 columns, however many phases differ', () => {
    const one = result(occupancy(410), occupancy(400));
    const phases = Array.from({ length: 30 }, (_, index) => ({ ...one.phases[0]!, name: `phase-${index}` }));
    for (const each of [one, { ...one, phases }, result(occupancy(400), occupancy(400))]) {
      const lines = verifyReport(each, terminal(80)).split('\n');
      const basis = lines.findIndex((line) => line.startsWith("The server's jemalloc"));
      expect(lines[2]).toMatch(/^The lab (agrees|DIFFERS)/);
      expect(basis).toBeGreaterThan(2);
      expect(basis).toBeLessThanOrEqual(12);
    }
  });

  test('differences: the class, the measure and the amount', () => {
    const text = verifyReport(result(occupancy(410), occupancy(400)), terminal(80));
    expect(text).toMatch(/^1024 +410 +400 +\+10 /m);
    expect(text).toMatch(/^16\.0 MiB +4 +1 +\+3$/m);
    expect(text).toMatch(/^slabs +2\.500% +30 +1\.000% +4 +TOO FAR$/m);
    expect(text).toContain('The amounts are what two');
    expect(text).toContain('The lab DIFFERS from redis 7.0.15 at `end` since idle: slabs 2.500%');
  });

  test('a difference of tcaches: the figures without them, and the amounts that they make', () => {
    const differing = result(occupancy(410), occupancy(400));
    const without = compare(occupancy(300), occupancy(300));
    const phases = differing.phases.map((phase) => {
      const least = { ...LEAST_AMOUNTS, slabs: 300, regions: 75_000 };
      return { ...phase, least, exceeded: [], withoutTcaches: { comparison: without, exceeded: [] } };
    });
    const text = verifyReport({ ...differing, phases, agrees: true }, terminal(80)).replaceAll('\n', ' ');
    expect(text).toMatch(/slabs +2\.500% +30 +1\.000% +300 +ok/);
    expect(text).toContain('Both sides without tcaches are apart by: slabs 0.000% (0), regions 0.000% (0),');
    expect(text).toContain('So the model agrees');
    expect(text).toContain(
      'The amounts for slabs (300) and regions (75,000) are what tcaches make of this server',
    );
  });

  test('a difference of the model: it is there without tcaches, too', () => {
    const differing = result(occupancy(410), occupancy(400));
    const comparison = compare(occupancy(310), occupancy(300));
    const withoutTcaches = { comparison, exceeded: tooFar(comparison, DEFAULT_THRESHOLDS) };
    const phases = differing.phases.map((phase) => ({ ...phase, withoutTcaches }));
    const text = verifyReport({ ...differing, phases }, terminal(80)).replaceAll('\n', ' ');
    expect(text).toContain('without tcaches are apart by: slabs 3.333% (30)');
    expect(text).toContain('So the model differs, and not only the tcaches.');
    expect(text).toContain('The lab DIFFERS');
  });

  test('lists refused, unsent and unmodelled commands', () => {
    const text = verifyReport(result(occupancy(1), occupancy(1)), terminal(120));
    expect(text).toContain('7 WRONGTYPE (first: WRONGTYPE Operation against a key)');
    expect(text).toContain('carry them out: 1 SHUTDOWN.');
    expect(text).toContain('The model does not know, and left out: 3 FT.SEARCH.');
  });

  test.each([40, 60, 72, 80, 120])('fits %i columns, even with millions', (width) => {
    const text = verifyReport(result(occupancy(2_600_000), occupancy(2_500_000)), terminal(width));
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    expect(text.match(/^class +slabs +server +diff/gm)).toHaveLength(1);
    expect(text).toMatch(/regions +server/);
  });

  test('a server without memory', () => {
    const none = { ...occupancy(0), classes: [] };
    expect(verifyReport(result(none, none), terminal(80))).toContain('No small class holds anything.');
  });
});
