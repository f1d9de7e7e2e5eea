import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { compare } from '#slablab/src/compare/compare.js';
import type { Comparison } from '#slablab/src/compare/comparison.js';
import { METRICS } from '#slablab/src/compare/metrics.js';
import { namedRuns, parseResult } from '#slablab/src/compare/results.js';
import { parseThresholds } from '#slablab/src/compare/thresholds.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { comparisonReport } from '#slablab/src/report/node.js';
import { run } from '#slablab/src/run/run.js';
import type { PhaseResult, RunResult } from '#slablab/src/run/run-result.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { expectValid } from '../support/schemas.js';

let result: RunResult;
beforeAll(async () => {
  const workload = findWorkload('scattered-delete');
  const options = { conf: '', hooks: 'complete' } as const;
  const engine = await openEngine({ build: 'q3', runtime: 'wasm', ...options });
  const source = workloadSource(workload, parseSettings(workload.parameters, ['keys=500']));
  result = (await run(source, engine, { ...options, sweepEvery: 0 })).result;
  await engine.close();
});

/** The result with its last phase changed. */
function changed(change: (phase: PhaseResult) => Partial<PhaseResult>): RunResult {
  const phases = result.phases.map((phase, index) => (index === 1 ? { ...phase, ...change(phase) } : phase));
  return { ...result, phases };
}

function comparing(after: RunResult, thresholds: readonly string[] = [], before = result): Comparison {
  return compare(namedRuns('a.json', before), namedRuns('b.json', after), {
    thresholds: parseThresholds(thresholds),
    isSetupFixed: false,
  });
}

const only = ({ cases }: Comparison) => cases[0]!;
const resident = (factor: number) =>
  changed(({ memory }) => ({ memory: { ...memory, resident: Math.round(memory.resident * factor) } }));

