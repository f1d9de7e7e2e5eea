import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/{browser,fidelity,cli,serve,native}/**', 'test/**/*.fuzz.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    isolate: false,
    setupFiles: ['test/support/alone.ts'],
    server: { deps: { external: [/\/dist\/(src|workloads|wasm|test)\//] } },
  },
});
