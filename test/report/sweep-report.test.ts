import { describe, expect, test } from 'vitest';
import { sweepCsv, sweepMarkdown, sweepReport } from '#slablab/src/report/node.js';
import type { SweepCell, SweepResult } from '#slablab/src/sweep/sweep-result.js';

const MIB = 2 ** 20;

function cell(number: number, conf: string, change: Partial<SweepCell> = {}): SweepCell {
  return {
    cell: number,
    values: { conf, build: 'q3' },
    figures: {
      peakResident: 10 * MIB,
      steadyResident: (5 + number) * MIB,
      cohortDsr: 0.5,
      purgeWork: 2 * MIB,
    },
    error: null,
    run: null,
    timing: { replayMs: 20, operationsPerSecond: 50e6 },
    ...change,
  };
}

const RESULT: SweepResult = {
  schema: 'slablab.sweep/1',
  workload: 'scattered-delete',
  axes: [
    { name: 'conf', kind: 'conf', values: ['', 'a:1,b:2', 'slab_sizes:1-8:2|9-9:1'] },
    { name: 'build', kind: 'build', values: ['q3'] },
  ],
  cellCount: 3,
  isComplete: true,
  cells: [
    cell(0, ''),
    cell(1, 'a:1,b:2'),
    cell(2, 'slab_sizes:1-8:2|9-9:1', {
      figures: null,
      error: { name: 'BootError', message: 'jemalloc says "no",\nand more', position: null },
    }),
  ],
  objectives: ['steadyResident', 'peakResident', 'cohortDsr', 'purgeWork'],
  pareto: [0],
  best: { cell: 0, objectives: ['steadyResident'], conf: '', variable: 'JE_MALLOC_CONF' },
  timing: { startedAt: '', wallMs: 1, jobs: 2, resumedCells: 0, paretoWithSpeed: [0, 1] },
};

const text = (result: SweepResult, options = {}) =>
  sweepReport(result, { width: 100, colours: 'none' }, options);

