import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/fidelity/*.run.ts'],
    testTimeout: 600_000,
    fileParallelism: false,
  },
});
