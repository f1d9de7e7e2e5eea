import { expect, test } from 'vitest';
import { unknownName } from '#slablab/src/trace/index.js';

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