describe('two results', () => {
  test('of one run are the same in all figures, whatever the time they took', async () => {
    const comparison = comparing({ ...result, timing: { ...result.timing, wallMs: 1e9 } });
    await expectValid(comparison);
    expect(comparison.isPassed).toBe(true);
    expect(only(comparison)).toMatchObject({ movements: [], problems: [], setup: [] });
    expect(only(comparison).figures).toBeGreaterThan(500);
  });

  test('every number of a phase is compared but its position, which its operations add up to', () => {
    const names = new Set(METRICS);
    const [phase] = result.phases as [PhaseResult];
    const numbers = (of: object, group: string) =>
      Object.entries(of).flatMap(([name, value]) => (typeof value === 'number' ? [`${group}${name}`] : []));
    const there = [
      ...numbers(phase, ''),
      ...(['memory', 'system', 'drainprof', 'hookAccounting'] as const).flatMap((group) =>
        numbers(phase[group], `${group}.`),
      ),
      ...numbers(phase.bins[0] as object, 'bins.'),
      ...numbers(phase.large[0] as object, 'large.'),
    ];
    expect(there.filter((name) => !names.has(name))).toEqual(['position', 'bins.size', 'large.size']);
  });

  test('a figure that moved is told with how far, and which way is better', async () => {
    const comparison = comparing(resident(1.01));
    await expectValid(comparison);
    expect(comparison.isPassed).toBe(false);
    const [moved] = only(comparison).movements;
    expect(moved).toMatchObject({
      phase: 'deleted',
      metric: 'memory.resident',
      isBeyond: true,
      isBetter: false,
    });
    expect(moved?.share).toBeCloseTo(0.01);
    expect(only(comparing(resident(0.9))).movements[0]?.isBetter).toBe(true);
  });

  test('the verdict comes first, used_memory and resident memory lead, and bytes come before counts', () => {
    const moved = changed(({ memory, drainprof }) => ({
      memory: {
        ...memory,
        usedMemory: memory.usedMemory + 4096,
        resident: memory.resident + 8192,
        retained: memory.retained + 2 ** 30,
        active: memory.active + 2 ** 21,
      },
      drainprof: { ...drainprof, allocs: drainprof.allocs * 1000 },
    }));
    const lines = comparisonReport(comparing(moved), { width: 120, colours: 'none' }).split('\n');
    expect(lines[0]).toMatch(/^b\.json: \d+ figures of 1 case compared with a\.json: 1 of 1 case moved\.$/);
    const names = lines.flatMap((line) => /^deleted +(\S+) /.exec(line)?.[1] ?? []);
    expect(names).toEqual([
      'memory.usedMemory',
      'memory.resident',
      'memory.active',
      'memory.retained',
      'drainprof.allocs',
    ]);
  });

  test('a headline is not of what does not show: 4 bytes of MiB', () => {
    const words = (after: RunResult) => comparisonReport(comparing(after), { width: 80, colours: 'none' });
    const more = (bytes: number) =>
      changed(({ memory }) => ({ memory: { ...memory, resident: memory.resident + bytes } }));
    expect(words(more(4))).not.toContain('\nresident ');
    expect(words(more(4))).toContain('memory.resident');
    expect(words(more(2 ** 22))).toMatch(/^resident \S+ MiB -> \S+ MiB$/m);
  });

  test.each([
    ['memory.resident=1%', 1.0099, true],
    ['memory.resident=1%', 0.9899, false],
    ['memory.resident=1%', 1.0101, false],
    ['memory=1%', 1.0099, true],
    ['*=1%', 1.0099, true],
    ['bins=1%', 1.0099, false],
    ['memory.resident=100000000', 2, true],
    ['memory.resident=10', 2, false],
  ] as const)('threshold %s and %f times as much', (threshold, factor, isPassed) => {
    expect(comparing(resident(factor), [threshold]).isPassed).toBe(isPassed);
  });

  test('the nearest threshold counts, even if it is the narrower one', () => {
    expect(comparing(resident(1.01), ['*=5%', 'memory=5%', 'memory.resident=0']).isPassed).toBe(false);
  });

  test('percent of nothing is nothing', () => {
    const dirty = (value: number) => changed(({ memory }) => ({ memory: { ...memory, dirty: value } }));
    expect(comparing(dirty(4096), ['memory=50%'], dirty(0)).isPassed).toBe(false);
    expect(only(comparing(dirty(4096), ['memory=4096'], dirty(0))).movements[0]).toMatchObject({
      share: null,
      isBeyond: false,
    });
  });

  test('a class that only one side has used has no slabs on the other', () => {
    const without = changed(({ bins }) => ({ bins: bins.slice(1) }));
    const size = result.phases[1]?.bins[0]?.size;
    for (const [comparison, side] of [
      [comparing(without), 'after'],
      [comparing(result, [], without), 'before'],
    ] as const) {
      const slabs = only(comparison).movements.find(({ metric }) => metric === 'bins.curslabs');
      expect(slabs).toMatchObject({ sizeClass: size, [side]: 0 });
    }
  });

  test('drainability that is no longer measured is a movement beyond any threshold', () => {
    const unmarked = changed(({ drainprof }) => ({ drainprof: { ...drainprof, cohortDsr: null } }));
    const comparison = comparing(unmarked, ['*=100%']);
    expect(comparison.isPassed).toBe(false);
    expect(only(comparison).movements).toMatchObject([
      { metric: 'drainprof.cohortDsr', after: null, isBetter: null },
    ]);
  });

  test('another setup is said, and not held against runs; a phase that is missing is', () => {
    const comparison = comparing({
      ...result,
      conf: 'tcache:false',
      parameters: { ...result.parameters, keys: 1 },
    });
    expect(comparison.isPassed).toBe(true);
    expect(only(comparison).setup).toEqual([
      { what: 'conf', before: '(defaults)', after: 'tcache:false' },
      { what: 'keys', before: '500', after: '1' },
    ]);
    const short = comparing({ ...result, phases: result.phases.slice(0, 1) });
    expect(short.isPassed).toBe(false);
    expect(only(short).problems).toEqual(['phase deleted is not in b.json']);
  });

  test('a run that fails is a problem, unless it failed in the same words before', () => {
    const failed = { ...result, error: { name: 'OutOfMemoryError', message: 'full', position: 3 } };
    expect(only(comparing(failed)).problems).toEqual(['failed in b.json: full']);
    expect(comparing(failed, [], failed).isPassed).toBe(true);
  });
});

