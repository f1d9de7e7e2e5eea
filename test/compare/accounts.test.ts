import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_GROUPS } from '#slablab/src/compare/account-metrics.js';
import { compare } from '#slablab/src/compare/compare.js';
import type { Comparison } from '#slablab/src/compare/comparison.js';
import { namedRuns } from '#slablab/src/compare/results.js';
import { parseThresholds } from '#slablab/src/compare/thresholds.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { comparisonMarkdown, comparisonReport } from '#slablab/src/report/node.js';
import { run } from '#slablab/src/run/run.js';
import { RunAccounts } from '#slablab/src/run/run-accounts.js';
import type { PhaseResult, RunResult } from '#slablab/src/run/run-result.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { expectValid } from '../support/schemas.js';

async function runWith(order: string): Promise<RunResult> {
  const workload = findWorkload('scattered-delete');
  const options = { conf: '', hooks: 'complete' } as const;
  const accounts = new RunAccounts({ owners: true, patterns: [] });
  const engine = await openEngine({ build: 'q3', runtime: 'wasm', ...options });
  const settings = parseSettings(workload.parameters, ['keys=500', `order=${order}`]);
  const source = workloadSource(workload, settings, undefined, { accounts });
  const { result } = await run(source, engine, { ...options, sweepEvery: 0, accounts });
  await engine.close();
  return result;
}

let odd: RunResult;
let sequential: RunResult;
beforeAll(async () => {
  odd = await runWith('odd');
  sequential = await runWith('sequential');
});

function comparing(before: RunResult, after: RunResult, thresholds: readonly string[] = []): Comparison {
  return compare(namedRuns('a.json', before), namedRuns('b.json', after), {
    thresholds: parseThresholds(thresholds),
    isSetupFixed: false,
  });
}

const only = ({ cases }: Comparison) => cases[0]!;

/** With the last phase changed. */
function changed(result: RunResult, change: (phase: PhaseResult) => Partial<PhaseResult>): RunResult {
  const last = result.phases.length - 1;
  const phases = result.phases.map((phase, index) =>
    index === last ? { ...phase, ...change(phase) } : phase,
  );
  return { ...result, phases };
}

function without(result: RunResult, ...accounts: readonly ('types' | 'owners')[]): RunResult {
  const phases = result.phases.map((phase) =>
    Object.fromEntries(Object.entries(phase).filter(([name]) => !accounts.some((one) => one === name))),
  );
  return { ...result, phases: phases as unknown as PhaseResult[] };
}

