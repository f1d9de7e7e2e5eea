import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { InputError, Random } from '#slablab/src/base/index.js';
import { argumentText, type Command } from '#slablab/src/commands/index.js';
import { declaredWorkload } from '#slablab/workloads/declared/declared-workload.js';
import { zipf } from '#slablab/workloads/declared/distribution.js';
import { parseSettings } from '#slablab/workloads/index.js';
import { onJemalloc } from '../support/on-jemalloc.js';
import { printedSeed } from '../support/seed.js';

const EXAMPLE = 'workloads/examples/sessions-and-cache.json';

async function schema() {
  const text = await readFile(
    new URL('../../workloads/declared/workload.schema.json', import.meta.url),
    'utf8',
  );
  const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false });
  return ajv.compile(JSON.parse(text) as object);
}

/** One group and one phase, with changes. */
function document(keys: object = {}, phase: object = {}, more: object = {}): object {
  return {
    keys: { key: { count: 100, size: 50, ...keys } },
    phases: [{ name: 'filled', do: 'fill' }, ...(Object.keys(phase).length === 0 ? [] : [phase])],
    ...more,
  };
}

function workloadOf(of: object) {
  return declaredWorkload('my.json', JSON.stringify(of));
}

/** Each command's words, and the ends of phases as `-- name`. */
function linesOf(of: object, settings: readonly string[] = []): string[] {
  const workload = workloadOf(of);
  const lines: string[] = [];
  for (const step of workload.traffic?.(parseSettings(workload.parameters, settings)) ?? []) {
    lines.push('phase' in step ? `-- ${step.phase}` : wordsOf(step));
  }
  return lines;
}

function wordsOf(command: Command): string {
  return Array.from({ length: command.argumentCount }, (_, index) => argumentText(command, index)).join(' ');
}

