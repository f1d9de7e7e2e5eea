import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawned } from '../support/spawned.js';

const script = fileURLToPath(new URL('../../native/setup.sh', import.meta.url));

/** A machine that has what every machine has, and the tools of a test. */
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slablab-setup-'));
  await mkdir(join(dir, 'bin'));
  const basic = 'awk bash cat chmod cut env grep head id mkdir rm sed tac tail uname'.split(' ');
  await Promise.all(basic.map(async (name) => symlink(await which(name), join(dir, 'bin', name))));
});
afterEach(() => rm(dir, { recursive: true }));

async function which(name: string): Promise<string> {
  for (const path of process.env.PATH?.split(delimiter) ?? []) {
    const found = await access(join(path, name)).then(
      () => true,
      () => false,
    );
    if (found) return join(path, name);
  }
  throw new Error(`${name} is not on PATH`);
}

const tool = (name: string, body: string) =>
  writeFile(join(dir, 'bin', name), `#!${join(dir, 'bin/bash')}\n${body}\n`, { mode: 0o755 });

const tools = async (...names: string[]) => {
  for (const name of names) await tool(name, 'exit 0');
};

/** Node.js of which nothing but its version is asked. */
const node = (version: string) => tool('node', `[[ $1 == --version ]] && echo ${version} || exit 1`);

const setup = () =>
  spawned(script, ['native/build/tools.mk'], { cwd: dir, env: { PATH: join(dir, 'bin'), CC: 'cc' } });

const written = () => readFile(join(dir, 'native/build/tools.mk'), 'utf8');

test('all is there', async () => {
  await tools('emcc', 'cc', 'patch', 'bzip2', 'node', 'npm');
  expect(await setup()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(await written()).toContain(`EMCC := ${dir}/bin/emcc\n`);
});

test('something is missing, and the system has no apt-get', async () => {
  await tools('cc', 'patch', 'bzip2', 'node', 'npm');
  const { exitCode, stderr } = await setup();
  expect(exitCode).toBe(1);
  expect(stderr).toContain("missing: emscripten (as Debian's packages are called)");
  await expect(written()).rejects.toThrow();
});

test('apt-get cannot install it', async () => {
  await tools('cc', 'patch', 'bzip2', 'node', 'npm');
  await tool('sudo', 'shift; exec "$@"');
  await tool('apt-get', 'echo "E: Unable to locate package emscripten"; exit 100');
  const { exitCode, stderr } = await setup();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('E: Unable to locate package emscripten\n');
  expect(stderr).toContain(
    'apt-get could not install emscripten; all of its words are in native/build/apt-get.log',
  );
});

test('apt-get installs what is missing, and only that', async () => {
  await tools('cc', 'patch', 'node', 'npm');
  await tool('sudo', 'shift; exec "$@"');
  await tool(
    'apt-get',
    `[[ "$*" == *--simulate* ]] && exit 0
     echo "$*" >>${dir}/apt-get
     cat ${dir}/bin/cc >${dir}/bin/emcc; cat ${dir}/bin/cc >${dir}/bin/bzip2; chmod +x ${dir}/bin/{emcc,bzip2}`,
  );
  const { exitCode, stderr } = await setup();
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'slablab: installing emscripten bzip2 with apt-get; its words go to native/build/apt-get.log\n',
  });
  expect(await readFile(join(dir, 'apt-get'), 'utf8')).toMatch(
    /^\S.* install -y --no-install-recommends emscripten bzip2\n$/,
  );
});

test('Node.js is too old, and a newer one cannot be fetched', async () => {
  await tools('emcc', 'cc', 'patch', 'bzip2');
  await node('v18.20.4');
  await tool('npm', 'echo "npm error network" >&2; exit 1');
  const { exitCode, stderr } = await setup();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Node.js here is v18.20.4, 20.19 is needed: fetching');
  expect(stderr).toContain('npm error network');
  expect(stderr).toContain('install Node.js 20.19 or later, then call make again');
});