describe('sweeps', () => {
  const sweepOf = (...values: string[]): SweepResult =>
    ({
      schema: 'slablab.sweep/1',
      cells: values.map((value, cell) => ({ cell, values: { conf: value }, run: result, error: null })),
    }) as unknown as SweepResult;
  const comparingSweeps = (before: SweepResult, after: SweepResult) =>
    compare(namedRuns('a.json', before), namedRuns('b.json', after), { thresholds: {}, isSetupFixed: false });

  test('are compared cell by cell, by their values', () => {
    expect(comparingSweeps(sweepOf('x', 'y'), sweepOf('y', 'x')).isPassed).toBe(true);
    const { isPassed, cases } = comparingSweeps(sweepOf('x', 'y'), sweepOf('y', 'z'));
    expect(isPassed).toBe(false);
    expect(cases.map(({ name, problems }) => [name, ...problems])).toEqual([
      ['conf=y'],
      ['conf=z', 'not in a.json'],
      ['conf=x', 'not in b.json'],
    ]);
  });

  test('with nothing in common, and results of two kinds, are refused', () => {
    expect(() => comparingSweeps(sweepOf('x'), sweepOf('y'))).toThrow('have no cell in common');
    expect(() =>
      compare(namedRuns('a.json', result), namedRuns('b.json', sweepOf('x')), {
        thresholds: {},
        isSetupFixed: false,
      }),
    ).toThrow('a.json is the result of a run and b.json that of a sweep: give two of one kind');
  });
});

describe('what is no result', () => {
  test.each([
    ['{', /^r\.json: line 1: not JSON: /],
    ['5 "k\nv": ', /^r\.json: line 1: not JSON: .*$/],
    ['[]', /has no `schema`/],
    [
      '{"schema":"slablab.run/2"}',
      /is of version `slablab\.run\/2`, and this slablab reads `slablab\.run\/1`/,
    ],
    ['{"schema":"slablab.bench/0"}', /`slablab bench --update`/],
    ['{"schema":"slablab.rnu/1"}', /is not a result that can be compared; did you mean `slablab\.run\/1`\?/],
    ['{"schema":"slablab.run/1"}', /the file is damaged/],
    ['{"schema":"slablab.run/1","phases":[7]}', /the file is damaged/],
    ['{"schema":"slablab.sweep/1","cells":[null]}', /the file is damaged/],
  ])('%s', (text, message) => {
    expect(() => parseResult('r.json', text)).toThrow(InputError);
    expect(() => parseResult('r.json', text)).toThrow(message);
  });

  test('figures that are none are named with their phase and class', () => {
    const broken = changed(({ bins }) => ({
      bins: bins.map((row) => ({ ...row, curslabs: 'x' as unknown as number })),
    }));
    expect(() => comparing(broken)).toThrow(
      /^b\.json: phase deleted: `bins\.curslabs` of class \d+ is not a number/,
    );
    const gone = changed(() => ({ memory: undefined as unknown as PhaseResult['memory'] }));
    expect(() => comparing(gone)).toThrow('b.json: phase deleted: `memory.allocated` is not a number');
  });
});

describe('thresholds on the command line', () => {
  test.each([
    ['bins', /write it as metric=amount/],
    ['=1', /write it as metric=amount/],
    ['resident=1%', /did you mean `memory\.resident`\?/],
    ['memory.residnet=1%', /did you mean `memory\.resident`\?/],
    ['bins=-1', /"-1"` is not a threshold; give a number that is not negative/],
    ['bins=', /is not a threshold/],
    ['bins=1%%', /is not a threshold/],
  ])('%s is refused', (text, message) => {
    expect(() => parseThresholds([text])).toThrow(message);
    expect(() => parseThresholds([text])).toThrow(`--threshold ${text}: `);
  });

  test('nor is a figure taken twice', () => {
    expect(() => parseThresholds(['bins=1', 'bins=2'])).toThrow('`bins` is given twice; keep one of them');
  });
});
