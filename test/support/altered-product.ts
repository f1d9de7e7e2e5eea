/** The product with a defect in it: a copy of what was built, with lines of it replaced. */
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Alteration {
  /** Built file, from the root. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

/** Resolves to the command line's main file. `directory` is empty, and is the caller's to remove. */
export async function alteredProduct(directory: string, { file, from, to }: Alteration): Promise<string> {
  await cp(join(ROOT, 'dist'), join(directory, 'dist'), { recursive: true });
  for (const shared of ['node_modules', 'wasm', 'native', 'workloads', 'package.json', 'Makefile']) {
    await symlink(join(ROOT, shared), join(directory, shared));
  }
  const path = join(directory, file);
  const parts = (await readFile(path, 'utf8')).split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
  await writeFile(path, parts.join(to));
  return join(directory, 'dist/src/cli/main.js');
}
