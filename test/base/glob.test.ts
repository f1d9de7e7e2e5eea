import { describe, expect, test } from 'vitest';
import { globMatcher, latin1Bytes, Random } from '#slablab/src/base/index.js';
import { printedSeed } from '../support/seed.js';
import { naiveMatch } from './support/naive-glob.js';
import { randomName, randomPattern } from './support/random-glob.js';

const ROUNDS = process.env.SLABLAB_FUZZ_OPERATIONS === undefined ? 4_000 : 400_000;

function matches(pattern: string, name: string, ignoresCase = false): boolean {
  return globMatcher(latin1Bytes(pattern), ignoresCase)(latin1Bytes(name));
}

describe('patterns of names', () => {
  test.each([
    ['*', ['', 'a', 'ab'], []],
    ['**', ['a', 'ab'], ['']],
    ['', [''], ['a']],
    ['a*', ['a', 'ab', 'a\n\0'], ['', 'ba']],
    ['*a', ['a', 'ba', 'aba'], ['ab']],
    ['a**b', ['ab', 'acb'], ['a']],
    ['h?llo', ['hello', 'h\nllo', 'h\xffllo'], ['hllo', 'heello']],
    ['h[ae]llo', ['hello', 'hallo'], ['hillo', 'hllo']],
    ['h[^e]llo', ['hallo', 'h^llo'], ['hello', 'hllo']],
    ['h[a-c]llo', ['hallo', 'hbllo', 'hcllo'], ['hdllo', 'h-llo']],
    ['h[c-a]llo', ['hbllo'], ['hdllo']],
    ['h[]llo', [], ['hllo', 'h]llo']],
    ['h[^]llo', ['hello', 'h]llo'], ['hllo']],
    ['h[\\]x]llo', ['h]llo', 'hxllo'], ['h\\llo']],
    ['h[\\a-c]llo', ['hallo', 'h-llo', 'hcllo'], ['hbllo']],
    ['h[a-', ['ha', 'h-'], ['hb']],
    ['h[a-]', ['ha', 'h]', 'h^'], ['h-']],
    ['h[ab', ['ha', 'hb'], ['h[ab', 'hc']],
    ['h[', [], ['h', 'h[', 'ha']],
    ['h[^', ['h[', 'ha'], ['h', 'hab']],
    ['h\\*llo', ['h*llo'], ['hello', 'h\\*llo']],
    ['h\\ello', ['hello'], ['h\\ello']],
    ['h\\', ['h\\'], ['h']],
    ['[\x80-\xff]', ['\x80', '\xe9', '\xff'], ['\x7f', '\0']],
    ['[\xff-a]', ['\xff', '\0', 'Z', 'a'], ['\xfe', 'b']],
    ['*[0-9]*b', ['7b', 'a7aab'], ['7', 'b7']],
    ['a*b*c', ['abc', 'aabbcc', 'abcbc'], ['ab', 'acb']],
  ])('%j', (pattern, matching, others) => {
    for (const name of matching) expect([name, matches(pattern, name)]).toEqual([name, true]);
    for (const name of others) expect([name, matches(pattern, name)]).toEqual([name, false]);
  });

  test.each([
    ['HELLO', ['hello', 'hElLo'], ['hell']],
    ['[A-C]x', ['ax', 'BX'], ['dx']],
    ['[\\A]', ['A'], ['a']],
    ['\xe9', ['\xe9'], ['\xc9']],
  ])('%j whatever the case', (pattern, matching, others) => {
    for (const name of matching) expect([name, matches(pattern, name, true)]).toEqual([name, true]);
    for (const name of others) expect([name, matches(pattern, name, true)]).toEqual([name, false]);
  });

  test('of a part of some bytes', () => {
    const matcher = globMatcher(latin1Bytes('b*d'));
    const bytes = latin1Bytes('abcde');
    expect([matcher(bytes, 1, 4), matcher(bytes), matcher(bytes, 1), matcher(bytes, 2, 4)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('any pattern and name, as a naive model has them', () => {
    const random = new Random(printedSeed('patterns of names'));
    let found = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const name = randomName(random, 8);
      const pattern = randomPattern(random, name);
      for (const ignoresCase of [false, true]) {
        const expected = naiveMatch(pattern, name, ignoresCase);
        if (expected) found++;
        if (globMatcher(pattern, ignoresCase)(name) === expected) continue;
        expect.unreachable(JSON.stringify({ pattern: [...pattern], name: [...name], ignoresCase, expected }));
      }
    }
    expect(found / (2 * ROUNDS)).toBeGreaterThan(0.15);
  });
});

describe('patterns that were written to take time', () => {
  test.each([
    ['five stars', '*a*a*a*a*a*b', 80],
    ['five stars', '*a*a*a*a*a*b', 5_000_000],
    ['50,000 stars', `${'a*'.repeat(50_000)}b`, 80_000],
    ['40 stars before any byte', `${'*?'.repeat(40)}b`, 200_000],
  ])('%s against bytes', (_, pattern, length) => {
    const matcher = globMatcher(latin1Bytes(pattern));
    const name = new Uint8Array(length).fill(0x61);
    const begin = performance.now();
    expect(matcher(name)).toBe(false);
    name[length - 1] = 0x62;
    expect(matcher(name)).toBe(true);
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
