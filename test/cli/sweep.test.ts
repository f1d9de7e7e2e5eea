import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { type CliResult, slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';
import { expectValid } from '../support/schemas.js';
import { withoutTiming } from '../support/without-timing.js';

const SMALL = ['sweep', 'scattered-delete', '--set', 'keys=2000'];
const DECAY = [...SMALL, '--set', 'order=sequential', '--axis', 'dirty_decay_ms=0,10000'];
const JOURNAL = 'scattered-delete.sweep.jsonl';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-cli-sweep-'));
});
afterAll(() => rm(directory, { recursive: true }));

function resultOf({ stdout }: CliResult): SweepResult {
  return JSON.parse(stdout) as SweepResult;
}

describe('slablab sweep', () => {
  test('prints a row for each cell, and the best one as a line to set', async () => {
    const { exitCode, stdout, stderr } = await slablab(DECAY, { COLUMNS: '100' });
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^cell +dirty_decay_ms +resident +peak +came back +purged$/m);
    expect(stdout).toMatch(/^0 +0 .* KiB +\*$/m);
    expect(stdout).toMatch(/^1 +10000 .* 0 B +\*$/m);
    expect(stdout).toContain('\n    JE_MALLOC_CONF="dirty_decay_ms:0"\n');
    expect(stdout).toMatch(/reads JE_MALLOC_CONF\s+and\s+ignores\s+MALLOC_CONF/);
    expect(stdout).not.toContain('ops/s');
  });

  test.each([40, 100])('no line exceeds COLUMNS=%i', async (width) => {
    const { stdout } = await slablab([...SMALL, '--preset', 'quantum', '--timing'], {
      COLUMNS: String(width),
    });
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  });

  test('--timing adds the speed, which varies between runs', async () => {
    expect((await slablab([...SMALL, '--preset', 'quantum', '--timing'])).stdout).toContain('M ops/s');
  });

  test('--json is --format json, follows its schema, and does not depend on --jobs', async () => {
    const one = await slablab([...DECAY, '--axis', 'seed=1,2', '--json', '--jobs', '1']);
    const four = await slablab([...DECAY, '--axis', 'seed=1,2', '--format', 'json', '--jobs', '4']);
    expect([one.exitCode, four.exitCode]).toEqual([0, 0]);
    const result = resultOf(one);
    await expectValid(result);
    expect(result.cells.map(({ values }) => values)).toEqual([
      { dirty_decay_ms: '0', seed: '1' },
      { dirty_decay_ms: '0', seed: '2' },
      { dirty_decay_ms: '10000', seed: '1' },
      { dirty_decay_ms: '10000', seed: '2' },
    ]);
    expect(JSON.stringify(withoutTiming(resultOf(four)))).toBe(JSON.stringify(withoutTiming(result)));
    await expect(expectValid({ ...result, extra: 1 })).rejects.toThrow();
    await expect(expectValid({ ...result, cells: [{ ...result.cells[0], run: {} }] })).rejects.toThrow();
  });

  test('equal is equal: the defaults win, and the recommendation is in the JSON', async () => {
    const args = ['sweep', 'scattered-delete', '--set', 'keys=10000', '--preset', 'decay'];
    const { stdout } = await slablab(args, { COLUMNS: '80' });
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /No setting makes a difference to this traffic: .* the defaults win: cell 4 \(dirty_decay_ms=10000, muzzy_decay_ms=0\)/,
    );
    expect(stdout).not.toContain('MALLOC_CONF=');
    const result = resultOf(await slablab([...args, '--json']));
    await expectValid(result);
    expect(result.recommendation).toMatchObject({
      cell: 4,
      defaultCell: 4,
      tolerance: 0.01,
      reason: 'no difference',
    });
    const strict = resultOf(await slablab([...args, '--tolerance', '0%', '--json']));
    expect(strict.recommendation?.tolerance).toBe(0);
    // The cell with the lowest figures stays what it was.
    expect(strict.best).toEqual(result.best);
  });

  test('options that do not influence the traffic leave the defaults: arenas of one thread', async () => {
    const result = resultOf(await slablab([...SMALL, '--axis', 'narenas=1,4,16', '--json']));
    expect(result.recommendation).toMatchObject({ cell: 2, defaultCell: 2, reason: 'no difference' });
  });

  test('a setting that helps is recommended with its gain and cost', async () => {
    const args = [
      'sweep',
      'scattered-delete',
      '--set',
      'keys=20000',
      '--set',
      'order=sequential',
      '--axis',
      'dirty_decay_ms=10000,0',
    ];
    const { stdout } = await slablab(args, { COLUMNS: '80' });
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /resident \d+\.\d MiB instead of \d+\.\d MiB with the defaults\. It costs: \d+\.\d MiB purged instead of 0 B, in [\d,]+ calls/,
    );
    expect(stdout).toContain('    JE_MALLOC_CONF="dirty_decay_ms:0"\n');
  });

  test('seeds are repetitions: one row with mean and spread, and no seed is recommended', async () => {
    const args = [...SMALL, '--set', 'order=random', '--axis', 'seed=1,2,3,4', '--axis', 'drop=0.5,0.9'];
    const { stdout } = await slablab(args, { COLUMNS: '100' });
    expect(stdout).not.toContain('seed=');
    expect(stdout).toMatch(/^cell +drop +used +resident/m);
    expect(stdout).toMatch(/^0, … 6 +0\.5 .* ±/m);
    const result = resultOf(await slablab([...args, '--json']));
    await expectValid(result);
    expect(result.cells).toHaveLength(8);
    const [half, most] = result.groups ?? [];
    expect(half).toMatchObject({ cells: [0, 2, 4, 6], values: { drop: '0.5' } });
    expect(most!.least.cohortDsr).toBeLessThanOrEqual(most!.mean.cohortDsr!);
    expect(most!.most.cohortDsr).toBeGreaterThanOrEqual(most!.mean.cohortDsr!);
    const only = await slablab([...SMALL, '--set', 'order=random', '--axis', 'seed=1,2,3']);
    expect(only.stdout).toMatch(/^0-2 +/m);
  });

  test('--best-by usedMemory decides by what keys take', async () => {
    const args = [...SMALL, '--axis', 'valueBytes=100,1000', '--best-by', 'usedMemory'];
    const { stdout } = await slablab(args, { COLUMNS: '100' });
    expect(stdout).toMatch(/^Best by usedMemory, then steadyResident/m);
    expect(stdout).toMatch(/^cell +valueBytes +used +resident/m);
    const result = resultOf(await slablab([...args, '--json']));
    await expectValid(result);
    expect(result.recommendation).toMatchObject({ cell: 0, defaultCell: null, reason: 'best' });
  });

  test('failed cells are rows, and an error only if all cells fail', async () => {
    const conf = ['--axis', 'conf=dirty_decay:5', '--axis', 'conf=narenas:0'];
    const some = await slablab([...SMALL, ...conf, '--axis', 'conf=', '--format', 'csv']);
    expect(some.exitCode).toBe(0);
    const [head, first, , third] = some.stdout.split('\n');
    expect(head).toBe('cell,conf,steadyResident,peakResident,cohortDsr,purgeWork,pareto,error,usedMemory');
    expect(first).toMatch(/^0,dirty_decay:5,,,,,0,"BootError: conf 'dirty_decay:5': jemalloc says ""Invalid/);
    expect(third).toMatch(/^2,,\d+,\d+,0\.\d+,0,1,,\d+$/);
    const all = await slablab([...SMALL, ...conf, '--format', 'markdown']);
    expect(all.exitCode).toBe(2);
    expect(all.stdout).toMatch(/^\| 0 \| dirty\\_decay:5 \| - \|.* FAILED \|$/m);
  });

  test('an --axis replaces the axis of a preset', async () => {
    const args = [...SMALL, '--preset', 'decay', '--axis', 'dirty_decay_ms=7', '--json', '--quiet'];
    const { axes, cells } = resultOf(await slablab(args));
    expect(axes.map(({ name, values }) => [name, values.length])).toEqual([
      ['muzzy_decay_ms', 2],
      ['dirty_decay_ms', 1],
    ]);
    // The preset adds a rest, without which nothing decays.
    expect(cells[0]?.run?.phases.map(({ name }) => name)).toEqual(['populated', 'deleted', 'rested']);
  });

  test('a saved stream', async () => {
    const path = join(directory, 'small.ops');
    await slablab(['run', 'scattered-delete', '--set', 'keys=2000', '--save-ops', path]);
    const { cells } = resultOf(await slablab(['sweep', path, '--preset', 'quantum', '--json']));
    expect(cells.map(({ run }) => run?.build)).toEqual(['q3', 'q4']);
    expect(cells[0]?.run?.phases.map(({ name }) => name)).toEqual(['populated', 'deleted', 'end']);
  });

  test.each([
    ['nothing to vary', [], 'nothing to vary: give an --axis or a --preset'],
    ['an unknown axis', ['--axis', 'drap=1'], 'did you mean `drop`?'],
    ['an unknown value', ['--axis', 'build=q3,q33'], '`q33` is not a build; did you mean `q3`?'],
    ['an unknown preset', ['--preset', 'dekay'], '`dekay` is not a preset; did you mean `decay`?'],
    [
      'fixed and varied',
      ['--axis', 'conf=', '--conf', 'x:1'],
      '--conf x:1 with an axis `conf`: a setting is either fixed or varied',
    ],
    ['set and varied', ['--axis', 'keys=5'], '--set keys=2000 with an axis `keys`'],
    ['two presets of one axis', ['--preset', 'quantum', '--preset', 'pages'], 'both vary build'],
    ['two formats', ['--axis', 'seed=1', '--json', '--format', 'csv'], '--json with --format csv'],
    ['an unknown format', ['--axis', 'seed=1', '--format', 'cvs'], 'did you mean `csv`?'],
    ['no workers', ['--axis', 'seed=1', '--jobs', '0'], '--jobs 0: must be a whole number'],
    ['no time', ['--axis', 'seed=1', '--cell-timeout', '0'], '--cell-timeout 0: must be a number of seconds'],
    ['nowhere to resume', ['--axis', 'seed=1', '--resume'], '--resume requires --out'],
    ['an unwritable directory', ['--axis', 'seed=1', '--out', '/proc/x'], '--out /proc/x: ENOENT'],
    ['another figure', ['--axis', 'seed=1', '--best-by', 'peak'], 'did you mean `peakResident`?'],
  ])('%s: exit 2 and a remedy', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await slablab([...SMALL, ...args]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('defect');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a missing file, and a file of an unknown kind', async () => {
    expect((await slablab(['sweep', 'no/such.resp', '--axis', 'hz=1'])).stderr).toContain(
      'no/such.resp: ENOENT',
    );
    const path = join(directory, 'notes.txt');
    await writeFile(path, 'buy milk\n');
    const { exitCode, stderr } = await slablab(['sweep', path, '--axis', 'hz=10']);
    expect(stderr).toContain(`${path}: not an input for Redis`);
    expect(exitCode).toBe(2);
  });
});

