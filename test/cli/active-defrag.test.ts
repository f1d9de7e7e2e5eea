/** Active defragmentation on the command line: one stream for all allocators, and words on what it did. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

const SET = ['--set', 'activedefrag=yes', '--set', 'active-defrag-ignore-bytes=100kb', '--quiet'];
const WORKLOAD = ['scattered-delete', '--set', 'keys=4000', ...SET];

/** Writes a workload whose survivors are scattered, and which waits. */
async function workloadFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-defrag-'));
  const path = join(directory, 'scattered.json');
  const phases = [
    { name: 'filled', do: 'fill' },
    { name: 'deleted', do: 'delete', keys: 'key', order: 'random', share: 0.6 },
    { name: 'rested', do: 'wait', ms: 20_000 },
  ];
  await writeFile(path, JSON.stringify({ keys: { key: { count: 4000, size: 1000 } }, phases }));
  return path;
}

interface Phase {
  readonly memory: { readonly fragmentationRatio: number };
  readonly drainprof: { readonly reconciled: boolean };
  readonly defrag?: { readonly hits: number; readonly misses: number; readonly passes: number };
}

test('a run says how many regions moved, and why the rest stays', async () => {
  const { stdout, exitCode } = await slablab([
    'run',
    ...WORKLOAD,
    '--rest',
    '20000',
    '--server',
    'redis-8.0',
  ]);
  expect(exitCode).toBe(0);
  const text = stdout.replaceAll('\n', ' ');
  expect(text).toMatch(
    /Active defragmentation moved [\d,]+ regions \([\d.]+ MiB\) of [\d,]+ tried in \d+ passes: /,
  );
  expect(text).toContain('What stayed is in full slabs');
  expect(text).toContain('of a core, which a server spends in');
});

test('cells of a sweep share the stream, and each allocator decides by itself', async () => {
  const axes = ['tcache:true', 'tcache:false'].flatMap((conf) => ['--axis', `conf=${conf}`]);
  const { stdout, exitCode } = await slablab([
    'sweep',
    ...[await workloadFile(), '--axis', 'server=valkey-9.1', ...axes, ...SET, '--json'],
  ]);
  expect(exitCode).toBe(0);
  const { cells } = JSON.parse(stdout) as { cells: { run: { phases: Phase[] } }[] };
  const last = cells.map(({ run }) => run.phases.at(-1)!);
  expect(last.map(({ drainprof }) => drainprof.reconciled)).toEqual([true, true]);
  expect(last.every(({ memory }) => memory.fragmentationRatio < 1.5)).toBe(true);
  expect(last[0]!.defrag!.hits).toBeGreaterThan(1000);
  expect(last[1]!.defrag!.hits).toBeGreaterThan(1000);
  expect(last[0]!.defrag!.hits).not.toBe(last[1]!.defrag!.hits);
});

test('without it, a result has no word of it', async () => {
  const { stdout } = await slablab(['run', 'scattered-delete', '--set', 'keys=500', '--quiet', '--json']);
  expect(stdout).not.toContain('defrag');
});

test('the build of distributions refuses it', async () => {
  const { exitCode, stderr } = await slablab(['run', ...WORKLOAD, '--build', 'q4']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('activedefrag=yes: Active defragmentation cannot be enabled');
});
