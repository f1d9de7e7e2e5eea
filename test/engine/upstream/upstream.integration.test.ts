/**
 * The lab's jemalloc decides as the one that servers run: after the same operations, each class has as many regions and
 * slabs as in the library that was built from Redis's own sources (record.c says how its figures were taken).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { chunkOf, withEngine } from '../streams.js';
import { EVERYDAY_CONF, everydayStream } from './stream.js';

interface Figures {
  readonly bins: readonly (readonly [number, number, number, number])[];
  readonly large: readonly (readonly [number, number])[];
  readonly allocated: number;
  readonly active: number;
}

const CASES = [
  { build: 'q3-5.2.1', runtime: 'wasm', file: 'jemalloc-5.2.1.json' },
  { build: 'q3-5.2.1', runtime: 'native', file: 'jemalloc-5.2.1.json' },
  { build: 'q3', runtime: 'wasm', file: 'jemalloc-5.3.0.json' },
] as const;

test.each(CASES)('$build, $runtime, beside $file', async ({ build, runtime, file }) => {
  const operations = everydayStream();
  if (process.env.SLABLAB_UPSTREAM_WORDS !== undefined) {
    const words = Uint32Array.from(
      operations.flatMap(([kind, handle = 0, size = 0]) => [kind, handle, size]),
    );
    await writeFile(process.env.SLABLAB_UPSTREAM_WORDS, words);
  }
  const expected = JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as Figures;
  await withEngine({ build, runtime, conf: EVERYDAY_CONF }, async (engine) => {
    await engine.replay(chunkOf(operations));
    const { bins, large, memory } = await engine.survey(0);
    expect({
      bins: bins.map(({ size, curregs, curslabs, nonfullSlabs }) => [size, curregs, curslabs, nonfullSlabs]),
      large: large.filter(({ count }) => count > 0).map(({ size, count }) => [size, count]),
      allocated: memory.allocated,
      active: memory.active,
    }).toEqual(expected);
  });
});
