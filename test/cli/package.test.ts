/** The packed npm package in an empty directory, with the suite that docs/file-formats.md shows. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);

const CARTS = {
  keys: { cart: { type: 'hash', count: 300, elements: { uniform: [1, 20] }, size: 60, ttlMs: 60_000 } },
  phases: [
    { name: 'filled', do: 'fill' },
    { name: 'expired', do: 'wait', ms: 120_000 },
  ],
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-package-'));
  const modules = join(directory, 'node_modules');
  await mkdir(join(modules, 'slablab'), { recursive: true });
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', directory], { cwd: ROOT });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const unpack = ['-xzf', join(directory, filename), '-C', join(modules, 'slablab'), '--strip-components=1'];
  await execute('tar', unpack);
  // As npm would install what it depends on; devDependencies are not there.
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev === true || devOptional === true) continue;
    if (name.startsWith('@')) await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(join(ROOT, path), join(modules, name));
  }
  await writeFile(join(directory, 'suite.json'), await documentedSuite());
  await writeFile(join(directory, 'carts.json'), JSON.stringify(CARTS));
});
afterAll(() => rm(directory, { recursive: true }));

async function documentedSuite(): Promise<string> {
  const page = await readFile(join(ROOT, 'docs/file-formats.md'), 'utf8');
  const blocks = page.match(/(?:^ {4}.*\n)+/gm) ?? [];
  const [block] = blocks.filter((text) => text.includes('suite.schema.json'));
  if (block === undefined) throw new Error('docs/file-formats.md shows no suite');
  return block;
}

async function slablab(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const main = join(directory, 'node_modules/slablab/dist/bin/slablab.js');
  try {
    const streams = await execute(process.execPath, [main, ...args], { cwd: directory });
    return { exitCode: 0, ...streams };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

describe('the npm package', () => {
  test('has the builds that servers need, the suites, and every schema', async () => {
    const root = join(directory, 'node_modules/slablab');
    const files = await readdir(root, { recursive: true });
    const needed = ['q3', 'q4', 'q3-5.2.1'].map((build) => `wasm/build/${build}.wasm`);
    expect(files).toEqual(
      expect.arrayContaining([
        ...needed,
        'workloads/suites/default.json',
        'workloads/suites/default.baseline.json',
        'workloads/suites/suite.schema.json',
        'src/compare/bench/bench-result.schema.json',
        'src/compare/comparison.schema.json',
      ]),
    );
    // What only tests and benchmarks of the project itself use stays at home.
    expect(files.filter((file) => /^dist\/test|-bare\.wasm$/.test(file))).toEqual([]);
  });

  test("keeps a project's own suite: no baseline, one made, held, and broken", async () => {
    const first = await slablab('bench', 'suite.json');
    expect(first.exitCode).toBe(2);
    expect(first.stderr).toContain('there is no baseline yet; `--update` makes one of this run');
    expect((await slablab('bench', 'suite.json', '--update')).exitCode).toBe(0);
    const held = await slablab('bench', 'suite.json', '--format', 'markdown');
    expect(held.exitCode).toBe(0);
    expect(held.stdout).toMatch(/^### ✅ slablab bench: checkout-service\n/);
    const suite = await documentedSuite();
    await writeFile(join(directory, 'suite.json'), suite.replace('dirty_decay_ms:1000', 'dirty_decay_ms:0'));
    expect((await slablab('bench', 'suite.json')).exitCode).toBe(1);
  });

  test('says that native twins are not in it', async () => {
    const { exitCode, stderr } = await slablab('bench', 'suite.json', '--timing');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("the native twin of build 'q3' is not in the npm package");
  });
});
