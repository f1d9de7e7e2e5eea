/** The lanes of tests, by which `make test-unit` and its like choose. A file is in the first lane that its path matches. */
export interface Lane {
  readonly name: string;
  readonly files: readonly string[];
  /** Modules that run before each of the files. */
  readonly setup?: readonly string[];
}

/** In the order of `make test`: what takes long is not left to the end. */
export const LANES: readonly Lane[] = [
  { name: 'browser', files: ['test/browser/**/*.test.ts'] },
  { name: 'fuzz', files: ['test/**/*.fuzz.test.ts'] },
  { name: 'fidelity', files: ['test/fidelity/**/*.test.ts'] },
  {
    name: 'integration',
    files: ['test/{cli,serve,native}/**/*.test.ts', 'test/**/*.integration.test.ts'],
  },
  { name: 'house', files: ['test/house/**/*.test.ts'] },
  { name: 'unit', files: ['test/**/*.test.ts'], setup: ['test/support/alone.ts'] },
];
