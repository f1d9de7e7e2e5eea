import { expect, test } from 'vitest';
import { classLabel, placeLabels } from '../../../web/view/map/gutter.js';

const at = (text: string, from: number, to: number) => ({ text, from, to });
const texts = (labels: ReturnType<typeof placeLabels>) => labels.map(({ text }) => text);

test('the highest band keeps its label, in its middle, and the small ones beside it give way', () => {
  const labels = [at('896 B', 0, 3), at('1,024 B', 3, 300), at('1,536 B', 300, 302), at('2,048 B', 302, 304)];
  const placed = placeLabels(labels, 400);
  expect(placed[0]).toEqual({ text: '1,024 B', y: 151.5 });
  expect(texts(placed)).toEqual(['1,024 B', '896 B', '1,536 B']);
});

test('no two labels overlap, and none is further than half a line from its band', () => {
  const labels = Array.from({ length: 60 }, (_, band) => at(`${band}`, band * 5, band * 5 + 4));
  const placed = placeLabels(labels, 300);
  const ys = placed.map(({ y }) => y).sort((a, b) => a - b);
  for (const [index, y] of ys.slice(1).entries()) expect(y - ys[index]!).toBeGreaterThanOrEqual(14);
  for (const { text, y } of placed) {
    const middle = Number(text) * 5 + 2;
    const wanted = Math.max(7, Math.min(293, middle));
    expect(Math.abs(y - wanted)).toBeLessThanOrEqual(7);
  }
});

test('a label is whole, and stands nearer to its own band than to any other', () => {
  const PITCH = 12;
  const labels = Array.from({ length: 24 }, (_, band) => at(`${band}`, band * PITCH, band * PITCH + 6));
  const placed = placeLabels(labels, 290);
  expect(placed.length).toBeGreaterThan(16);
  for (const { text, y } of placed) {
    expect(y).toBeGreaterThanOrEqual(7);
    expect(y).toBeLessThanOrEqual(283);
    expect(Math.abs(y - 3 - PITCH * Number(text))).toBeLessThanOrEqual(PITCH / 2);
  }
});

test('a band that is cut by the frame has its label in what is seen of it; one outside has none', () => {
  expect(placeLabels([at('large', -500, 100), at('gone', -90, -10), at('below', 500, 600)], 400)).toEqual([
    { text: 'large', y: 50 },
  ]);
});

test('sizes have their unit', () => {
  expect([8, 1024, 3584, 4096, 16_384, 1_048_576, 1_310_720].map(classLabel)).toEqual([
    '8 B',
    '1,024 B',
    '3,584 B',
    '4 KiB',
    '16 KiB',
    '1 MiB',
    '1.3 MiB',
  ]);
});
