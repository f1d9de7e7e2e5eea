import { describe, expect, test } from 'vitest';
import { findWorkload } from '#slablab/workloads/index.js';
import { onJemalloc } from '../support/on-jemalloc.js';

describe('at published sizes, the figures are the published ones', () => {
  test.each(['hash-field-expiry', 'memory-efficiency', 'scripts', 'violation-sweep'])('%s', async (name) => {
    const { known = [] } = await onJemalloc(findWorkload(name), []);
    expect(known.length).toBeGreaterThan(0);
    for (const { figure, lab, isWithin } of known) expect(isWithin, `${figure}: ${lab}`).toBe(true);
  });

  // What a server holds by itself weighs more there: the second figure is how much more.
  test.each([
    ['value-drift', 'keys=100000', 0.95],
    ['ttl-storm', 'keys=100000', 0.8],
  ])('%s with %s has much the same ratios', async (name, setting, least) => {
    const workload = findWorkload(name);
    const { phases } = await onJemalloc(workload, [setting]);
    const byName = new Map(phases.map((phase) => [phase.name, phase]));
    const full = workload.known(
      Object.fromEntries(
        Object.entries(workload.parameters).map(([key, { default: value }]) => [key, value]),
      ),
    );
    for (const { figure, measure, min = 0, max = Number.POSITIVE_INFINITY } of full) {
      const lab = measure((phase) => byName.get(phase));
      expect(lab, figure).toBeGreaterThanOrEqual(min * least);
      expect(lab, figure).toBeLessThanOrEqual(max);
    }
  });
});

test.each([0, 0.05, 0.5, 1])('violation-sweep: growth and DSR follow p=%d', async (p) => {
  const { known = [] } = await onJemalloc(findWorkload('violation-sweep'), [`p=${p}`]);
  expect(known).toHaveLength(2);
  for (const { figure, lab, isWithin } of known) expect(isWithin, `${figure}: ${lab}`).toBe(true);
});

test('encoding-cliff: three regions per field where the source suggests two, and it says why', async () => {
  const { known = [] } = await onJemalloc(findWorkload('encoding-cliff'), ['hashes=20']);
  for (const { lab, isWithin, explanation } of known) {
    expect(isWithin).toBe(false);
    expect(lab).toBeCloseTo(3, 1);
    expect(explanation).toContain('dict entry');
  }
});

test('queue-drain: what is worked off comes back', async () => {
  const { phases } = await onJemalloc(findWorkload('queue-drain'), []);
  const active = Object.fromEntries(phases.map(({ name, memory }) => [name, memory.active]));
  expect(active['drained-3']).toBeLessThan(0.1 * active['pushed-3']!);
});
