import { defineConfig } from 'vitest/config';
import { LANES } from './test/lanes.js';
import { LongFirst } from './test/support/long-first.js';

/** Nothing waits for it: what has not come by then does not come, however busy the machine. */
const GIVE_UP_MS = 900_000;

export default defineConfig({
  test: {
    testTimeout: GIVE_UP_MS,
    hookTimeout: GIVE_UP_MS,
    teardownTimeout: GIVE_UP_MS,
    expect: { poll: { timeout: GIVE_UP_MS, interval: 20 } },
    maxWorkers: 2,
    // Modules are loaded once in each worker, and by Node itself, as a user's are.
    isolate: false,
    server: { deps: { external: [/\/dist\/(src|workloads|wasm|test)\//] } },
    setupFiles: ['test/support/typed-arrays.ts'],
    sequence: { sequencer: LongFirst },
    projects: LANES.map(({ name, files, setup = [] }, index) => ({
      extends: true,
      test: {
        name,
        include: [...files],
        exclude: LANES.slice(0, index).flatMap((lane) => lane.files),
        setupFiles: [...setup],
      },
    })),
  },
});