describe('accounts of two results', () => {
  test('of one run are the same, and each of their figures is compared', async () => {
    const comparison = comparing(odd, odd);
    await expectValid(comparison);
    expect(comparison.isPassed).toBe(true);
    const plain = without(odd, 'types', 'owners');
    const figures = odd.phases.reduce((sum, { types, owners }) => {
      const each = (group: keyof typeof ACCOUNT_GROUPS) => Object.keys(ACCOUNT_GROUPS[group]).length;
      return (
        sum +
        each('types') +
        each('types.clients') +
        each('types.types') * 6 +
        each('types.kinds') * (types?.kinds.length ?? 0) +
        each('owners') +
        each('owners.patterns') * (owners?.patterns.length ?? 0) +
        each('owners.owners') * (owners?.owners.length ?? 0)
      );
    }, 0);
    expect(figures).toBeGreaterThan(400);
    expect(only(comparison).figures - only(comparing(plain, plain)).figures).toBe(figures);
  });

  test('every number of them has a name, but for what follows from addresses and from the clock', () => {
    const { types, owners } = odd.phases[1] as Required<PhaseResult>;
    const there = {
      types,
      'types.clients': types.clients,
      'types.types': types.types.string,
      'types.kinds': types.kinds[0] as object,
      owners,
      'owners.patterns': owners.patterns[0] as object,
      'owners.owners': owners.owners[0] as object,
    };
    const unnamed = Object.entries(there).flatMap(([group, of]) =>
      Object.entries(of).flatMap(([name, value]) =>
        typeof value !== 'number' || name in ACCOUNT_GROUPS[group as keyof typeof ACCOUNT_GROUPS]
          ? []
          : [`${group}.${name}`],
      ),
    );
    expect(unnamed.sort()).toEqual([
      'owners.owners.example',
      'owners.owners.size',
      'owners.patterns.example',
    ]);
  });

  test('a slab that a pattern no longer pins is told with the pattern, and with the owner and its class', async () => {
    const comparison = comparing(odd, sequential);
    await expectValid(comparison);
    const { movements } = only(comparison);
    const slabs = (result: RunResult) =>
      result.phases[1]?.owners?.patterns.find(({ pattern }) => pattern === 'key:*')?.slabs;
    expect(movements.find(({ metric }) => metric === 'owners.patterns.slabs')).toMatchObject({
      phase: 'deleted',
      sizeClass: null,
      owner: { pattern: 'key:*', subject: null, kind: null },
      before: slabs(odd),
      after: slabs(sequential),
      isBetter: true,
    });
    const value = { pattern: 'key:*', subject: 'string', kind: 'value string' };
    expect(movements).toContainEqual(
      expect.objectContaining({ metric: 'owners.owners.slabs', sizeClass: 1024, owner: value, before: 125 }),
    );
  });

  test.each(['before', 'after'] as const)(
    'rows that are only in the one %s count as none in the other',
    (side) => {
      const fewer = changed(odd, ({ types, owners }) => {
        if (types === undefined || owners === undefined) return {};
        const isKept = ({ kind }: { kind: string }) => kind !== 'key name';
        return {
          types: { ...types, kinds: types.kinds.filter(isKept) },
          owners: {
            ...owners,
            patterns: owners.patterns.filter(({ pattern }) => pattern === null),
            owners: owners.owners.filter(isKept),
          },
        };
      });
      const { movements } = only(side === 'before' ? comparing(odd, fewer) : comparing(fewer, odd));
      expect(new Set(movements.map(({ metric }) => metric.replace(/\.\w+$/, '')))).toEqual(
        new Set(['types.kinds', 'owners.patterns', 'owners.owners']),
      );
      const other = side === 'before' ? 'after' : 'before';
      for (const movement of movements) expect(movement[other]).toBe(0);
      expect(movements.find(({ metric }) => metric === 'types.kinds.regions')).toMatchObject({
        owner: { pattern: null, subject: 'string', kind: 'key name' },
        [side]: 250,
      });
    },
  );

  test.each([
    ['types.types.bytes=1%', 1.0099, true],
    ['types.types=1%', 1.0099, true],
    ['types=1%', 1.0099, true],
    ['*=1%', 1.0099, true],
    ['types=1%', 1.02, false],
    ['types.kinds=100%', 1.0099, false],
    ['owners=100%', 1.0099, false],
  ] as const)('threshold %s and %f times as many bytes of strings', (threshold, factor, isPassed) => {
    const larger = changed(odd, ({ types }) => {
      if (types === undefined) return {};
      const { string } = types.types;
      const bytes = Math.floor(string.bytes * factor);
      return { types: { ...types, types: { ...types.types, string: { ...string, bytes } } } };
    });
    const comparison = comparing(odd, larger, [threshold]);
    expect(comparison.isPassed).toBe(isPassed);
    expect(only(comparison).movements).toMatchObject([
      { metric: 'types.types.bytes', owner: { pattern: null, subject: 'string', kind: null } },
    ]);
  });

  test('the nearer group counts', () => {
    expect(comparing(odd, sequential, ['*=1000000000', 'owners=1000000000']).isPassed).toBe(true);
    expect(comparing(odd, sequential, ['*=1000000000', 'owners.patterns=0']).isPassed).toBe(false);
  });

  test.each([
    ['types', 'b.json has no `types`, so they were not compared: run both with --types'],
    ['owners', 'b.json has no `owners`, so they were not compared: run both with --owners'],
  ] as const)('%s on one side only are a problem, whatever the threshold', (account, problem) => {
    const comparison = comparing(odd, without(odd, account), ['*=100%']);
    expect(comparison.isPassed).toBe(false);
    expect(only(comparison)).toMatchObject({ problems: [problem], movements: [] });
    expect(only(comparing(without(odd, account), odd)).problems).toEqual([problem.replace('b.', 'a.')]);
  });

  test('so are they of one phase only', () => {
    const short = changed(odd, () => ({ owners: undefined as never }));
    expect(only(comparing(odd, short)).problems).toEqual([
      'b.json has no `owners` at deleted, so they were not compared: run both with --owners',
    ]);
  });

  test('damaged ones are named', () => {
    const damaging = (change: object) => () =>
      comparing(
        odd,
        changed(odd, () => change),
      );
    expect(damaging({ types: null })).toThrow('b.json: phase deleted: `types.keys` is not a number');
    expect(damaging({ owners: { ...odd.phases[1]?.owners, patterns: 7 } })).toThrow(
      'b.json: phase deleted: `owners.patterns` is not a list; the file is damaged',
    );
    expect(
      damaging({ owners: { ...odd.phases[1]?.owners, owners: [{ size: 64, pattern: 'a:*', kind: 'x' }] } }),
    ).toThrow('b.json: phase deleted: `owners.owners.regions` of class 64 of a:* x is not a number');
  });
});

describe('the report', () => {
  const label = 'owners.owners.aloneBytes [1024 key:* (string) value string]';

  test.each([160, 80, 60])('names owner and class at %i columns, and keeps to them', (width) => {
    const text = comparisonReport(comparing(odd, sequential), { width, colours: 'none' });
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text.replaceAll('\n', ' ')).toContain(label);
  });

  test('is the same in Markdown', () => {
    expect(comparisonMarkdown(comparing(odd, sequential), 'accounts')).toContain(
      'owners.patterns.aloneBytes \\[key:\\*\\]',
    );
  });
});
