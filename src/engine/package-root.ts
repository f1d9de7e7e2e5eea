import { existsSync } from 'node:fs';

/** URL of the package's directory, from this module or from the bundle that contains it. */
export const PACKAGE_ROOT = packageRoot();

function packageRoot(): URL {
  for (let directory = new URL('./', import.meta.url); ; directory = new URL('../', directory)) {
    if (existsSync(new URL('package.json', directory))) return directory;
    if (directory.pathname === '/') throw new Error(`${import.meta.url}: not in a package`);
  }
}
