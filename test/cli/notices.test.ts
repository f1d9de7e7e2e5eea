/** The licences of the work of others, in all that leaves this checkout: the package, the page, a map as one file. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = 'THIRD-PARTY-NOTICES.txt';

/** What jemalloc and musl ask to be kept with every copy, line breaks aside. */
const IN_MODULES = [
  'Copyright (C) 2002-present Jason Evans <jasone@canonware.com>',
  '2. Redistributions in binary form must reproduce the above copyright notice(s)',
  'Copyright © 2005-2020 Rich Felker, et al.',
];

/** Returns the names of the npm packages that a text has notices of. */
function packagesNamed(notices: string): string[] {
  return [...notices.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \([^)]+\)$/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'jemalloc')
    .sort();
}

/** Returns the licence of a package as its own file has it. */
async function licenceOf(name: string): Promise<string> {
  const directory = join(ROOT, 'node_modules', name);
  const file = (await readdir(directory)).find((each) => /^licen[cs]e/i.test(each));
  return (await readFile(join(directory, file!), 'utf8')).split('\n# Licenses of bundled')[0]!.trim();
}

/** Returns the npm packages that files of some rooms import. */
async function packagesImportedBy(rooms: readonly string[]): Promise<string[]> {
  const packages = new Set<string>();
  for (const room of rooms) {
    for (const path of await readdir(join(ROOT, room), { recursive: true })) {
      if (!path.endsWith('.ts')) continue;
      const source = await readFile(join(ROOT, room, path), 'utf8');
      for (const [, name] of source.matchAll(/(?:from |import\()'((?:@[^/']+\/)?[^.#/':]+)(?=[/'])/g))
        packages.add(name!);
    }
  }
  return [...packages].sort();
}

async function withDependencies(names: readonly string[]): Promise<string[]> {
  const found = new Set(names);
  for (const name of found) {
    // An optional dependency of another platform is not installed.
    const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8').catch(() => '{}');
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as {
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) found.add(dependency);
  }
  return [...found];
}

async function expectLicencesOf(names: readonly string[], notices: string): Promise<void> {
  for (const name of names) expect(notices, name).toContain(await licenceOf(name));
}

test('the command line and the library: of the WebAssembly modules and of each package in a bundle', async () => {
  const notices = await readFile(join(ROOT, 'dist/bin', NAME), 'utf8');
  for (const text of IN_MODULES) expect(notices).toContain(text);
  const named = packagesNamed(notices);
  const imported = await packagesImportedBy(['src', 'workloads']);
  expect(imported).toEqual(expect.arrayContaining(['comlink', 'commander', 'fast-png']));
  expect(named).toEqual(expect.arrayContaining(imported));
  // No others, but for what those import in turn, and the bundler's helpers.
  expect((await withDependencies(imported)).concat('rolldown')).toEqual(expect.arrayContaining(named));
  await expectLicencesOf(named, notices);
});

test('the page: of the modules, and of the packages in its scripts and its worker', async () => {
  const notices = await readFile(join(ROOT, 'dist/web', NAME), 'utf8');
  for (const text of IN_MODULES) expect(notices).toContain(text);
  const named = packagesNamed(notices);
  // The page zooms with d3-zoom, its worker alone draws with d3-random.
  expect(named).toEqual(expect.arrayContaining(['comlink', 'd3-random', 'd3-zoom', 'leven', 'vite']));
  expect(named).not.toContain('commander');
  await expectLicencesOf(named, notices);
});

test('a map as one file: of the packages in it, and of nothing else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-notices-'));
  const html = join(directory, 'map.html');
  await slablab(['run', 'scattered-delete', '--set', 'keys=1000', '--quiet', '--out', directory]);
  const { exitCode } = await slablab([
    'map',
    join(directory, 'scattered-delete-q3.slabs'),
    '--no-retained',
    '--out',
    html,
  ]);
  expect(exitCode).toBe(0);
  const [, notices] = /id="notices">([^<]*)</.exec(
    (await readFile(html, 'utf8')).replaceAll('<jasone', 'jasone'),
  )!;
  await rm(directory, { recursive: true });
  const named = packagesNamed(notices!);
  expect(named).toEqual(expect.arrayContaining(['d3-axis', 'd3-zoom']));
  // It has no engine.
  expect(notices).not.toContain('Jason Evans');
  expect(named).not.toContain('comlink');
  await expectLicencesOf(named, notices!);
});
