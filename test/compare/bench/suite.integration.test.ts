import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { readSuite, type Suite } from '#slablab/src/compare/bench/suite.js';
import { METRIC_GROUPS, METRICS, OF_NATIVE } from '#slablab/src/compare/metrics.js';
import { HOOK_MODES, KNOWN_BUILDS } from '#slablab/src/engine/index.js';
import { builds } from '#slablab/src/engine/node.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { openStream } from '#slablab/src/run/stream-plan.js';
import { slablab } from '../../support/cli.js';

const SUITES = fileURLToPath(new URL('../../../workloads/suites/', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-suite-'));
  await writeFile(join(directory, 'some.resp'), 'SET a b\r\n');
  await writeFile(join(directory, 'damaged.ops'), 'not one');
  const one = { keys: { key: { count: 10, size: 5 } }, phases: [{ name: 'filled', do: 'fill' }] };
  await writeFile(join(directory, 'own.json'), JSON.stringify(one));
  const save = ['run', 'own.json', '--save-ops', 'own.ops', '--quiet'];
  expect((await slablab(save, {}, directory)).exitCode).toBe(0);
});
afterAll(() => rm(directory, { recursive: true }));

const WORKLOAD = { run: 'scattered-delete', set: { keys: 100 } };

function suiteWith(more: object): object {
  return { name: 'own', workloads: { w: WORKLOAD }, configurations: { c: {} }, ...more };
}

async function read(suite: object | string): Promise<Suite> {
  const path = join(directory, 'suite.json');
  await writeFile(path, typeof suite === 'string' ? suite : JSON.stringify(suite, null, 1));
  return readSuite(path);
}

async function schema() {
  const text = await readFile(join(SUITES, 'suite.schema.json'), 'utf8');
  return new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(text) as object);
}

describe('a suite', () => {
  test('is its workloads times its configurations, unless a workload names some of them', async () => {
    const { cases } = await read(
      suiteWith({
        workloads: { w: WORKLOAD, v: { ...WORKLOAD, configurations: ['d'] } },
        configurations: { c: {}, d: { server: 'redis-7.0', conf: 'tcache:false' } },
      }),
    );
    expect(cases.map(({ name }) => name)).toEqual(['w / c', 'w / d', 'v / d']);
    expect(cases.map(({ cell }) => cell.cell)).toEqual([0, 1, 2]);
    expect(cases.map(({ cell }) => cell.allocator.build)).toEqual(['q3', 'q3-5.2.1', 'q3-5.2.1']);
    expect(cases[1]?.cell).toMatchObject({
      allocator: { conf: 'tcache:false' },
      stream: { server: 'redis-7.0' },
    });
  });

  test('runs files by their paths from the suite, with settings of the server', async () => {
    const { cases } = await read(
      suiteWith({
        workloads: {
          commands: { run: 'some.resp', set: { maxmemory: '1mb' } },
          declared: { run: './own.json' },
          stream: { run: 'own.ops' },
        },
      }),
    );
    expect(cases.map(({ runs }) => runs)).toEqual(['some.resp', './own.json', 'own.ops']);
    expect(cases[0]?.cell.stream.settings).toEqual({ maxmemory: '1mb' });
    for (const { cell } of cases) await (await openStream(cell.stream)).close();
  });

  test('the schema knows what the program knows', async () => {
    const { properties } = JSON.parse(await readFile(join(SUITES, 'suite.schema.json'), 'utf8'));
    const configuration = properties.configurations.additionalProperties.properties;
    const server = new RegExp(configuration.server.pattern as string);
    for (const { name } of SERVERS) expect(name).toMatch(server);
    expect(configuration.build.enum).toEqual([...KNOWN_BUILDS]);
    expect(configuration.hooks.enum).toEqual([...HOOK_MODES]);
    const metrics = new RegExp(properties.thresholds.propertyNames.pattern as string);
    for (const metric of [...METRICS, ...METRIC_GROUPS, OF_NATIVE]) expect(metric).toMatch(metrics);
    const isValid = await schema();
    expect(isValid(JSON.parse(await readFile(join(SUITES, 'default.json'), 'utf8')))).toBe(true);
  });

  test('the default one is reasonable: every build that a server bundles, and a distribution', async () => {
    const { cases } = await readSuite(join(SUITES, 'default.json'));
    const builds = new Set(cases.map(({ cell }) => cell.allocator.build));
    expect([...builds].sort()).toEqual(['q3', 'q3-5.2.1', 'q4']);
  });
});

