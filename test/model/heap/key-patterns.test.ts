import { describe, expect, test } from 'vitest';
import type { KeyPatterns } from '#slablab/src/model/heap/key-patterns.js';
import { OTHER_KEYS } from '#slablab/src/model/heap/key-patterns.js';
import { GivenPatterns, InferredPatterns } from '#slablab/src/model/index.js';

function patternOf(patterns: KeyPatterns, name: string): string {
  const bytes = new TextEncoder().encode(`<${name}>`);
  return patterns.names[patterns.of(bytes, 1, bytes.length - 2)]!;
}

describe('inferred patterns', () => {
  test.each([
    ['key:000000012345', 'key:*'],
    ['user:1234:name', 'user:*:name'],
    ['session:550e8400-e29b-41d4-a716-446655440000', 'session:*'],
    ['obj/5f3a9cdeadbeef12/meta', 'obj/*/meta'],
    ['shard12:list', 'shard*:list'],
    ['token:x7Kf93q', 'token:*'],
    ['rate:10.0.13.7', 'rate:*'],
    ['report:2026-01-31', 'report:*'],
    ['{tag}:7', '{tag}:*'],
    ['plain', 'plain'],
    ['facade', 'facade'],
    ['42', '*'],
    ['', ''],
  ])('%s is %s', (name, pattern) => {
    expect(patternOf(new InferredPatterns(), name)).toBe(pattern);
  });

  test('names of one form are one pattern, however many there are', () => {
    const patterns = new InferredPatterns();
    for (let at = 0; at < 10_000; at++) patternOf(patterns, `user:${at}:cart`);
    expect(patterns.names).toEqual(['', OTHER_KEYS, 'user:*:cart']);
  });

  test('what comes when there are enough patterns belongs to the others, and goes on doing so', () => {
    const patterns = new InferredPatterns();
    const word = (at: number) => String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26), 120);
    const found = Array.from({ length: 600 }, (_, at) => patternOf(patterns, word(at)));
    expect(patterns.names).toHaveLength(256);
    expect(found[0]).toBe('aax');
    expect(found.at(-1)).toBe(OTHER_KEYS);
    expect(patternOf(patterns, word(0))).toBe('aax');
    expect(patternOf(patterns, word(599))).toBe(OTHER_KEYS);
  });
});

describe('given patterns', () => {
  const given = new GivenPatterns(['user:*:name', 'user:*', 'h?llo[ab]', 'café:*'].map(latin1));
  test.each([
    ['user:1:name', 'user:*:name'],
    ['user:1:age', 'user:*'],
    ['helloa', 'h?llo[ab]'],
    ['helloc', OTHER_KEYS],
    ['café:7', latin1('café:*')],
    ['user', OTHER_KEYS],
  ])('%s belongs to %s, the first that it matches', (name, pattern) => {
    expect(patternOf(given, name)).toBe(pattern);
  });
});

/** A character for each byte, as patterns are given. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
