import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LANES } from './test/lanes.js';
import { LongFirst } from './test/support/long-first.js';

/** A worker's part of a machine's memory, with the browser or the servers that its tests start. */
const WORKER_BYTES = 4 * 1024 ** 3;
/** Two for each core, as tests with real servers wait most of the time; fewer where memory is short. */
const WORKERS = Math.max(2, Math.min(2 * availableParallelism(), Math.floor(totalmem() / WORKER_BYTES)));

/** Nothing waits for it: what has not come by then does not come, however busy the machine. */
const GIVE_UP_MS = 900_000;

export default defineConfig({
  test: {
    testTimeout: GIVE_UP_MS,
    hookTimeout: GIVE_UP_MS,
    teardownTimeout: GIVE_UP_MS,
    expect: { poll: { timeout: GIVE_UP_MS, interval: 20 } },
    maxWorkers: WORKERS,
    // Modules are loaded once in each worker, and by Node itself, as a user's are.
    isolate: false,
    server: { deps: { external: [/\/dist\/(src|workloads|wasm|test)\//] } },
    globalSetup: ['test/support/own-directory.ts'],
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
