import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '#slablab/src/remedy/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const SMALL = ['advise', 'scattered-delete', '--set', 'keys=2000'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-advise-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('slablab advise', () => {
  test('ends in one sentence, with the lines that do it', async () => {
    const { exitCode, stdout, stderr } = await slablab(SMALL, { COLUMNS: '80' });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Restart the server from its own RDB file: /m);
    expect(stdout).toContain('redis-cli SHUTDOWN SAVE');
    expect(stdout).toContain('slablab whatif scattered-delete --set keys=2000 --then restart');
    expect(stdout).toMatch(/^conf dirty_decay_ms:0 .* no /m);
    expect(stdout.split('\n').findIndex((line) => line.startsWith('remedy '))).toBeLessThanOrEqual(12);
    expect(stderr).toContain('replay 2 of 6: purge, then restart\n');
  });

  test('the largest patterns are tried, alone and with a restart, and larger listpacks where hashes are not packed', async () => {
    const commands: (readonly string[])[] = [];
    for (let key = 0; key < 300; key++) {
      const fields = Array.from({ length: 700 }, (_, at) => [`f${at}`, 'v'.repeat(20)]).flat();
      if (key % 10 === 0) commands.push(['HSET', `hash:${key}`, ...fields]);
      commands.push(['SET', `session:${key}`, 'v'.repeat(3000)]);
    }
    const path = join(directory, 'two.resp');
    await writeFile(path, Buffer.concat(commands.map((words) => respOf(...words))));
    const { stdout } = await slablab(['advise', path, '--json', '--quiet']);
    const advice = JSON.parse(stdout) as Advice;
    await expectValid(advice);
    const found = new Map(advice.remedies.map((remedy) => [remedy.name, remedy]));
    expect(found.get('unlink session:*')?.memory.keys).toBe(30);
    expect(found.get('unlink session:*, restart')?.beyond).toBe('unlink session:*');
    const packed = found.get('larger hash listpacks')!;
    expect(packed.beyond).toBe('restart');
    expect(packed.helps).toBe(true);
    expect(packed.steps).toContain('set hash-max-listpack-entries=2048');
    expect(found.has('larger zset listpacks')).toBe(false);
    for (const { helps, gainBytes } of advice.remedies) {
      expect(helps).toBe(gainBytes > advice.tolerance * advice.before.resident);
    }
    expect(advice.runs).toBeLessThanOrEqual(20);
  });

  test('a tolerance above every gain leaves the defaults', async () => {
    const { stdout } = await slablab([...SMALL, '--tolerance', '90%', '--json', '--quiet']);
    const { conclusion, remedies } = JSON.parse(stdout) as Advice;
    expect(conclusion).toMatch(/^Leave the server and its settings as they are: .* more than 90\.0%/);
    expect(remedies.some(({ helps }) => helps)).toBe(false);
  });

  test('active defragmentation is tried where the build has it, and helps what is scattered', async () => {
    const remediesOf = async (...args: readonly string[]) =>
      (JSON.parse((await slablab([...args, '--json', '--quiet'])).stdout) as Advice).remedies;
    const input = ['advise', 'scattered-delete', '--set', 'keys=20000'];
    const defrag = (await remediesOf(...input)).find(({ kind }) => kind === 'defrag');
    expect(defrag).toMatchObject({
      steps: ['set active-defrag-ignore-bytes=1mb', 'activedefrag', 'purge'],
      helps: true,
    });
    expect(defrag?.onServer).toContain('redis-cli CONFIG SET activedefrag yes');
    const ofSystem = await remediesOf(...input, '--build', 'q4');
    expect(ofSystem.some(({ kind }) => kind === 'defrag')).toBe(false);
  });

  test('keys that expire anyway may go sooner, and an upgrade for little is no advice', async () => {
    const path = join(directory, 'sessions.resp');
    const commands = Array.from({ length: 2000 }, (_, at) => [
      respOf('SET', `session:${at}`, 'x'.repeat(1000), 'EX', '3600'),
      respOf('SET', `user:${at}`, 'x'.repeat(400)),
    ]);
    await writeFile(path, Buffer.concat(commands.flat()));
    const { stdout } = await slablab(['advise', path, '--server', 'redis-7.2', '--json', '--quiet']);
    const { remedies } = JSON.parse(stdout) as Advice;
    await expectValid(JSON.parse(stdout));
    for (const steps of [
      ['expire session:* 60s', 'purge'],
      ['unlink session:*', 'purge'],
    ]) {
      const own = remedies.find(({ name }) => name === steps[0]);
      expect(own).toMatchObject({ kind: 'expire', steps, memory: { keys: 2000 } });
    }
    const upgrade = remedies.find(({ kind }) => kind === 'version');
    expect(upgrade!.helps).toBe(upgrade!.gainBytes > 0.1 * (JSON.parse(stdout) as Advice).before.resident);
  });

  test('standard input cannot be replayed several times', async () => {
    const { exitCode, stderr } = await slablab(['advise', '-'], {}, process.cwd(), 'PING\r\n');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('standard input can be read only once');
  });
});

describe('the line that a report ends with', () => {
  /** Runs the last command of a text in a directory, and returns what it was and its result. */
  async function runLast(text: string, cwd: string) {
    const line = text
      .slice(text.lastIndexOf('slablab advise'))
      .replaceAll(/ \\\n +/g, ' ')
      .trim();
    const words = line.split(' ').slice(1);
    return { line, output: await slablab([...words, '--json', '--quiet'], {}, cwd) };
  }

  test('of run gives advice on the same input and server', async () => {
    const options = ['--server', 'valkey-8.0', '--set', 'keys=2000', '--conf', 'tcache:false'];
    const run = await slablab(['run', 'scattered-delete', ...options, '--quiet']);
    const { line, output } = await runLast(run.stdout, directory);
    expect(line).toBe(
      'slablab advise scattered-delete --server valkey-8.0 --conf tcache:false --set keys=2000',
    );
    expect(output.exitCode).toBe(0);
    const advice = JSON.parse(output.stdout) as Advice;
    const result = JSON.parse(
      (await slablab(['run', 'scattered-delete', ...options, '--json'])).stdout,
    ) as RunResult;
    expect(advice.before.resident).toBe(result.phases.at(-1)?.memory.resident);
  });

  test('of run is missing where nothing could be replayed: standard input, a saved stream', async () => {
    const piped = await slablab(['run', '-', '--quiet'], {}, directory, 'SET a b\r\n');
    expect(piped.stdout).toContain('used_memory is');
    expect(piped.stdout).not.toContain('slablab advise');
    const path = join(directory, 'small.ops');
    await slablab(['run', 'scattered-delete', '--set', 'keys=500', '--save-ops', path]);
    expect((await slablab(['run', path])).stdout).not.toContain('slablab advise');
  });

  test('of explain gives advice on a copy of the keys of that server', async () => {
    const fixtures = new URL('../analysis/servers/', import.meta.url);
    const info = fileURLToPath(new URL('fragmented-debian.txt', fixtures));
    const { stdout } = await slablab(['explain', info], { COLUMNS: '120' });
    expect(stdout).toContain('redis-cli --rdb dump.rdb && slablab advise dump.rdb');
    await copyFile(new URL('../input/fixtures/types.rdb', import.meta.url), join(directory, 'dump.rdb'));
    const { line, output } = await runLast(stdout, directory);
    expect(line).toMatch(/ --server redis-\d\.\d --build q4$/);
    expect(output.exitCode).toBe(0);
    expect((JSON.parse(output.stdout) as Advice).build).toBe('q4');
  });
});
