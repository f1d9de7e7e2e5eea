import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runReport, type Terminal } from '#slablab/src/report/index.js';
import { largestClass, verdict } from '#slablab/src/report/verdict.js';
import type { PhaseResult } from '#slablab/src/run/run-result.js';
import { type NaiveRun, naiveRun } from '../support/naive-run.js';

const PLAIN: Terminal = { width: 80, colours: 'none' };

function textOf({ result, engine, contents, maps }: NaiveRun, terminal = PLAIN): string {
  return runReport({ result, info: engine.info, contents, maps }, terminal);
}

function verdictOf({ result, contents }: NaiveRun): string {
  const { phases } = result;
  return [largestClass({ phases, contents, pageSize: 4096 }), ...sentencesOf(phases)].join(' ');
}

function sentencesOf(phases: readonly PhaseResult[]): string[] {
  const { slabs, packing, waiting } = verdict(phases, true);
  return [slabs, packing, waiting].filter((sentence) => sentence !== '');
}

/** Returns active/allocated at each phase. */
function ratiosOf({ result }: NaiveRun): readonly number[] {
  return result.phases.map(({ memory }) => memory.active / memory.allocated);
}

function line(...cells: readonly (string | undefined)[]): RegExp {
  return new RegExp(`^${cells.join(' +')}$`, 'm');
}

/** Returns the counts that the text must contain, which include those of an idle server. */
function countsOf({ result }: NaiveRun): {
  readonly live: string;
  readonly slabs: number;
  readonly back: number;
} {
  const [{ drainprof: before }, { drainprof: after }] = result.phases as [PhaseResult, PhaseResult];
  return {
    live: before.live.toLocaleString('en'),
    slabs: before.tracked,
    back: Math.round((after.cohortDsr ?? 0) * before.tracked),
  };
}

