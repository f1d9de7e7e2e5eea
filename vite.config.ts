import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { CarriedPackages, emitNotices } from './vite.notices.js';
import { emitNativeSources } from './vite.sources.js';
import { emitTypes } from './vite.types.js';

const carried = new CarriedPackages();
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Rooms of which several commands share parts: each has one file for them, instead of one for each set of commands. */
const ROOMS = ['compare', 'input', 'map', 'recording', 'remedy', 'resp', 'run', 'sweep', 'trace', 'verify'];

function sharedPartsOf(room: string) {
  return { name: room, test: new RegExp(`/src/${room}/`), minShareCount: 2 };
}

/**
 * The command line as few files: to find and read some 300 modules, in each of its threads, takes as long as many a run.
 * Workers are found beside whoever starts them.
 */
export default defineConfig({
  plugins: [
    carried.collector(),
    emitNotices(carried),
    emitNativeSources('native-sources.json'),
    emitTypes(source('dist/src/index.d.ts'), 'library.d.ts'),
  ],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'dist/bin',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: {
        slablab: source('src/cli/main.ts'),
        library: source('src/index.ts'),
        'worker-node-main': source('src/engine/worker-node-main.ts'),
        'cell-worker-main': source('src/sweep/pool/cell-worker-main.ts'),
        'lab-worker-main': source('src/serve/lab-worker-main.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'base', test: /\/src\/(base|output|stream)\// }, ...ROOMS.map(sharedPartsOf)],
        },
      },
    },
  },
});
