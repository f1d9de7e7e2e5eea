/** What commands leave behind: beside others that write, over links, on full disks, and when a signal ends them. */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRecordingFile } from '#slablab/src/recording/recording-file.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import type { SweepResult } from '#slablab/src/sweep/sweep-result.js';
import { slablab } from '../support/cli.js';
import { LONG_WORKLOAD } from '../support/long-workload.js';
import { MAIN } from '../support/main.js';
import { withRealServer } from '../support/real-server.js';
import { type Running, start } from '../support/running.js';
import { expectValid } from '../support/schemas.js';
import { withSmallDisk } from '../support/small-disk.js';
import { spawned } from '../support/spawned.js';
import { withoutTiming } from '../support/without-timing.js';

const RUN = ['run', 'lru-two-sizes', '--set', 'firstKeys=200', '--set', 'secondKeys=200'];
const LONG_RUN = ['run', ...LONG_WORKLOAD];
const SWEEP = ['sweep', 'scattered-delete', '--set', 'keys=2000', '--axis', 'seed=1,2,3,4', '--jobs', '1'];
const LONG_SWEEP = [...SWEEP, '--set', 'order=random', '--axis', `drop=${shares(200)}`];
const JOURNAL = 'scattered-delete.sweep.jsonl';

function shares(count: number): string {
  return Array.from({ length: count }, (_, index) => (index + 1) / (count + 1)).join(',');
}

let directory: string;
let out: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-cli-outputs-'));
  out = join(directory, 'out');
  await mkdir(out);
});
afterEach(() => rm(directory, { recursive: true }));

async function records(): Promise<number> {
  return (await readFile(join(out, JOURNAL), 'utf8').catch(() => '')).split('\n').length - 2;
}

async function hasPart(): Promise<boolean> {
  return (await readdir(out)).some((name) => /\.slabs\.[0-9a-f]{16}\.new$/.test(name));
}

/** Fails if an error is not one sentence on one line. */
function expectOneSentence(stderr: string, sentence: RegExp): void {
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/defect|^ +at /m);
}

describe('two commands that write to one place', () => {
  test('the second sweep is refused with the process of the first, and the journal stays whole', async () => {
    const first = start([...LONG_SWEEP, '--out', out]);
    await first.until(async () => (await records()) >= 2);
    const second = await slablab([...LONG_SWEEP, '--out', out, '--resume']);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toBe(
      `slablab: --out ${join(out, 'scattered-delete.sweep')}: process ${first.pid} is writing it; wait until that has ended, or name another --out\n`,
    );
    first.send('SIGINT');
    expect((await first.end).exitCode).toBe(130);
    const third = start([...LONG_SWEEP, '--out', out, '--resume']);
    await third.until(() => third.said().includes('cells taken over'));
    third.send('SIGKILL');
    expect(third.said()).not.toContain('damaged');
    await third.end;
  });

  test('the second run is refused; after kill -9 of the first it is not, and removes what that left', async () => {
    const first = start([...LONG_RUN, '--out', out]);
    await first.until(hasPart);
    const refused = await slablab([...RUN, '--out', out]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`process ${first.pid} is writing it`);
    expect((await slablab([...RUN, '--build', 'q4', '--out', out])).exitCode).toBe(0);
    first.send('SIGKILL');
    await first.end;
    expect(await hasPart()).toBe(true);
    expect((await slablab([...RUN, '--out', out])).exitCode).toBe(0);
    expect((await readdir(out)).filter((name) => !/^lru-two-sizes-q[34]\.(json|slabs)$/.test(name))).toEqual(
      [],
    );
  });

  test('so is one that saves operations to the same file', async () => {
    const path = join(out, 'a.ops');
    const first = start([...LONG_RUN, '--save-ops', path]);
    await first.until(async () => (await readdir(out)).some((name) => name.startsWith('a.ops.')));
    const second = await slablab([...RUN, '--save-ops', path]);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain(`--save-ops ${path}: process ${first.pid} is writing it`);
    first.send('SIGKILL');
    await first.end;
    expect((await slablab([...RUN, '--save-ops', path])).exitCode).toBe(0);
  });
});