describe('runReport', () => {
  test('shows both phases side by side, the classes, the maps and a verdict', async () => {
    const run = await naiveRun(['keys=400']);
    const text = textOf(run);
    expect(text).toContain('scattered-delete, redis-7.2, build naive (jemalloc none), wasm');
    expect(text).toContain('keys=400 valueBytes=1000 order=odd drop=0.5 seed=1');
    expect(text).toMatch(/^memory +populated +deleted$/m);
    const [populated, deleted] = ratiosOf(run);
    expect(deleted).toBeGreaterThan(1.4);
    expect(text).toMatch(line('active/allocated', populated?.toFixed(2), deleted?.toFixed(2)));
    expect(text).toMatch(/^1024 +106 +105 +52\.6%/m);
    expect(text).toContain('slabs at populated:');
    expect(text).toContain('slabs at deleted:');
    expect(text).toMatch(/^ {2}1024 #+/m);
    expect(text).toMatch(/^ {2}1024 #{5}75+/m);
    expect(text.replaceAll('\n', ' ')).toContain('are open only because survivors are scattered.');
  });

  test.each([
    ['scattered', {}, {}],
    ['out of memory', {}, { maxSlabs: 50 }],
    ['with extra sweeps', { sweepEvery: 1000 }, {}],
  ])(
    '%s: the answer comes first, in 12 lines of 80 columns, and what to try comes last',
    async (_, options, engine) => {
      const run = await naiveRun(['keys=400'], options, engine);
      const { result, contents, maps } = run;
      const text = runReport(
        {
          result: {
            ...result,
            certainty: ['As after a restart from the file.', 'Its keys lie otherwise. '.repeat(3).trim()],
          },
          info: run.engine.info,
          contents,
          maps,
          advice: 'slablab advise scattered-delete --set keys=400',
        },
        PLAIN,
      );
      const lines = text.split('\n');
      const table = lines.findIndex((line) => /^(memory|phase) /.test(line));
      expect(table).toBeGreaterThan(4);
      expect(table).toBeLessThanOrEqual(13);
      const answer = lines.slice(0, table).join(' ');
      expect(answer).toMatch(/ used_memory is \d/);
      expect(answer).toContain('As after a restart');
      expect(text.endsWith('\n  slablab advise scattered-delete --set keys=400\n')).toBe(true);
    },
  );

  test.each([40, 57, 80, 120])('no line is wider than %i columns', async (width) => {
    for (const order of ['odd', 'sequential']) {
      const run = await naiveRun(['keys=3000', `order=${order}`], { sweepEvery: 10_000 });
      for (const line of textOf(run, { width, colours: 'none' }).split('\n')) {
        expect(line.length, line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('colours do not change the text', async () => {
    const run = await naiveRun(['keys=400']);
    const coloured = textOf(run, { width: 80, colours: 'truecolor' });
    const stripped = stripVTControlCharacters(coloured);
    const withoutMap = (text: string) =>
      text.split('\n').filter((line) => !/^ {2,}|^ (other|large|dirty|muzzy) |nothing live/.test(line));
    expect(withoutMap(stripped).map((line) => line.trimEnd())).toEqual(withoutMap(textOf(run)));
  });

  test('extra sweeps have a timeline, and are not in the tables', async () => {
    const text = textOf(await naiveRun(['keys=400'], { sweepEvery: 1000 }));
    expect(text).toMatch(/^phase +used +slabs +cohort/m);
    expect(text).toMatch(/^sweep-4 +/m);
    expect(text).toMatch(/^memory +populated +deleted$/m);
  });

  test('other hook placements have a table of their counts', async () => {
    const complete = await naiveRun(['keys=100']);
    expect(textOf(complete)).not.toContain('hooks:');
    const text = textOf({ ...complete, result: { ...complete.result, hooks: 'fastpath' } });
    expect(text).toMatch(/^hooks: /m);
    expect(text).toMatch(/^live error +0 +0$/m);
  });

  test('a run that ended early shows its phases and the error', async () => {
    const run = await naiveRun(['keys=400'], {}, { maxSlabs: 50 });
    const text = textOf(run);
    expect(text).toMatch(/^memory +out-of-memory$/m);
    expect(text).toContain('This run ended early. OutOfMemoryError: position');
  });

  test('no phases at all', async () => {
    const run = await naiveRun(['keys=100']);
    const text = textOf({ ...run, result: { ...run.result, phases: [] }, maps: new Map() });
    expect(text).toContain('Nothing was measured.');
  });
});

describe('verdict', () => {
  test('scattered deletion: no slab was returned, and what pins the slabs', async () => {
    const run = await naiveRun(['keys=400']);
    const words = verdictOf(run);
    const { live, slabs } = countsOf(run);
    expect(words).toContain(
      `From \`populated\` to \`deleted\` 798 of ${live} live regions (5.1%) were freed; 1 of the ${slabs} slabs came back`,
    );
    expect(words).toContain('Class 1024 (value string) holds most: 105 slabs, 420.0 KiB.');
    expect(words).toContain('Survivors pin all of them, on average 2.1 of 4 regions a slab');
    expect(words).toMatch(/of free regions in these cannot be given back\. From/);
    expect(words).toMatch(
      / Active defragmentation would free at most [\d.]+ KiB: \d+ of \d+ slabs are open only because survivors are scattered\.$/,
    );
  });

  test('sequential deletion: the deleted half was returned', async () => {
    const { result } = await naiveRun(['keys=400', 'order=sequential']);
    const words = sentencesOf(result.phases).join(' ');
    expect(words).toMatch(/49 of the 181 slabs came back \(27\.1%\)/);
  });

  test('everything deleted', async () => {
    const run = await naiveRun(['keys=400', 'order=random', 'drop=1']);
    const { slabs, back } = countsOf(run);
    expect(back).toBeGreaterThanOrEqual(100);
    expect(verdictOf(run)).toContain(`${back} of the ${slabs} slabs came back`);
  });

  test('nothing deleted', async () => {
    const words = verdictOf(await naiveRun(['keys=400', 'order=random', 'drop=0']));
    expect(words).toMatch(/no region was freed on balance; 0 of the 1\d\d slabs came back \(0\.0%\)/);
  });

  test('without a mark: the open slabs', async () => {
    const { result } = await naiveRun(['keys=400'], {}, { maxSlabs: 50 });
    const words = sentencesOf(result.phases).join(' ');
    expect(words).toContain('50 of 50 slabs are pinned by at least one live region.');
  });

  test('two kinds of regions in one class are both named', async () => {
    const { contents } = await naiveRun(['keys=400']);
    expect(contents.get(16)).toEqual(['value object', 'key name']);
    expect(contents.get(1024)).toEqual(['value string']);
  });

  test('pages that await decay', async () => {
    const { result } = await naiveRun(['keys=400']);
    const [first, last] = result.phases;
    const dirty = { ...last!, memory: { ...last!.memory, dirty: 8192, muzzy: 4096 } };
    expect(verdict([first!, dirty], true).waiting).toBe(
      '12.0 KiB of given-back pages are still resident until decay or a purge.',
    );
  });
});
