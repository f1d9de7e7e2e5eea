import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockOutput } from '#slablab/src/output/output-lock.js';

/** A program that locks its argument, prints the outcome, and keeps the lock until it is ended. */
const HOLDER = `
  import { lockOutput } from '${new URL('../../dist/src/output/output-lock.js', import.meta.url)}';
  try {
    const { isHeld } = await lockOutput(process.argv[1], 'wait');
    console.log(isHeld ? 'held' : 'not held');
    setInterval(() => {});
  } catch (error) {
    console.log(error.message);
  }`;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-lock-'));
  path = join(directory, 'result');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

interface Holder {
  readonly child: ChildProcess;
  readonly said: string;
}

/** Starts a holder, by way of `prefix` if there is one, and waits for its outcome. */
function holder(prefix: readonly string[] = [], of = path): Promise<Holder> {
  const [program = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', HOLDER, of];
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout!.setEncoding('utf8').once('data', (said: string) => resolve({ child, said: said.trim() }));
  });
}

async function ended({ child }: Holder, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

test('the second is refused with the process of the first, until that releases', async () => {
  const lock = await lockOutput(path, 'wait');
  expect(lock.isHeld).toBe(true);
  await expect(lockOutput(path, 'wait, or name another place')).rejects.toThrow(
    `${path}: process ${process.pid} is writing it; wait, or name another place`,
  );
  const other = await lockOutput(join(directory, 'other'), 'wait');
  await Promise.all([lock.release(), other.release()]);
  expect(await readdir(directory)).toEqual([]);
  await (await lockOutput(path, 'wait')).release();
});

test.each(['SIGKILL', 'SIGTERM'] as const)('%s ends the lock with its process', async (signal) => {
  const first = await holder();
  expect(first.said).toBe('held');
  await expect(lockOutput(path, 'wait')).rejects.toThrow(`process ${first.child.pid} is writing it`);
  await ended(first, signal);
  await (await lockOutput(path, 'wait')).release();
  expect(await readdir(directory)).toEqual([]);
});

test('a stopped process keeps its lock', async () => {
  const { child } = await holder();
  child.kill('SIGSTOP');
  await expect(lockOutput(path, 'wait')).rejects.toThrow(`process ${child.pid} is writing it`);
});

test('of many that begin together, one has the lock', async () => {
  const holders = await Promise.all(Array.from({ length: 6 }, () => holder()));
  const outcomes = holders.map(({ said }) => said);
  const winner = holders.find(({ said }) => said === 'held');
  expect(outcomes.filter((said) => said === 'held')).toHaveLength(1);
  const others = outcomes.filter((said) => said !== 'held');
  for (const said of others) expect(said).toMatch(/result: process \d+ is writing it; wait/);
  await expect(lockOutput(path, 'wait')).rejects.toThrow(`process ${winner?.child.pid} is writing it`);
});

test('of many that find a dead lock together, one has it', async () => {
  for (let round = 0; round < 3; round++) {
    await ended(await holder(), 'SIGKILL');
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockOutput(path, 'wait')));
    const held = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(held).toHaveLength(1);
    await held[0]!.release();
  }
});

test('a directory of any depth, through any name', async () => {
  const deep = join(directory, ...Array.from({ length: 6 }, () => 'd'.repeat(100)));
  await mkdir(deep, { recursive: true });
  await symlink(deep, join(directory, 'link'));
  const lock = await lockOutput(join(deep, 'a'), 'wait');
  await expect(lockOutput(join(directory, 'link', 'a'), 'wait')).rejects.toThrow('is writing it');
  await lock.release();
  expect(await readdir(deep)).toEqual([]);
});

test('a file that only has the name of a lock is none', async () => {
  const lock = await lockOutput(path, 'wait');
  const [name = ''] = await readdir(directory);
  await lock.release();
  await writeFile(join(directory, name.replace(/\d{14}/, '0'.repeat(14))), '');
  await (await lockOutput(path, 'wait')).release();
  expect(await readdir(directory)).toEqual([]);
});

test('a directory that is not there: one sentence', async () => {
  const place = join(directory, 'no', 'result');
  await expect(lockOutput(place, 'wait')).rejects.toThrow(`${place}: ENOENT: no such file or directory`);
});

const NAMESPACE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

function hasNamespaces(): boolean {
  try {
    execFileSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const namespaces = hasNamespaces();
const skipped = namespaces ? '' : ' (skipped: no rights to make a container, or no unshare)';

test.skipIf(!namespaces)(`a container with processes of its own shares the lock${skipped}`, async () => {
  const first = await holder(NAMESPACE);
  expect(first.said).toBe('held');
  const second = await holder(NAMESPACE);
  expect(second.said).toContain('process 1 is writing it');
  await ended(first, 'SIGKILL');
  await expect.poll(async () => (await holder(NAMESPACE)).said).toBe('held');
});
