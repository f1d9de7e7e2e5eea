import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const ROOT = fileURLToPath(new URL('./', import.meta.url));

/** Returns a plugin that puts the sources of what a C compiler makes beside the bundle, by their paths in one file. */
export function emitNativeSources(fileName: string): Plugin {
  return {
    name: 'emit-native-sources',
    generateBundle() {
      const paths = filesIn(join(ROOT, 'native')).map((path) => relative(ROOT, path));
      const sources = Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(sources) });
    },
  };
}

/** Returns the paths of the files, sorted, without what was built. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => name !== 'build')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}
