/** Suites against defects that are put into the product on purpose. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchResult } from '#slablab/src/compare/bench/bench-result.js';
import type { CaseComparison, Movement } from '#slablab/src/compare/comparison.js';
import { type Alteration, alteredProduct } from '../../support/altered-product.js';
import { expectValid } from '../../support/schemas.js';

const ENGINE = 'dist/src/engine/lab-engine.js';
const UNALTERED = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));
/** Those cases of the project's own suite in which the defects show. */
const SUITE = {
  name: 'altered',
  workloads: {
    'keys deleted at random': {
      run: 'scattered-delete',
      set: { keys: 4000, order: 'random', drop: 0.9 },
      configurations: ['redis-7.2', 'redis-7.0', 'decay'],
    },
    'keys deleted in a batch': {
      run: 'scattered-delete',
      set: { keys: 4000, order: 'sequential' },
      restMs: 3000,
      configurations: ['redis-7.2', 'decay'],
    },
  },
  configurations: {
    'redis-7.2': {},
    'redis-7.0': { server: 'redis-7.0' },
    decay: { conf: 'dirty_decay_ms:1000,muzzy_decay_ms:30000' },
  },
};

let directory: string;
let suite: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-altered-'));
  suite = join(directory, 'altered.json');
  await writeFile(suite, JSON.stringify(SUITE));
  expect(await bench(UNALTERED, suite, '--update')).toMatchObject({ exitCode: 0 });
});
afterAll(() => rm(directory, { recursive: true }));

interface Outcome {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly cases: readonly CaseComparison[];
}

function bench(main: string, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, 'bench', ...args, '--json']);
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const texts: string[] = [];
      stream.setEncoding('utf8').on('data', (text: string) => texts.push(text));
      return texts;
    }) as [string[], string[]];
    child.on('error', reject);
    child.on('close', async (exitCode) => {
      if (stdout.length === 0) return reject(new Error(stderr.join('')));
      const result = JSON.parse(stdout.join('')) as BenchResult;
      await expectValid(result);
      resolve({ exitCode, stderr: stderr.join(''), cases: result.comparison?.cases ?? [] });
    });
  });
}

async function benchWith(alteration: Alteration): Promise<Outcome> {
  const main = await alteredProduct(await mkdtemp(join(directory, 'product-')), alteration);
  const outcome = await bench(main, suite);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stderr).toContain('--update` updates the baseline');
  return outcome;
}

const namesOf = (cases: readonly CaseComparison[], isPassed: boolean) =>
  cases.filter((one) => one.isPassed === isPassed).map(({ name }) => name);

function movements({ cases }: Outcome, name: string, metric: string): readonly Movement[] {
  return (cases.find((one) => one.name === name)?.movements ?? []).filter((moved) => moved.metric === metric);
}

/** `conf` is the expression that jemalloc is booted with. */
const bootedWith = (conf: string): Alteration => ({
  file: ENGINE,
  from: 'port.boot(hooks, options.conf)',
  to: `port.boot(hooks, ${conf})`,
});

const WITHOUT_DECAY = "options.conf.replace(/dirty_decay_ms:[^,]*,?/, '')";

describe('slablab bench catches', () => {
  test('nothing where nothing is altered', async () => {
    const { exitCode, stderr, cases } = await bench(UNALTERED);
    expect(namesOf(cases, false), 'meant? then: slablab bench --update').toEqual([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(cases.length).toBeGreaterThan(10);
  });

  test('one size class with 1% more slabs', async () => {
    // One region in a hundred of class 1024 is never freed, and slabs of the class have four.
    const outcome = await benchWith({
      file: 'dist/src/stream/op-writer.js',
      from: '        return this.#obtain(Kind.malloc, sizeBytes, owner);\n',
      to: `        if (sizeBytes > 896 && sizeBytes <= 1024) {
            globalThis.seen = (globalThis.seen ?? 0) + 1;
            if (globalThis.seen % 100 === 0) this.#obtain(Kind.malloc, sizeBytes, owner);
        }
        return this.#obtain(Kind.malloc, sizeBytes, owner);\n`,
    });
    const [slabs] = movements(outcome, 'keys deleted at random / redis-7.2', 'bins.curslabs');
    expect(slabs).toMatchObject({ phase: 'populated', sizeClass: 1024, isBeyond: true, isBetter: false });
    expect(slabs?.share).toBeCloseTo(0.01, 3);
  });

  test('a decay setting that is ignored', async () => {
    // The engine is told another configuration as a whole: it would say that this one was not taken.
    const { cases } = await benchWith(bootedWith(`(options = { ...options, conf: ${WITHOUT_DECAY} }).conf`));
    const caught = namesOf(cases, false);
    expect(caught).toContain('keys deleted in a batch / decay');
    for (const name of caught) expect(name).toMatch(/ \/ decay$/);
  });

  test('a pair of a configuration that jemalloc never got, before anything runs', async () => {
    const altered = alteredProduct(await mkdtemp(join(directory, 'product-')), bootedWith(WITHOUT_DECAY));
    await expect(altered.then((main) => bench(main, suite))).rejects.toThrow(
      /line \d+: configurations\.decay\.conf: .*jemalloc takes `dirty_decay_ms:1000` for `dirty_decay_ms:10000`/,
    );
  });

  test('instrumentation that has become asymmetric', async () => {
    const outcome = await benchWith({
      file: ENGINE,
      from: 'HOOK_MODES.indexOf(options.hooks)',
      to: "HOOK_MODES.indexOf('asymmetric')",
    });
    const name = 'keys deleted at random / redis-7.2';
    expect(movements(outcome, name, 'hookAccounting.registrations')).not.toEqual([]);
    // It is the accounting alone that is wrong.
    const moved = outcome.cases.flatMap((one) => one.movements.map(({ metric }) => metric.split('.')[0]));
    for (const truth of ['memory', 'system', 'bins', 'large']) expect(moved).not.toContain(truth);
  });

  test.each(['tcache_max:16384', 'lg_extent_max_active_fit:3', 'narenas:4', 'metadata_thp:auto'])(
    'an option whose default is another one: %s',
    async (option) => {
      // What a suite says by itself still holds, and 5.2.1 does not know all of them.
      const { cases } = await benchWith(
        bootedWith(
          `options.build === 'q3-5.2.1' ? options.conf : ['${option}', options.conf].filter(Boolean).join(',')`,
        ),
      );
      const caught = cases.find(({ name }) => name === 'keys deleted at random / redis-7.2');
      const [name = '', value = ''] = option.split(':');
      expect(caught).toMatchObject({ isPassed: false });
      // Whether a figure moves by it or not.
      expect(caught?.setup).toContainEqual({
        what: `jemalloc's ${name}`,
        before: expect.any(String),
        after: value,
      });
      expect(namesOf(cases, true)).toContain('keys deleted at random / redis-7.0');
    },
  );
});
