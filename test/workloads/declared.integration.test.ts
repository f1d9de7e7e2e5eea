/** A declared workload on the command line. */
import { expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

const EXAMPLE = 'workloads/examples/sessions-and-cache.json';

test('the example runs, and the same seed gives the same bytes', async () => {
  const run = (...more: string[]) =>
    slablab(['run', EXAMPLE, '--json', '--quiet', '--set', 'pages=2000', ...more]);
  const [first, second, other] = await Promise.all([run(), run(), run('--set', 'seed=2')]);
  expect(first.stderr).toBe('');
  expect(first.exitCode).toBe(0);
  const phases = ({ stdout }: typeof first) => JSON.stringify(JSON.parse(stdout).phases);
  expect(phases(second)).toBe(phases(first));
  expect(phases(other)).not.toBe(phases(first));
  expect(JSON.parse(first.stdout).phases.map(({ name }: { name: string }) => name)).toEqual([
    'filled',
    'hot-pages',
    'sessions-rewritten',
    'logged-out',
    'short-lived',
    'expired',
  ]);
});

test('a parameter that no longer fits is refused with its place, and a file that is not there with its name', async () => {
  const [outOfRange, missing] = await Promise.all([
    slablab(['run', EXAMPLE, '--set', 'sessions=0']),
    slablab(['run', 'nowhere.json']),
  ]);
  expect(outOfRange).toMatchObject({ exitCode: 2, stdout: '' });
  expect(outOfRange.stderr).toContain('keys.session.count: `"$sessions"` is out of range');
  expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
  expect(missing.stderr).toContain('nowhere.json: ENOENT');
});
