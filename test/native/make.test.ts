import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LEG_NAMES } from '../bench/leg-names.js';
import { spawned } from '../support/spawned.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const make = (...args: string[]) => spawned('make', args, { cwd: root });

test('nothing is left to build: what is tested was made from the sources as they are', async () => {
  expect(await make('--question', 'wasm', 'native')).toMatchObject({ exitCode: 0 });
});

test('a build that does not exist', async () => {
  const { exitCode, stderr } = await make('wasm', 'BUILD=q3 q5');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    "there is no build 'q5'; builds are q3 q4 q3-5.2.1 q3-p14 q3-p16 q4-5.3.1 q3-5.3.1",
  );
});

test.each(['JEMALLOC_SRC', 'REDIS_SRC'])(
  'a wrong %s is refused, though a right source is in place',
  async (name) => {
    const { exitCode, stderr } = await make('wasm', `${name}=/nowhere`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${name}=/nowhere: there is no such file or directory`);
  },
);

test('a source that no chosen build is made from is not looked at', async () => {
  expect(await make('--question', 'wasm', 'BUILD=q4', 'REDIS_SRC=/nowhere')).toMatchObject({ exitCode: 0 });
});

test('make without a target lists the targets', async () => {
  const { stdout } = await make();
  const makefile = await readFile(new URL('Makefile', new URL('../../', import.meta.url)), 'utf8');
  const phony = /^\.PHONY: ((?:.*\\\n)*.*)/m.exec(makefile)?.[1]?.split(/[\s\\]+/) ?? [];
  expect(phony).toContain('test-unit');
  for (const target of phony.filter((name) => name !== 'FORCE' && name !== 'typescript')) {
    expect(stdout).toMatch(new RegExp(`^make ${target} +\\S`, 'm'));
  }
});

test('a leg of make bench that does not exist', async () => {
  const { exitCode, stderr } = await spawned(process.execPath, ['dist/test/bench/run.js', 'none'], {
    cwd: root,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`slablab: LEG=none: there is no such leg; legs are ${LEG_NAMES.join(', ')}`);
});
