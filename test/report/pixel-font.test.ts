import { expect, test } from 'vitest';
import { LETTER_WIDTH, pixelsOfText } from '#slablab/src/report/pixel-font.js';

const LETTERS = `${Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')}→`;

test('all letters differ, and only the blank is empty', () => {
  const looks = new Map([...LETTERS].map((letter) => [JSON.stringify(pixelsOfText(letter)), letter]));
  expect([...looks.values()].join('')).toBe(LETTERS);
  expect(looks.get('[]')).toBe(' ');
});

test('letters stay within their width, and stand on the baseline', () => {
  for (const letter of LETTERS) {
    for (const [x, y] of pixelsOfText(letter)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(LETTER_WIDTH - 1);
      expect(y).toBeLessThan(/[gjpqy,;_|]/.test(letter) ? 3 : 0);
    }
  }
});

test('a text is its letters side by side, with question marks for unknown characters', () => {
  const [o, k] = ['o', 'k'].map(pixelsOfText) as [[number, number][], [number, number][]];
  expect(pixelsOfText('ok')).toEqual([...o, ...k.map(([x, y]) => [x + LETTER_WIDTH, y])]);
  expect(pixelsOfText('é')).toEqual(pixelsOfText('?'));
});