describe('a damaged journal', () => {
  test('loses the cells of its torn lines with --resume, and says so', async () => {
    const whole = await slablab([...SWEEP, '--out', out, '--json']);
    const expected = withoutTiming(JSON.parse(whole.stdout));
    const path = join(out, JOURNAL);
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[2] = lines[2]!.slice(0, 100);
    await writeFile(path, lines.join('\n').slice(0, -50));
    const resumed = await slablab([...SWEEP, '--out', out, '--resume', '--json']);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).toContain(`2 of 4 cells taken over from ${path}`);
    expect(resumed.stderr).toContain(`${path}: line 3 damaged and left out; what they recorded runs again`);
    expect(resumed.stderr).toContain(`${path} was cut short`);
    const result = JSON.parse(resumed.stdout) as SweepResult;
    expect(withoutTiming(result)).toEqual(expected);
    expect(result.timing.resumedCells).toBe(2);
    // The journal was mended on the way.
    const again = await slablab([...SWEEP, '--out', out, '--resume', '--json']);
    expect(again.stderr).toContain('4 of 4 cells taken over');
    expect(again.stderr).not.toContain('damaged');
  });
});

describe('planted links', () => {
  let victim: string;
  beforeEach(async () => {
    victim = join(directory, 'victim');
    await writeFile(victim, 'precious');
  });
  const plant = (...names: string[]) => Promise.all(names.map((name) => symlink(victim, join(out, name))));
  afterEach(async () => {
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  test('run', async () => {
    const names = ['lru-two-sizes-q3.json', 'lru-two-sizes-q3.slabs'];
    await plant(...names, ...names.map((name) => `${name}.new`));
    expect((await slablab([...RUN, '--out', out])).exitCode).toBe(0);
    await expectValid(JSON.parse(await readFile(join(out, names[0]!), 'utf8')));
  });

  test('run --save-ops', async () => {
    await plant('a.ops', 'a.ops.new');
    expect((await slablab([...RUN, '--save-ops', join(out, 'a.ops')])).exitCode).toBe(0);
    expect((await slablab(['run', join(out, 'a.ops')])).exitCode).toBe(0);
  });

  test('sweep: a link for a journal is refused, others are replaced', async () => {
    await plant(JOURNAL, 'scattered-delete.sweep.json', 'scattered-delete.sweep.json.new');
    for (const resume of [[], ['--resume']]) {
      const { exitCode, stderr } = await slablab([...SWEEP, '--out', out, ...resume]);
      expect(exitCode).toBe(2);
      expectOneSentence(
        stderr,
        /scattered-delete\.sweep\.jsonl: ELOOP: .* is a symbolic link, which is not followed/,
      );
    }
    await rm(join(out, JOURNAL));
    await mkdir(join(directory, 'kept'));
    await writeFile(join(directory, 'kept', 'file'), '');
    await symlink(join(directory, 'kept'), join(out, 'scattered-delete.sweep.streams'));
    expect((await slablab([...SWEEP, '--out', out])).exitCode).toBe(0);
    expect(await readdir(join(directory, 'kept'))).toEqual(['file']);
  });

  test('map and bench', async () => {
    await plant('a.svg', 'a.svg.new', 'suite.baseline.json.new', 'suite.bench.json', 'suite.bench.md');
    await slablab([...RUN, '--out', join(directory, 'run')]);
    const recording = join(directory, 'run', 'lru-two-sizes-q3.slabs');
    expect((await slablab(['map', recording, '--out', join(out, 'a.svg')])).exitCode).toBe(0);
    await writeSuite(join(out, 'suite.json'));
    const suite = join(out, 'suite.json');
    expect((await slablab(['bench', suite, '--update', '--out', out])).exitCode).toBe(0);
    expect((await slablab(['bench', suite, '--out', out])).exitCode).toBe(0);
  });

  test('the directory itself may be one', async () => {
    await symlink(out, join(directory, 'link'));
    expect((await slablab([...RUN, '--out', join(directory, 'link')])).exitCode).toBe(0);
    expect(await readdir(out)).toEqual(['lru-two-sizes-q3.json', 'lru-two-sizes-q3.slabs']);
  });
});

function writeSuite(path: string, keys = 200): Promise<void> {
  const suite = {
    name: 'suite',
    workloads: {
      a: { run: 'scattered-delete', set: { keys } },
      b: { run: 'scattered-delete', set: { keys, seed: 2 } },
    },
    configurations: { plain: {} },
  };
  return writeFile(path, JSON.stringify(suite));
}

describe('no space', () => {
  const FULL = /ENOSPC: no space left on device; free some space, or name a place that has enough/;

  test.skipIf(!existsSync('/dev/full'))(
    'on stdout: one sentence, exit 2, and the files are written',
    async () => {
      for (const args of [RUN, ['workloads'], ['run', '--help'], [...SWEEP, '--format', 'csv']]) {
        const full = openSync('/dev/full', 'w');
        const { exitCode, stderr } = await spawned('/bin/sh', [
          '-c',
          '"$0" "$@" > /dev/full',
          process.execPath,
          MAIN,
          ...args,
        ]);
        closeSync(full);
        expect(exitCode).toBe(2);
        expectOneSentence(
          stderr,
          /^slablab: standard output: ENOSPC: .*; not all of the result was printed$/m,
        );
      }
    },
  );

  test.skipIf(!existsSync('/dev/full'))(
    'for saved operations: the result is printed all the same',
    async () => {
      const { exitCode, stdout, stderr } = await slablab([...RUN, '--save-ops', '/dev/full', '--json']);
      expect(exitCode).toBe(2);
      expectOneSentence(stderr, /\/dev\/full: ENOSPC/);
      expect(stdout === '' || (JSON.parse(stdout) as RunResult).phases.length === 2).toBe(true);
    },
  );

  withSmallDisk(
    'for a result, its recording and saved operations: they are named, the rest is printed',
    'size=32k',
    async (disk) => {
      const { exitCode, stdout, stderr } = await slablab([
        ...RUN,
        '--out',
        disk,
        '--save-ops',
        join(disk, 'a.ops'),
        '--json',
      ]);
      expect(exitCode).toBe(2);
      await expectValid(JSON.parse(stdout));
      expectOneSentence(stderr, FULL);
      expect(stderr).toMatch(/operations not written: .*a\.ops: ENOSPC/);
      expect(
        (await readdir(disk)).filter((name) => name.endsWith('.json') || name.endsWith('.ops')),
      ).not.toContain('a.ops');
      // The directory of the map's output is as full as that of the run's.
      await slablab([...RUN, '--out', out]);
      await writeFile(join(disk, 'rest'), Buffer.alloc(32 * 1024)).catch(() => {});
      const map = await slablab(['map', join(out, 'lru-two-sizes-q3.slabs'), '--out', join(disk, 'a.svg')]);
      expect(map.exitCode).toBe(2);
      expectOneSentence(map.stderr, /^slablab: --out .*a\.svg: ENOSPC/m);
      expect(await readdir(disk)).not.toContain('a.svg');
    },
  );

  withSmallDisk(
    'for a journal: the sweep goes on and is printed, and --resume runs what the journal lacks',
    'size=40k',
    async (disk) => {
      const whole = JSON.parse((await slablab([...SWEEP, '--json'])).stdout) as SweepResult;
      const full = await slablab([...SWEEP, '--out', disk, '--json']);
      expect(full.exitCode).toBe(2);
      expect(withoutTiming(JSON.parse(full.stdout))).toEqual(withoutTiming(whole));
      expectOneSentence(full.stderr, FULL);
      execFileSync('mount', ['-o', 'remount,size=10m', disk]);
      const resumed = await slablab([...SWEEP, '--out', disk, '--resume', '--json']);
      expect(resumed.exitCode).toBe(0);
      expect(resumed.stderr).toMatch(/[123] of 4 cells taken over/);
      expect(withoutTiming(JSON.parse(resumed.stdout))).toEqual(withoutTiming(whole));
    },
  );

  withSmallDisk('a directory that cannot be written to', 'size=64k,ro', async (disk) => {
    for (const args of [RUN, SWEEP]) {
      const { exitCode, stdout, stderr } = await slablab([...args, '--out', disk]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expectOneSentence(
        stderr,
        /^slablab: --out .*: EROFS: read-only file system.*; name a writable directory$/m,
      );
    }
    const saved = await slablab([...RUN, '--save-ops', join(disk, 'a.ops')]);
    expect(saved.exitCode).toBe(2);
    expectOneSentence(
      saved.stderr,
      /^slablab: --save-ops .*a\.ops: EROFS: read-only file system; name a place/m,
    );
    const verified = await slablab(SWEEP, { TMPDIR: disk });
    expect(verified.exitCode).toBe(2);
    expectOneSentence(verified.stderr, /^slablab: TMPDIR .*: EROFS: read-only file system; name a place/m);
  });
});

/** The bit of SIGTERM among the pending signals of a process. */
const SIGTERM_MASK = 1n << 14n;

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

describe('a signal', () => {
  test.each(SIGNALS)(
    '%s ends a run with what it has measured, and exit code %i',
    async (signal, exitCode) => {
      const ops = join(directory, 'a.ops');
      const child = start([
        ...LONG_RUN,
        '--sweep-every',
        '100000',
        '--out',
        out,
        '--save-ops',
        ops,
        '--json',
      ]);
      await child.until(hasPart);
      child.send(signal);
      const end = await child.end;
      expect(end.exitCode).toBe(exitCode);
      expect(end.stderr).toMatch(
        new RegExp(`interrupted by ${signal} after [\\d,]+ operations: .* are kept; the same command runs`),
      );
      expect(end.stderr).toContain(`${ops} was not written: the run ended early`);
      expect(await readdir(directory)).toEqual(['out']);
      expect((await readdir(out)).sort()).toEqual(['lru-two-sizes-q3.json', 'lru-two-sizes-q3.slabs']);
      const result = JSON.parse(await readFile(join(out, 'lru-two-sizes-q3.json'), 'utf8')) as RunResult;
      expect(JSON.parse(end.stdout)).toEqual(result);
      await expectValid(result);
      expect(result.phases.at(-1)?.name).toBe('interrupted');
      expect(result.error).toEqual({
        name: 'InterruptedError',
        message: `interrupted by ${signal}`,
        position: null,
      });
      const { recording, damage } = await readRecordingFile(join(out, 'lru-two-sizes-q3.slabs'));
      expect(damage).toBeNull();
      expect(recording.frames.map(({ phase }) => phase)).toEqual(result.phases.map(({ name }) => name));
    },
  );

  test.each([['--worker'], ['--runtime', 'native']])('ends a run with %s', async (...options) => {
    const child = start([...LONG_RUN, ...options, '--out', out]);
    await child.until(hasPart);
    child.send('SIGINT');
    const { exitCode, stderr } = await child.end;
    expect(stderr).toMatch(/interrupted by SIGINT after [\d,]+ operations/);
    expect(exitCode).toBe(130);
  });

  test.each(SIGNALS)('%s ends a sweep, which --resume continues', async (signal, exitCode) => {
    const child = start([...LONG_SWEEP, '--out', out, '--json']);
    await child.until(async () => (await records()) >= 2);
    child.send(signal);
    const end = await child.end;
    expect(end.exitCode).toBe(exitCode);
    const { cells } = JSON.parse(end.stdout) as SweepResult;
    expect(end.stderr).toContain(
      `interrupted by ${signal} after ${cells.length} of 800 cells: these are kept in ${join(out, JOURNAL)}; repeat the command with --resume`,
    );
    expect((await readdir(out)).sort()).toEqual(['scattered-delete.sweep.cells', JOURNAL]);
    expect(await records()).toBe(cells.length);
  });

  test('a sweep without a directory says how it could be continued', async () => {
    // Other tests run sweeps in the system's directory at the same time.
    const own = await mkdtemp(join(tmpdir(), 'slablab-outputs-'));
    const child = start([...LONG_SWEEP, '--json'], undefined, { TMPDIR: own });
    await child.until(async () => (await readdir(own)).some((name) => name.startsWith('slablab-sweep-')));
    child.send('SIGINT');
    const { exitCode, stderr } = await child.end;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(
      /interrupted by SIGINT after \d+ of 800 cells: these are printed only; with --out,/,
    );
    await rm(own, { recursive: true });
  });

  test('ends a bench, which writes nothing', async () => {
    await writeSuite(join(out, 'suite.json'), 5_000_000);
    // Other tests run benches in the system's directory at the same time.
    const own = await mkdtemp(join(tmpdir(), 'slablab-outputs-'));
    const child = start(['bench', join(out, 'suite.json'), '--update'], undefined, { TMPDIR: own });
    await child.until(async () => (await readdir(own)).length > 0);
    child.send('SIGINT');
    const { exitCode, stderr } = await child.end;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(
      /interrupted by SIGINT after \d of 2 cases: nothing was compared or written; the same command/,
    );
    expect(await readdir(out)).toEqual(['suite.json']);
    await rm(own, { recursive: true });
  });

  const VERIFY = ['verify', 'scattered-delete', '--set', 'keys=200', '--settle', '60000', '--server-bin'];

  /** Returns the process of the server that a command has started. */
  async function serverOf(child: Running): Promise<number> {
    await child.until(() => child.said().includes('has started'));
    return Number(execFileSync('pgrep', ['-P', `${child.pid}`], { encoding: 'utf8' }));
  }

  withRealServer('ends a comparison and its server', async (binary) => {
    const child = start([...VERIFY, binary]);
    const server = await serverOf(child);
    child.send('SIGTERM');
    const { exitCode, stderr } = await child.end;
    expect(exitCode).toBe(143);
    expect(stderr).toContain('interrupted by SIGTERM: the server was stopped, and nothing was compared;');
    expect(isRunning(server)).toBe(false);
  });

  withRealServer('a second one ends the command at once, and a server that hangs', async (binary) => {
    const child = start([...VERIFY, binary]);
    const server = await serverOf(child);
    const statusOf = () => readFile(`/proc/${server}/status`, 'utf8');
    process.kill(server, 'SIGSTOP');
    // A signal that arrives before it has stopped is not pending.
    await child.until(async () => /^State:\s*T/m.test(await statusOf()));
    child.send('SIGINT');
    // The server is asked to end, and cannot.
    await child.until(async () => {
      const pending = [...(await statusOf()).matchAll(/^(?:ShdPnd|SigPnd):\s*([0-9a-f]+)$/gm)].map(
        ([, mask]) => BigInt(`0x${mask}`),
      );
      return pending.some((mask) => (mask & SIGTERM_MASK) !== 0n);
    });
    // A busy machine may take its time to end it.
    let hasEnded = false;
    const end = child.end.finally(() => {
      hasEnded = true;
    });
    await expect
      .poll(() => {
        if (!hasEnded) child.send('SIGINT');
        return hasEnded;
      })
      .toBe(true);
    expect((await end).signal).toBe('SIGINT');
    await expect.poll(() => isRunning(server)).toBe(false);
  });
});

/** Whether a process runs. One whose parent has ended may stay as a zombie. */
function isRunning(processId: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}
