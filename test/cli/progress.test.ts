import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { onTerminal } from '../support/terminal.js';

/** Matches the bar of a file of 1.0 MiB. */
const BAR = /[█░]+ \d+% of 1\.0 MiB, \S+ left/;

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-progress-'));
  path = join(directory, 'traffic.resp');
  await writeFile(path, `SET key ${'v'.repeat(1000)}\r\n`.repeat(1040));
});
afterAll(() => rm(directory, { recursive: true }));

describe('the progress bar of a file shows its bytes and the time left', () => {
  test('on a terminal', async () => {
    expect(await onTerminal(`run "${path}"`)).toMatch(BAR);
  });

  test('on a terminal, while --json writes only the result to a file', async () => {
    const json = join(directory, 'result.json');
    expect(await onTerminal(`run "${path}" --json > "${json}"`)).toMatch(BAR);
    expect(await onTerminal(`run "${path}" --json 2> /dev/null`)).not.toMatch(BAR);
  });

  test('not with --quiet', async () => {
    expect(await onTerminal(`run "${path}" --quiet`)).not.toMatch(BAR);
  });

  test('not into pipes', async () => {
    const { stdout, stderr, exitCode } = await slablab(['run', path]);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toMatch(/% of 1/);
  });
});
