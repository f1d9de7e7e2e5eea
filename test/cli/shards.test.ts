import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { withoutTiming } from '../support/without-timing.js';

const GRID = [
  '--axis',
  'seed=1,2,3',
  '--axis',
  'dirty_decay_ms=0,10000',
  '--axis',
  'conf=',
  '--axis',
  'conf=narenas:0',
];
const SMALL = ['scattered-delete', '--set', 'keys=500', '--set', 'order=random', ...GRID];
const NAME = 'scattered-delete.sweep';

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-shards-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function untimed(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).trimEnd();
  const values = path.endsWith('.json') ? [lines] : lines.split('\n');
  return values.map((line) => JSON.stringify(withoutTiming(JSON.parse(line)))).join('\n');
}

async function shards(name: string, args: readonly string[], of: number): Promise<string[]> {
  const outs = Array.from({ length: of }, (_, index) => at(`${name}-${index + 1}`));
  for (const [index, out] of outs.entries()) {
    const shard = `${index + 1}/${of}`;
    const { exitCode, stderr } = await slablab(['sweep', ...args, '--shard', shard, '--out', out, '--quiet']);
    expect(stderr).toBe('');
    expect([0, 2]).toContain(exitCode);
  }
  return outs;
}

describe('--shard and --merge', () => {
  let outs: string[];
  beforeAll(async () => {
    outs = await shards('small', SMALL, 4);
    await slablab(['sweep', ...SMALL, '--out', at('local'), '--quiet', '--best-by', 'steadyResident']);
  });

  test('the merged result and journal are those of one run, but for timing', async () => {
    const merged = await slablab(['sweep', '--merge', ...outs, '--out', at('merged'), '--json']);
    expect(merged.stderr).toContain('result written to');
    expect((await readdir(at('merged'))).sort()).toEqual([`${NAME}.cells`, `${NAME}.json`, `${NAME}.jsonl`]);
    const recordings = (out: string) => readdir(join(at(out), `${NAME}.cells`));
    expect((await recordings('merged')).sort()).toEqual((await recordings('local')).sort());
    for (const file of [`${NAME}.json`, `${NAME}.jsonl`]) {
      expect(await untimed(join(at('merged'), file))).toBe(await untimed(join(at('local'), file)));
    }
    const local = await slablab(['sweep', ...SMALL, '--json', '--quiet']);
    expect(merged.exitCode).toBe(local.exitCode);
    expect(withoutTiming(JSON.parse(merged.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
  });

  test('parts may share a directory, and a part that is named twice counts once', async () => {
    for (const out of outs) await cp(out, at('together'), { recursive: true });
    const merged = await slablab(['sweep', '--merge', at('together'), outs[0]!, '--format', 'csv']);
    expect(merged.stdout).toBe((await slablab(['sweep', ...SMALL, '--format', 'csv'])).stdout);
  });

  test('a part that is missing, incomplete, of another sweep or contradictory is refused by name', async () => {
    const refused = async (...directories: string[]) => {
      const { exitCode, stderr, stdout } = await slablab(['sweep', '--merge', ...directories]);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      return stderr;
    };
    expect(await refused(outs[0]!, outs[2]!)).toContain('the parts 2/4, 4/4 are missing');
    expect(await refused(at('nowhere'))).toContain('name the --out directory of a part');
    expect(await refused(at('local'))).toContain('no part of a sweep is there');
    const file = `${NAME}.shard-1-of-4.jsonl`;
    await cp(outs[0]!, at('cut'), { recursive: true });
    await rm(join(at('cut'), `${NAME}.shard-1-of-4.json`));
    const lines = (await readFile(join(outs[0]!, file), 'utf8')).split('\n');
    await writeFile(join(at('cut'), file), `${lines.slice(0, -2).join('\n')}\n`);
    expect(await refused(at('cut'), ...outs.slice(1))).toMatch(/cut.* lacks \d+: these cells were not run/);
    await writeFile(
      join(at('cut'), file),
      lines.join('\n').replaceAll('"peakResident":', '"peakResident":1'),
    );
    expect(await refused(at('cut'), ...outs)).toMatch(/cell \d+ has two results/);
    await writeFile(join(at('cut'), file), lines.join('\n').replace(/"digest":"../, '"digest":"zz'));
    expect(await refused(at('cut'), ...outs)).toContain('parts of two sweeps');
  });

  test('an unfinished part is not overwritten, and continues with --resume', async () => {
    const file = join(outs[1]!, `${NAME}.shard-2-of-4.jsonl`);
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole.split('\n')[0]}\n`);
    const part = ['sweep', ...SMALL, '--shard', '2/4', '--out', outs[1]!];
    const again = await slablab(part);
    expect(again.stderr).toMatch(/an unfinished sweep, with 0 of \d cells/);
    await slablab([...part, '--resume']);
    expect(await untimed(file)).toBe(
      whole
        .trimEnd()
        .split('\n')
        .map((line) => JSON.stringify(withoutTiming(JSON.parse(line))))
        .join('\n'),
    );
  });

  test('a file is the same input on every machine if its content is', async () => {
    const [one, two] = [at('machine-one'), at('machine-two')];
    const traffic = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nabc\r\n'.repeat(20);
    for (const machine of [one, two]) {
      await cp(outs[0]!, machine, { recursive: true });
      await writeFile(join(machine, 'traffic.resp'), traffic);
    }
    await utimes(join(two, 'traffic.resp'), 1, 1);
    const args = ['traffic.resp', '--axis', 'dirty_decay_ms=0,10', '--quiet'];
    await slablab(['sweep', ...args, '--shard', '1/2', '--out', at('file-1')], {}, one);
    await slablab(['sweep', ...args, '--shard', '2/2', '--out', at('file-2')], {}, two);
    const merged = await slablab(['sweep', '--merge', at('file-1'), at('file-2'), '--json', '--quiet']);
    const local = await slablab(['sweep', ...args, '--json'], {}, one);
    expect(withoutTiming(JSON.parse(merged.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
  });

  test('a cell that lost its worker is a row of the merged result, as it is of one run', async () => {
    const args = ['scattered-delete', '--axis', 'seed=1,2', '--cell-timeout', '0.001'];
    const parts = await shards('late', args, 2);
    const merged = await slablab(['sweep', '--merge', ...parts, '--json', '--quiet']);
    const local = await slablab(['sweep', ...args, '--json', '--quiet']);
    expect(merged.exitCode).toBe(2);
    expect(withoutTiming(JSON.parse(merged.stdout))).toEqual(withoutTiming(JSON.parse(local.stdout)));
  });

  test.each([
    [['sweep', ...SMALL, '--shard', '5/4', '--out', '.'], '--shard 5/4: write the number of the part'],
    [['sweep', ...SMALL, '--shard', '1/2'], '--shard requires --out'],
    [
      ['sweep', 'scattered-delete', '--merge', '.'],
      '--merge with scattered-delete: the input is that of the sweep itself',
    ],
    [['sweep'], 'no input is given: name a workload'],
  ])('%s', async (args, message) => {
    const { exitCode, stderr } = await slablab(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