/** The line is that of the value, in a file with a value a line; the last says whether the schema sees it as well. */
const WRONG: readonly (readonly [message: string, suite: object, isSeenBySchema: boolean])[] = [
  [
    'line 5: workloads.w.run: `nope` is not a workload',
    suiteWith({ workloads: { w: { run: 'nope' } } }),
    false,
  ],
  [
    'line 5: workloads.w.run: `scatered-delete` is not a workload; did you mean `scattered-delete`?',
    suiteWith({ workloads: { w: { run: 'scatered-delete' } } }),
    false,
  ],
  ['line 5: workloads.w.run: ENOENT', suiteWith({ workloads: { w: { run: 'nowhere.resp' } } }), false],
  ['line 5: workloads.w.run: ', suiteWith({ workloads: { w: { run: 'damaged.ops' } } }), false],
  [
    'line 7: workloads.w.set.kesy: `kesy` is not a parameter of this workload; did you mean `keys`?',
    suiteWith({ workloads: { w: { ...WORKLOAD, set: { kesy: 1 } } } }),
    false,
  ],
  [
    'line 7: workloads.w.set.keys: ',
    suiteWith({ workloads: { w: { ...WORKLOAD, set: { keys: -1 } } } }),
    false,
  ],
  ['line 6: workloads.w.set: ', suiteWith({ workloads: { w: { ...WORKLOAD, set: { drop: 0.2 } } } }), false],
  [
    'line 7: workloads.w.set.maxmemroy: `maxmemroy` is not a setting of the server',
    suiteWith({ workloads: { w: { run: 'some.resp', set: { maxmemroy: 1 } } } }),
    false,
  ],
  [
    'line 7: workloads.w.configurations[0]: `"d"` is none of its choices; ',
    suiteWith({ workloads: { w: { run: 'some.resp', configurations: ['d'] } } }),
    false,
  ],
  [
    'line 12: configurations.c: no workload is run with it',
    suiteWith({
      workloads: { w: { run: 'some.resp', configurations: ['d'] } },
      configurations: { c: {}, d: {} },
    }),
    false,
  ],
  [
    'line 4: workloads.w: a saved stream is replayed as it is, so it cannot go with `server`',
    suiteWith({ workloads: { w: { run: 'own.ops' } }, configurations: { c: { server: 'redis-7.2' } } }),
    false,
  ],
  ['line 4: workloads.a/b: `a/b` is no name', suiteWith({ workloads: { 'a/b': WORKLOAD } }), true],
  [
    'line 5: workloads.w.rnu: there is no such field; did you mean `run`?',
    suiteWith({ workloads: { w: { rnu: 'x' } } }),
    true,
  ],
  [
    'line 13: configurations.c.build: `"q5"` is none of its choices; did you mean `q3`?',
    suiteWith({ configurations: { c: { build: 'q5' } } }),
    true,
  ],
  [
    "line 13: configurations.c.conf: conf 'dirty_decay:5': jemalloc says",
    suiteWith({ configurations: { c: { conf: 'dirty_decay:5' } } }),
    false,
  ],
  [
    "there is no option 'tcache_max' in jemalloc 5.2.1, only since 5.3.0",
    suiteWith({ configurations: { c: { server: 'redis-7.0', conf: 'tcache_max:8' } } }),
    false,
  ],
  [
    'line 15: thresholds.resident: `resident` is not a figure that is compared; did you mean `memory.resident`?',
    suiteWith({ thresholds: { resident: 1 } }),
    true,
  ],
  [
    'line 15: thresholds.bins: `-1` is not a threshold; give a number that is not negative',
    suiteWith({ thresholds: { bins: -1 } }),
    true,
  ],
  ['line 15: thresholds.*: `"a lot"` is not a threshold', suiteWith({ thresholds: { '*': 'a lot' } }), true],
  ['line 3: workloads: it is empty; give at least one', suiteWith({ workloads: {} }), true],
  ['line 1: workloads: it is missing', { name: 'own', configurations: { c: {} } }, true],
  ['line 2: name: use letters', suiteWith({ name: 'a b/c' }), true],
];

describe('what is wrong with a suite is said with its line', () => {
  test.each(WRONG)('%s', async (message, suite, isSeenBySchema) => {
    const error = await read(suite).catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/suite\.json: line \d+: /);
    expect((error as Error).message).toContain(message);
    expect((await schema())(suite)).toBe(!isSeenBySchema);
  });

  test('a build that has not been made', async () => {
    const isMade = (await builds()).includes('q3-p16');
    const reading = read(suiteWith({ configurations: { c: { build: 'q3-p16' } } }));
    if (isMade) expect((await reading).cases).toHaveLength(1);
    else await expect(reading).rejects.toThrow(/line 13: configurations\.c\.build: .*make wasm BUILD=q3-p16/);
  });

  test('two of one name, JSON that is none, no file, and an empty one', async () => {
    const twins = '{\n"name": "own",\n"workloads": {\n"w": { "run": "a" },\n"w": { "run": "b" }\n} }';
    await expect(read(twins)).rejects.toThrow('suite.json: line 5: `w` is there twice, first in line 4');
    await expect(read('{\n"name": "own",\n}')).rejects.toThrow('suite.json: line 3: not JSON: ');
    await expect(read('')).rejects.toThrow('suite.json: line 1: not JSON: ');
    await expect(readSuite(join(directory, 'none.json'))).rejects.toThrow('name a suite file');
  });
});
