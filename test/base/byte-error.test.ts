import { expect, test } from 'vitest';
import { shownBytes } from '#slablab/src/base/byte-error.js';
import { latin1Bytes } from '#slablab/src/base/index.js';

test.each([
  ['plain', '"plain"'],
  ['a "word" \\ and\r\n', '"a \\"word\\" \\\\ and\\r\\n"'],
  ['\u007fELF\u0002\u0001', '"\\x7fELF\\x02\\x01"'],
  ['0123456789012345678901234567', '"012345678901234567890123"…'],
  ['\0'.repeat(32), `"${'\\x00'.repeat(10)}"…`],
  ['\u009b31m', '"\\x9b31m"'],
  ['', '""'],
])('the bytes of %j in a message', (text, shown) => {
  expect(shownBytes(latin1Bytes(text))).toBe(shown);
});

test('a message may show more', () => {
  expect(shownBytes(latin1Bytes('x'.repeat(70)), 60)).toBe(`"${'x'.repeat(60)}"…`);
});