describe('a journal', () => {
  const cells = ['--axis', `seed=${Array.from({ length: 12 }, (_, seed) => seed).join(',')}`];
  const slow = ['sweep', 'scattered-delete', '--set', 'order=random', '--set', 'keys=20000', ...cells];
  let expected: unknown;
  beforeAll(async () => {
    expected = withoutTiming(resultOf(await slablab([...slow, '--json'])));
  });

  /** Ends a sweep with a signal when at least two cells are in its journal. */
  async function endedBy(signal: 'SIGKILL' | 'SIGINT', out: string) {
    const child = spawn(process.execPath, [MAIN, ...slow, '--out', out, '--jobs', '1', '--json']);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on('close', (code, by) => resolve({ code, signal: by }));
    });
    const records = async () =>
      (await readFile(join(out, JOURNAL), 'utf8').catch(() => '')).split('\n').length - 2;
    while (child.exitCode === null && (await records()) < 2)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    return { ...(await ended), stdout };
  }

  test('survives kill -9 and a truncated last line: --resume gives the result of a whole sweep', async () => {
    const out = join(directory, 'killed');
    expect((await endedBy('SIGKILL', out)).signal).toBe('SIGKILL');
    await appendFile(join(out, JOURNAL), '{"cell":11,"values":{"seed"');
    const again = await slablab([...slow, '--out', out]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toMatch(
      /the journal of an unfinished sweep, with \d+ of 12 cells; continue it with --resume/,
    );
    const other = await slablab([...slow, '--out', out, '--resume', '--rest', '100']);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('is the journal of another sweep');
    const resumed = await slablab([...slow, '--out', out, '--resume', '--json']);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).toMatch(
      /\d+ of 12 cells taken over from .*\n.*was cut short: read up to its last complete record/,
    );
    const result = resultOf(resumed);
    expect(withoutTiming(result)).toEqual(expected);
    expect(result.timing.resumedCells).toBeGreaterThanOrEqual(2);
    expect((await readdir(out)).sort()).toEqual([
      'scattered-delete.sweep.cells',
      'scattered-delete.sweep.json',
      JOURNAL,
    ]);
    expect(JSON.parse(await readFile(join(out, 'scattered-delete.sweep.json'), 'utf8'))).toEqual(result);
  });

  test('Ctrl-C prints the results so far and exits with 130; a finished journal may be replaced', async () => {
    const out = join(directory, 'interrupted');
    const { code, stdout } = await endedBy('SIGINT', out);
    expect(code).toBe(130);
    const part = JSON.parse(stdout) as SweepResult;
    await expectValid(part);
    expect(part.isComplete).toBe(false);
    expect(part.cells.length).toBeGreaterThanOrEqual(2);
    expect((await readdir(out)).sort()).toEqual(['scattered-delete.sweep.cells', JOURNAL]);
    const resumed = await slablab([...slow, '--out', out, '--resume', '--json']);
    expect(withoutTiming(resultOf(resumed))).toEqual(expected);
    expect((await slablab([...SMALL, '--axis', 'seed=1', '--out', out])).exitCode).toBe(0);
  });

  test('that does not exist is created', async () => {
    const out = join(directory, 'new');
    const { exitCode, stderr } = await slablab([...SMALL, '--axis', 'seed=1', '--out', out, '--resume']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('there is nothing to resume');
  });
});