describe('the example', () => {
  test('follows the schema', async () => {
    const validate = await schema();
    validate(JSON.parse(await readFile(EXAMPLE, 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('what a document means', () => {
  test('groups take turns, by share of their keys', () => {
    const lines = linesOf({
      keys: { a: { count: 4, size: 1 }, b: { count: 2, size: 1, pattern: 'x{i}y' } },
      phases: [{ name: 'filled', do: 'fill' }],
    });
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      'a:0',
      'x0y',
      'a:1',
      'a:2',
      'x1y',
      'a:3',
      'filled',
    ]);
  });

  test.each([
    ['sequential', 0.3, ['key:0', 'key:1', 'key:2']],
    ['odd', undefined, ['key:1', 'key:3', 'key:5', 'key:7', 'key:9']],
  ])('delete in order %s', (order, share, keys) => {
    const phase = { name: 'deleted', do: 'delete', order, ...(share === undefined ? {} : { share }) };
    const lines = linesOf(document({ count: 10 }, phase));
    expect(lines.filter((line) => line.startsWith('DEL')).map((line) => line.split(' ')[1])).toEqual(keys);
  });

  test.each([
    ['hash', 'HSET key:0 field:0 '],
    ['list', 'RPUSH key:0 '],
    ['set', 'SADD key:0 0:'],
    ['zset', 'ZADD key:0 0 0:'],
    ['stream', 'XADD key:0 * field '],
  ])('a %s is made element by element', (type, begin) => {
    const lines = linesOf(document({ type, count: 2, elements: 3, size: 9 }));
    expect(lines).toHaveLength(7);
    expect(lines[0]?.startsWith(begin)).toBe(true);
    expect(lines[0]).toHaveLength(begin.length + (begin.endsWith('0:') ? 7 : 9));
  });

  test.each([
    ['string', 'SET'],
    ['hash', 'HSET'],
    ['list', 'LSET'],
    ['set', 'SPOP'],
    ['zset', 'ZADD'],
    ['stream', 'XADD'],
  ])('overwriting a %s: %s, on a real model, keeps its size', async (type, command) => {
    const elements = type === 'string' ? {} : { elements: 20 };
    const phase = { name: 'rewritten', do: 'overwrite', order: 'random', size: 60 };
    const of = document({ type, count: 50, ...elements }, phase);
    expect(linesOf(of).some((line) => line.startsWith(command))).toBe(true);
    const { phases } = await onJemalloc(workloadOf(of), []);
    expect(phases.map(({ name }) => name)).toEqual(['filled', 'rewritten']);
  });

  test('time: a rate, a wait, and keys that expire in it', async () => {
    const of = document(
      { count: 2000, ttlMs: { uniform: [1000, 5000] }, size: 500 },
      {},
      {
        phases: [
          { name: 'filled', do: 'fill', perSecond: 2000 },
          { name: 'gone', do: 'wait', ms: 60_000 },
        ],
      },
    );
    const { phases } = await onJemalloc(workloadOf(of), []);
    expect(phases.map(({ virtualMs }) => virtualMs)).toEqual([1000, 61_000]);
    expect(phases[1]?.memory.usedMemory).toBeLessThan((phases[0]?.memory.usedMemory ?? 0) / 1.5);
  });

  test('parameters are numbers that --set can change', () => {
    const of = document({ count: '$many' }, {}, { parameters: { many: 3 } });
    expect(linesOf(of)).toHaveLength(4);
    expect(linesOf(of, ['many=7'])).toHaveLength(8);
  });
});

describe('distributions', () => {
  const sizesOf = (size: unknown) =>
    linesOf(document({ size, count: 4000 }))
      .filter((line) => line.startsWith('SET'))
      .map((line) => line.length - line.indexOf(' ', 4) - 1);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  test('uniform', () => {
    const sizes = sizesOf({ uniform: [10, 20] });
    expect(new Set(sizes)).toEqual(new Set([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]));
  });

  test('normal', () => {
    const sizes = sizesOf({ normal: { mean: 500, deviation: 100, min: 300, max: 700 } });
    expect(mean(sizes)).toBeGreaterThan(490);
    expect(mean(sizes)).toBeLessThan(510);
    expect(Math.min(...sizes)).toBe(300);
    expect(Math.max(...sizes)).toBe(700);
  });

  test('lognormal', () => {
    const sizes = sizesOf({ lognormal: { median: 200, sigma: 0.5 } }).sort((a, b) => a - b);
    expect(sizes[2000]).toBeGreaterThan(185);
    expect(sizes[2000]).toBeLessThan(215);
    expect(mean(sizes)).toBeGreaterThan(sizes[2000]!);
  });

  test('zipf: the first of 100 keys is drawn as often as its share says', () => {
    const draw = zipf(100, 1, new Random(printedSeed('zipf')));
    const counts = new Uint32Array(100);
    for (let time = 0; time < 50_000; time++) counts[draw()]!++;
    const harmonic = Array.from({ length: 100 }, (_, index) => 1 / (index + 1)).reduce((a, b) => a + b);
    expect(counts[0]! / 50_000).toBeCloseTo(1 / harmonic, 1);
    expect(counts[0]! / counts[9]!).toBeGreaterThan(7);
  });
});

/** The second says whether the schema sees it as well; what depends on values, it cannot. */
const WRONG: readonly (readonly [string, object, boolean])[] = [
  ['keys: it is missing; give {"name": …}', { phases: [{ name: 'a', do: 'wait', ms: 1 }] }, true],
  ['phases: it is missing; give […]', { keys: { key: { count: 1, size: 1 } } }, true],
  ['phases: it is empty', document({}, {}, { phases: [] }), true],
  ['phasen: there is no such field; did you mean `phases`?', document({}, {}, { phasen: [] }), true],
  [
    'keys.key.size: `-1` is out of range; give a number (whole number, 0 to 500000000), or "$parameter"',
    document({ size: -1 }),
    true,
  ],
  ['keys.key.size: `"big"` is out of range', document({ size: 'big' }), true],
  ['keys.key.sise: there is no such field; did you mean `size`?', document({ sise: 1 }), true],
  ['keys.key.size: give a number or one of: uniform, normal, lognormal', document({ size: {} }), true],
  [
    'keys.key.size.unifrom: there is no such field; did you mean `uniform`?',
    document({ size: { unifrom: 1 } }),
    true,
  ],
  ['keys.key.size.uniform: give two numbers, [from, to]', document({ size: { uniform: [1] } }), true],
  ['keys.key.size.uniform[1]: `5` is out of range', document({ size: { uniform: [10, 5] } }), false],
  [
    'keys.key.size.normal.deviation: it is missing; give a number',
    document({ size: { normal: { mean: 1 } } }),
    true,
  ],
  ['keys.key.type: `"hsh"` is none of its choices; did you mean `hash`?', document({ type: 'hsh' }), true],
  ['keys.key.elements: a string has none', document({ elements: 3 }), true],
  ['keys.key.elements: it is missing; give a number', document({ type: 'set' }), true],
  ['keys.key.pattern: `page` has no {i}', document({ pattern: 'page' }), true],
  [
    'keys.key.count: there is no parameter `mny`; did you mean `$many`?',
    document({ count: '$mny' }, {}, { parameters: { many: 1 } }),
    false,
  ],
  ['parameters.seed: every workload has a `seed`', document({}, {}, { parameters: { seed: 1 } }), true],
  [
    'phases[1].do: `"fil"` is none of its choices; did you mean `fill`?',
    document({}, { name: 'b', do: 'fil' }),
    true,
  ],
  ['phases[1].name: there are two phases `filled`', document({}, { name: 'filled', do: 'delete' }), false],
  ['phases[1].name: it is missing; give "…"', document({}, { do: 'delete' }), true],
  ['phases[1].size: there is no such field', document({}, { name: 'b', do: 'delete', size: 3 }), true],
  [
    'phases[1].keys: `"kye"` is none of its choices; did you mean `key`?',
    document({}, { name: 'b', do: 'delete', keys: 'kye' }),
    false,
  ],
  ['phases[1].share: `1.5` is out of range', document({}, { name: 'b', do: 'delete', share: 1.5 }), false],
  [
    'phases[1].share: with `order` odd',
    document({}, { name: 'b', do: 'delete', order: 'odd', share: 0.2 }),
    false,
  ],
  ['phases[1].times: with `zipf`, say how many', document({}, { name: 'b', do: 'overwrite', zipf: 1 }), true],
  ['phases[1].ms: it is missing; give a number', document({}, { name: 'b', do: 'wait' }), true],
  ['phases[1].afterMs: it is missing; give a number', document({}, { name: 'b', do: 'expire' }), true],
];

describe('what is wrong is said of its place', () => {
  test.each(WRONG)('%s', async (message, wrong, isSeenBySchema) => {
    expect(() => workloadOf(wrong)).toThrow(InputError);
    expect(() => workloadOf(wrong)).toThrow(`: ${message}`);
    expect(() => workloadOf(wrong)).toThrow(/^my\.json: line \d+: /);
    expect((await schema())(wrong)).toBe(!isSeenBySchema);
  });

  test('a document that is not JSON, with its line', () => {
    expect(() => declaredWorkload('my.json', '{\n  "keys": {,}\n}')).toThrow(/^my\.json: line 2: not JSON: /);
  });

  test('the line is that of the value, and of what is missing that of where it would be', () => {
    const text = '{\n  "keys": {\n    "key": {\n      "count": 1\n    } },\n  "phases": [\n    7 ]\n}';
    expect(() => declaredWorkload('my.json', text)).toThrow(/^my\.json: line 7: phases\[0\]: `7` is not/);
    const missing = text.replace('7 ', '{ "name": "a", "do": "fill" }');
    expect(() => declaredWorkload('my.json', missing)).toThrow(
      /^my\.json: line 3: keys\.key\.size: it is missing/,
    );
  });

  test('a name that is there twice, since one of the two would be lost', () => {
    expect(() => declaredWorkload('my.json', '{\n  "keys": {},\n\n  "keys": {}\n}')).toThrow(
      'my.json: line 4: `keys` is there twice, first in line 2; keep one of them',
    );
  });
});
