/** Where the package lies, for Node: whatever this is part of, a module of its own or one of the command line's few files. */
import { existsSync } from 'node:fs';

export const PACKAGE_ROOT = packageRoot();

function packageRoot(): URL {
  for (let directory = new URL('./', import.meta.url); ; directory = new URL('../', directory)) {
    if (existsSync(new URL('package.json', directory))) return directory;
    if (directory.pathname === '/') throw new Error(`${import.meta.url}: not in a package`);
  }
}
