/** Tests the packed npm package in an empty directory, with the suite of docs/file-formats.md. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Spawned, spawned } from '../support/spawned.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);

const CARTS = {
  keys: { cart: { type: 'hash', count: 300, elements: { uniform: [1, 20] }, size: 60, ttlMs: 60_000 } },
  phases: [
    { name: 'filled', do: 'fill' },
    { name: 'expired', do: 'wait', ms: 120_000 },
  ],
};

/** A use of the library, which is type-checked against the package and run. */
const EXAMPLE = `
import { openEngine, OpWriter, type Snapshot, WORKLOADS } from 'slablab';

const engine = await openEngine({ build: 'q3', runtime: 'wasm', conf: '', hooks: 'complete', worker: true });
const writer = new OpWriter();
for (let region = 0; region < 1000; region++) writer.malloc(100);
for (const chunk of writer.takeAll()) await engine.replay(chunk);
const snapshot: Snapshot = await engine.survey(0);
await engine.close();
const live: number | undefined = snapshot.bins.find(({ size }) => size === 112)?.live;
console.log(live, WORKLOADS.some(({ name }) => name === 'scattered-delete'));
`;

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    types: [],
    rootDir: '.',
    outDir: 'built',
  },
  files: ['example.ts', 'wrong.ts'],
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-package-'));
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', directory], { cwd: ROOT });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
  const install = ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`];
  await execute('npm', install, { cwd: directory });
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

function slablab(...args: string[]): Promise<Spawned> {
  return started(join(directory, 'node_modules/.bin/slablab'), ...args);
}

function withEnvironment(env: Record<string, string>, ...args: string[]): Promise<Spawned> {
  const file = join(directory, 'node_modules/.bin/slablab');
  return spawned(process.execPath, [file, ...args], { cwd: directory, env });
}

function started(file: string, ...args: string[]): Promise<Spawned> {
  return spawned(file, args, { cwd: directory });
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
    // Files that only the project's own tests and benchmarks use are not packed.
    expect(files.filter((file) => /^dist\/test|-bare\.wasm$/.test(file))).toEqual([]);
  });

  test('has few files, and needs no other package', async () => {
    const modules = join(directory, 'node_modules');
    const installed = await readdir(modules);
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['slablab']);
    const entries = await readdir(join(modules, 'slablab'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile()).length).toBeLessThan(160);
  });

  test('its library has types that an example passes and a mistake does not, and runs', async () => {
    await writeFile(join(directory, 'example.ts'), EXAMPLE);
    await writeFile(join(directory, 'wrong.ts'), EXAMPLE.replace("'wasm'", "'wasn'"));
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const checked = await started(process.execPath, tsc, '-p', directory);
    expect(checked.stdout.match(/^\S.*error.*$/gm)).toEqual([
      expect.stringMatching(/^wrong\.ts.*Type '"wasn"' is not assignable to type 'Runtime'/),
    ]);
    expect(await started(process.execPath, join(directory, 'built/example.js'))).toMatchObject({
      exitCode: 0,
      stdout: '1000 true\n',
    });
  });

  test("runs a project's own suite: without a baseline, with one, and after a change", async () => {
    const first = await slablab('bench', 'suite.json');
    expect(first.exitCode).toBe(2);
    expect(first.stderr).toContain('there is no baseline yet; `--update` creates one from this run');
    expect((await slablab('bench', 'suite.json', '--update')).exitCode).toBe(0);
    const held = await slablab('bench', 'suite.json', '--format', 'markdown');
    expect(held.exitCode).toBe(0);
    expect(held.stdout).toMatch(/^### ✅ slablab bench: checkout-service\n/);
    const suite = await documentedSuite();
    await writeFile(join(directory, 'suite.json'), suite.replace('dirty_decay_ms:1000', 'dirty_decay_ms:0'));
    expect((await slablab('bench', 'suite.json')).exitCode).toBe(1);
  });

  test('says how to make a native twin that has not been made', async () => {
    const { exitCode, stderr } = await slablab('bench', 'suite.json', '--timing');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "the native twin of build 'q3' has not been made yet; run: slablab setup --build q3",
    );
  });

  test('setup says what is missing on a machine without make', async () => {
    const bin = join(directory, 'bin');
    await mkdir(bin, { recursive: true });
    await symlink(process.execPath, join(bin, 'node'));
    await symlink('/bin/sh', join(bin, 'sh'));
    const environment = { PATH: bin, XDG_CACHE_HOME: join(directory, 'empty-cache') };
    const { exitCode, stdout } = await withEnvironment(environment, 'setup', '--build', 'q4');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'missing: make patch bzip2 bash gcc libc6-dev; install them (on Debian: `apt install make',
    );
  });

  test('setup makes the recorder and a native twin, with which both work', async () => {
    const environment = {
      XDG_CACHE_HOME: join(directory, 'cache'),
      JEMALLOC_SRC: join(ROOT, 'native/build/jemalloc/5.3.0/pristine'),
    };
    const made = await withEnvironment(environment, 'setup', '--build', 'q3', '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({ parts: [{ isThere: true }, { isThere: true }] });
    expect(made.exitCode).toBe(0);
    const run = ['run', 'scattered-delete', '--set', 'keys=1000', '--json', '--quiet'];
    const native = await withEnvironment(environment, ...run, '--runtime', 'native');
    expect(native.stderr).toBe('');
    const phasesOf = ({ stdout }: Spawned) => (JSON.parse(stdout) as { phases: unknown }).phases;
    expect(phasesOf(native)).toEqual(phasesOf(await slablab(...run)));
    const recorded = await withEnvironment(
      environment,
      'record',
      '--out',
      'true.ops',
      '--',
      'perl',
      '-e',
      '1',
    );
    expect(recorded.exitCode).toBe(0);
  });
});
