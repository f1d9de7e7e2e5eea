import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';

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

/** Returns the output of a command line on a terminal, which merges stdout and stderr unless the line redirects them. */
function onTerminal(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('script', ['-qec', `"${process.execPath}" "${MAIN}" ${line}`, '/dev/null'], (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
  });
}

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