describe('a table', () => {
  test('has a row for each cell, marks the Pareto front, and explains failures', () => {
    expect(text(RESULT)).toMatch(/^0 +\(defaults\) +q3 +5\.0 MiB +10\.0 MiB +50\.0% +2\.0 MiB +\*$/m);
    expect(text(RESULT)).toMatch(/^1 +a:1,b:2 +q3 +6\.0 MiB +10\.0 MiB +50\.0% +2\.0 MiB$/m);
    expect(text(RESULT)).toMatch(/^2 .* - +- +- +- +FAILED$/m);
    expect(text(RESULT)).toContain(
      'Cell 2 (conf=slab_sizes:1-8:2|9-9:1, build=q3) failed. BootError: jemalloc says',
    );
  });

  test('reports that the defaults are best, without a line to set', () => {
    expect(text(RESULT)).toContain("The allocator's defaults are best here");
    expect(text(RESULT)).not.toContain('MALLOC_CONF=');
  });

  test('reports no best cell if all cells are equal', () => {
    const [first] = RESULT.cells;
    const best = {
      cell: 0,
      objectives: ['steadyResident'],
      conf: 'a:1',
      variable: 'JE_MALLOC_CONF',
    } as const;
    const cells = ['a:1', 'b:2'].map((conf, number) => ({
      ...cell(number, conf),
      figures: first?.figures ?? null,
    }));
    const words = text({ ...RESULT, cells, best });
    expect(words).toContain('All 2 cells that ran are the same in all of these.');
    expect(words).not.toMatch(/Best by|MALLOC_CONF/);
  });

  test('does not call the defaults best if no configuration was varied', () => {
    const axes = [{ name: 'build', kind: 'build', values: ['q3', 'q4'] }] as const;
    expect(text({ ...RESULT, axes })).toContain('No option of the allocator was varied');
  });

  test('names the variable that the build reads', () => {
    const best = { cell: 1, objectives: ['steadyResident'], conf: 'a:1,b:2' } as const;
    const bundled = text({ ...RESULT, best: { ...best, variable: 'JE_MALLOC_CONF' } });
    expect(bundled).toContain('    JE_MALLOC_CONF="a:1,b:2"\n');
    expect(bundled).toMatch(/ignores\s+MALLOC_CONF/);
    const shared = text({ ...RESULT, best: { ...best, variable: 'MALLOC_CONF' } });
    expect(shared).toContain('    MALLOC_CONF="a:1,b:2"\n');
    expect(shared).toMatch(/a distribution's\s+shared\s+libjemalloc/);
  });

  test('has the speed only on request', () => {
    expect(text(RESULT)).not.toContain('ops/s');
    expect(text(RESULT, { hasTiming: true })).toMatch(/M ops\/s/);
    expect(text(RESULT, { hasTiming: true })).toMatch(/50\.0 +\*/);
  });

  test('shows an interrupted sweep, and a sweep without a measured cell', () => {
    expect(text({ ...RESULT, cellCount: 9, isComplete: false })).toContain(
      'Interrupted: 3 of 9 cells are done.',
    );
    expect(text({ ...RESULT, cells: RESULT.cells.slice(2), best: null })).not.toContain('Best by');
  });

  test('missing figures', () => {
    const figures = { peakResident: 1, steadyResident: 1, cohortDsr: null, purgeWork: 0 };
    expect(text({ ...RESULT, cells: [cell(0, '', { figures })] })).toMatch(/^0 .* 1 B +1 B +- +0 B +\*$/m);
  });
});

describe('the setting to choose', () => {
  const withReason = (
    reason: 'no difference' | 'default' | 'best',
    number: number,
    defaultCell: number | null,
  ) =>
    text({
      ...RESULT,
      best: { cell: 1, objectives: ['steadyResident'], conf: 'a:1,b:2', variable: 'JE_MALLOC_CONF' },
      recommendation: {
        cell: number,
        defaultCell,
        tolerance: 0.01,
        objectives: ['steadyResident', 'peakResident'],
        reason,
      },
    });

  test('comes first, in 12 lines of a screen', () => {
    const words = sweepReport(RESULT, { width: 80, colours: 'none' });
    const table = words.split('\n').findIndex((line) => line.startsWith('cell '));
    expect(table).toBeGreaterThan(2);
    expect(table).toBeLessThanOrEqual(12);
    expect(words.indexOf('Best by')).toBeLessThan(words.indexOf('\ncell '));
  });

  test('is the defaults where nothing makes a difference, and says so', () => {
    const words = withReason('no difference', 0, 0);
    expect(words.replaceAll('\n', ' ')).toContain(
      'No setting makes a difference to this traffic: all are within 1.0% of the best by steadyResident, then ' +
        'peakResident, so the defaults win: cell 0 (conf=(defaults), build=q3).',
    );
    expect(words).toContain('There is nothing to set.');
    expect(words).not.toContain('MALLOC_CONF=');
  });

  test('is the defaults where they are as good as the best', () => {
    const words = withReason('default', 0, 0).replaceAll('\n', ' ');
    expect(words).toContain('The defaults, cell 0 (conf=(defaults), build=q3), are as good as any');
    expect(words).not.toContain('MALLOC_CONF=');
  });

  test('names what it gives and costs beside the defaults', () => {
    const system = (bytes: number, calls: number) => ({
      maps: 0,
      unmaps: 0,
      unmappedBytes: 0,
      forcedPurges: calls,
      forcedPurgedBytes: bytes,
      lazyPurges: 0,
      lazyPurgedBytes: 0,
    });
    const runOf = (conf: string, bytes: number, calls: number) =>
      ({ conf, phases: [{ system: system(bytes, calls) }] }) as unknown as SweepCell['run'];
    const cells = [
      cell(0, '', { run: runOf('', 44 * 1024, 3) }),
      cell(1, 'tcache:false', { run: runOf('tcache:false', 221 * MIB, 1812) }),
    ];
    const recommendation = {
      cell: 1,
      defaultCell: 0,
      tolerance: 0.01,
      objectives: ['steadyResident'],
      reason: 'best',
    } as const;
    const best = {
      cell: 1,
      objectives: ['steadyResident'],
      conf: 'tcache:false',
      variable: 'MALLOC_CONF',
    } as const;
    const words = text({ ...RESULT, cells, best, recommendation });
    expect(words.replaceAll('\n', ' ')).toContain(
      'resident 6.0 MiB instead of 5.0 MiB with the defaults. It costs: 221.0 MiB purged instead of 44.0 KiB, in ' +
        '1,812 calls instead of 3; thread caches are off, so every allocation takes the lock of its arena.',
    );
    expect(words).toContain('    MALLOC_CONF="tcache:false"\n');
  });
});

test('at 80 columns the Pareto mark stays with its cell', () => {
  const axes = ['dirty_decay_ms', 'muzzy_decay_ms', 'hash-max-listpack-entries'].map((name) => ({
    name,
    kind: 'option' as const,
    values: ['1'],
  }));
  const cells = RESULT.cells.map((one) => ({
    ...one,
    values: Object.fromEntries(axes.map(({ name }) => [name, '1'])),
  }));
  for (const width of [40, 60, 80]) {
    const words = sweepReport({ ...RESULT, axes, cells }, { width, colours: 'none' });
    expect(words).toMatch(/^0 \* +1/m);
    expect(words).toMatch(/^2 FAILED +1/m);
    for (const line of words.split('\n')) expect(line).not.toMatch(/^\d? +\*$/);
  }
});

test('used memory has a column if it differs, or if it was asked for', () => {
  const used = (...bytes: number[]) => ({
    ...RESULT,
    cells: RESULT.cells
      .slice(0, 2)
      .map((one, index) => ({ ...one, figures: { ...one.figures!, usedMemory: bytes[index]! } })),
  });
  expect(text(used(MIB, 2 * MIB))).toMatch(/^cell +conf +build +used +resident/m);
  expect(text(used(MIB, MIB))).not.toContain(' used ');
  const best = { ...RESULT.best!, objectives: ['usedMemory', 'steadyResident'] as const };
  expect(text({ ...used(MIB, MIB), best })).toMatch(/^cell +conf +build +used +resident/m);
});

test('CSV has plain numbers, and quotes only where necessary', () => {
  const [first, second, third] = RESULT.cells;
  const known = { ...second!, figures: { ...second!.figures!, usedMemory: 3 * MIB } };
  expect(sweepCsv({ ...RESULT, cells: [first!, known, third!] })).toBe(
    [
      'cell,conf,build,steadyResident,peakResident,cohortDsr,purgeWork,pareto,error,usedMemory',
      `0,,q3,${5 * MIB},${10 * MIB},0.5,${2 * MIB},1,,`,
      `1,"a:1,b:2",q3,${6 * MIB},${10 * MIB},0.5,${2 * MIB},0,,${3 * MIB}`,
      '2,slab_sizes:1-8:2|9-9:1,q3,,,,,0,"BootError: jemalloc says ""no"",\nand more",',
      '',
    ].join('\n'),
  );
});

test('Markdown escapes what would break the table', () => {
  const best = {
    cell: 1,
    objectives: ['steadyResident'],
    conf: 'a:1,b:2',
    variable: 'JE_MALLOC_CONF',
  } as const;
  const markdown = sweepMarkdown({ ...RESULT, best });
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(10);
  expect(rows[4]).toContain('slab\\_sizes:1-8:2\\|9-9:1');
  expect(markdown).toContain('failed: jemalloc says "no", and more');
  expect(markdown).toContain('```sh\nJE_MALLOC_CONF="a:1,b:2"\n```');
});
