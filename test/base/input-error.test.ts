import { expect, test } from 'vitest';
import { unknownName } from '#slablab/src/base/index.js';

const KNOWN = ['scattered-delete', 'ttl-storm'];

test.each([
  ['scatered-delete', 'did you mean `scattered-delete`?'],
  ['Scattered-Delete', 'did you mean `scattered-delete`?'],
  ['ttl', 'did you mean `ttl-storm`?'],
])('%s: %s', (value, hint) => {
  expect(unknownName('a workload', value, KNOWN).message).toBe(
    `\`${value}\` is not a workload; ${hint} known: scattered-delete, ttl-storm`,
  );
});

test.each(['xyz', '', '🙂'])('no guess for %j', (value) => {
  expect(unknownName('a workload', value, KNOWN).message).toBe(
    `\`${value}\` is not a workload; known: scattered-delete, ttl-storm`,
  );
});

test('nothing known', () => {
  expect(unknownName('a build', 'q3', []).message).toBe('`q3` is not a build; known: (none)');
});

test('of very many, the others are listed only where none is near', () => {
  const many = Array.from({ length: 30 }, (_, number) => `option-${number}`);
  expect(unknownName('an option', 'option-1x', many).message).toBe(
    '`option-1x` is not an option; did you mean `option-1`?',
  );
  expect(unknownName('an option', 'zzz', many).message).toContain('known: option-0, option-1, ');
});
