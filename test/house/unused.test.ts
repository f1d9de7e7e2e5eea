import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './import-graph.js';

const SOUND = {
  'src/base/units.ts': "import type { Unit } from './unit.js'; export const unit: Unit = 'KiB';",
  'src/base/unit.ts': "export type Unit = 'KiB' | 'MiB';",
  'test/base/units.test.ts': "import { unit } from '../../src/base/units.js'; console.log(unit);",
};

/** Runs the check of unused code, as configured here, in a small checkout. */
function check(files: Readonly<Record<string, string>>): {
  readonly code: number | null;
  readonly faults: string;
} {
  const directory = mkdtempSync(join(tmpdir(), 'unused-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    writeFileSync(join(directory, 'package.json'), '{ "name": "small", "type": "module" }');
    cpSync(join(ROOT, 'knip.json'), join(directory, 'knip.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    const knip = join(ROOT, 'node_modules/knip/bin/knip.js');
    const { status, stdout } = spawnSync(process.execPath, [knip, '--no-config-hints', '--no-progress'], {
      cwd: directory,
      encoding: 'utf8',
    });
    return { code: status, faults: stdout };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('what is used is accepted', () => {
  expect(check(SOUND)).toEqual({ code: 0, faults: '' });
});

test.each([
  ['export', 'src/base/units.ts', 'export const planted = 1;', 'planted'],
  ['type', 'src/base/unit.ts', 'export type Planted = 1;', 'Planted'],
  ['file', 'src/base/planted.ts', 'export const unit = 1;', 'src/base/planted.ts'],
] as const)('an unused %s is refused', (_, path, text, named) => {
  const { code, faults } = check({
    ...SOUND,
    [path]: `${(SOUND as Record<string, string>)[path] ?? ''}\n${text}`,
  });
  expect(code).toBe(1);
  expect(faults).toContain(named);
});
