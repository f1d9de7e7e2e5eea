import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '#slablab/src/remedy/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
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
    expect(stderr).toContain('replay 2 of 4: purge, then restart\n');
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

  test('standard input cannot be replayed several times', async () => {
    const { exitCode, stderr } = await slablab(['advise', '-'], {}, process.cwd(), 'PING\r\n');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('standard input can be read only once');
  });
});
