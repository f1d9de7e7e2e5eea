import { describe, expect, test } from 'vitest';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { WORKLOADS } from '#slablab/workloads/index.js';
import { onJemalloc } from '../support/on-jemalloc.js';
import { SMALL } from '../support/small-workloads.js';

describe.each(WORKLOADS)('$name', (workload) => {
  test('runs, has each phase once and in order, and is the same twice', async () => {
    const settings = SMALL[workload.name];
    expect(settings, `give ${workload.name} a small size here`).toBeDefined();
    const [first, second] = [
      await onJemalloc(workload, settings ?? []),
      await onJemalloc(workload, settings ?? []),
    ];
    expect(first.phases.map(({ name }) => name)).toEqual(workload.phases.map(({ name }) => name));
    expect(withoutTiming(second)).toBe(withoutTiming(first));
  });
});

test('every workload on the C ABI, too', async () => {
  for (const workload of WORKLOADS) await onJemalloc(workload, SMALL[workload.name] ?? [], 'q4');
});

function withoutTiming({ timing: _, ...rest }: RunResult): string {
  return JSON.stringify(rest);
}
