import { describe, expect, test } from 'vitest';
import { layoutGrid, type SizeClasses } from '#slablab/src/map/index.js';
import { slabMapLegend, slabMapLines } from '#slablab/src/report/index.js';
import { type GranuleRow, granulesOf } from '../support/granules.js';

const CLASSES: SizeClasses = { sizeClasses: [16, 1024], smallClasses: 2 };
const CSI = '\u001b[';
const PLAIN = { width: 40, colours: 'none' } as const;

function mapOf(rows: readonly GranuleRow[], columns = 8) {
  return layoutGrid(granulesOf(rows), CLASSES, { columns, rows: 4, order: 'class' });
}

describe('slabMapLines', () => {
  test('without colours: a digit for the tenths that are live', () => {
    const grid = mapOf([
      [0, 256, 0, 0],
      [0, 255, 0, 1],
      [0, 128, 0, 128],
      [0, 1, 0, 255],
      [0, 0, 0, 256],
      [0, 0, 1, 255],
      [1, 2, 1, 1],
    ]);
    expect(slabMapLines(grid, CLASSES, PLAIN)).toEqual(['    16 #950.p', '  1024 5']);
  });

  test('no slabs', () => {
    expect(slabMapLines(mapOf([]), CLASSES, PLAIN)).toEqual([]);
  });

  test('a band of several rows is named once', () => {
    const rows = Array.from({ length: 5 }, (): GranuleRow => [1, 4, 0, 0]);
    expect(slabMapLines(mapOf(rows, 2), CLASSES, PLAIN)).toEqual(['  1024 ##', '       ##', '       #']);
  });

  test('in truecolor: backgrounds, runs of one colour told once, and reset at the end', () => {
    const lines = slabMapLines(
      mapOf([
        [1, 4, 0, 0],
        [1, 4, 0, 0],
        [1, 2, 0, 2],
        [1, 0, 0, 4],
      ]),
      CLASSES,
      { width: 40, colours: 'truecolor' },
    );
    expect(lines).toHaveLength(1);
    const parts = (lines[0] as string).split(CSI);
    expect(parts).toEqual([
      '  1024 ',
      expect.stringMatching(/^48;2;\d+;\d+;\d+m {2}$/),
      expect.stringMatching(/^48;2;\d+;\d+;\d+m $/),
      expect.stringMatching(/^0m\. *$/),
    ]);
  });

  test('in 256 colours', () => {
    const [line] = slabMapLines(mapOf([[1, 4, 0, 0]]), CLASSES, { width: 40, colours: '256' });
    expect(line?.split(CSI)).toEqual([
      '  1024 ',
      expect.stringMatching(/^48;5;\d+m $/),
      expect.stringMatching(/^0m *$/),
    ]);
  });

  test('live shares differ in colour, and full is not empty', () => {
    const colours = [1, 2, 3, 4].map(
      (live) => slabMapLines(mapOf([[1, live, 0, 4 - live]]), CLASSES, { width: 40, colours: '256' })[0],
    );
    expect(new Set(colours).size).toBe(4);
  });
});

describe('slabMapLegend', () => {
  test('fits 40 columns without colours', () => {
    for (const line of slabMapLegend(12_345, PLAIN)) expect(line.length).toBeLessThanOrEqual(40);
    expect(slabMapLegend(1, PLAIN)[0]).toBe('1 cell = 1 slab; left: size class');
  });
});
