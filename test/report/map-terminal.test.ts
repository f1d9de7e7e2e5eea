import { describe, expect, test } from 'vitest';
import { colouring, layoutToFit } from '#slablab/src/map/index.js';
import type { Terminal } from '#slablab/src/report/index.js';
import { mapLegend, mapLines } from '#slablab/src/report/map-terminal.js';
import { type GranuleGiven, MAP_INFO, mapSource } from '../support/map-source.js';

const CSI = '\u001b[';
const PLAIN = { width: 40, colours: 'none' } as const;

function mapOf(granules: readonly Omit<GranuleGiven, 'page'>[], columns = 8, rows = 4) {
  const source = mapSource(granules.map((granule, page) => ({ page, ...granule })));
  return {
    map: layoutToFit(source, MAP_INFO, { columns, rows, order: 'class' }),
    colours: colouring('occupancy', { source, info: MAP_INFO, ground: 'dark' }),
  };
}

function linesOf(granules: readonly Omit<GranuleGiven, 'page'>[], terminal: Terminal = PLAIN, columns = 8) {
  const { map, colours } = mapOf(granules, columns);
  return mapLines(map, colours, terminal);
}

const of4 = (live: number) => ({ live, free: 4 - live });

describe('mapLines', () => {
  test('without colours, a digit is the tenths of live regions', () => {
    const lines = linesOf([
      { sizeClass: 0, live: 256 },
      { sizeClass: 0, live: 255, free: 1 },
      { sizeClass: 0, live: 128, free: 128 },
      { sizeClass: 0, live: 1, free: 255 },
      { sizeClass: 0, live: 0, free: 256 },
      { sizeClass: 1, live: 2, parked: 1, free: 1 },
    ]);
    expect(lines).toEqual(['    16 #950.', '  1024 5']);
  });

  test('no slabs', () => {
    expect(linesOf([])).toEqual([]);
  });

  test('a band of several rows is named once', () => {
    expect(linesOf(Array(5).fill(of4(4)), PLAIN, 2)).toEqual(['  1024 ##', '       ##', '       #']);
  });

  test('in truecolor, each run of one colour has one background sequence, and the line ends with a reset', () => {
    const lines = linesOf([4, 4, 2, 0].map(of4), { width: 40, colours: 'truecolor' });
    expect(lines).toHaveLength(1);
    expect(lines[0]!.split(CSI)).toEqual([
      '  1024 ',
      expect.stringMatching(/^48;2;\d+;\d+;\d+m {2}$/),
      expect.stringMatching(/^48;2;\d+;\d+;\d+m $/),
      expect.stringMatching(/^48;2;\d+;\d+;\d+m $/),
      '0m',
    ]);
  });

  test('in 256 colours', () => {
    const [line] = linesOf([of4(4)], { width: 40, colours: '256' });
    expect(line?.split(CSI)).toEqual(['  1024 ', expect.stringMatching(/^48;5;\d+m $/), '0m']);
  });

  test('live shares differ in colour, and full slabs differ from empty ones', () => {
    const lines = [0, 1, 2, 3, 4].map((live) => linesOf([of4(live)], { width: 40, colours: '256' })[0]);
    expect(new Set(lines).size).toBe(5);
  });
});

describe('mapLegend', () => {
  test('fits 40 columns, and gives the size of a cell', () => {
    const { map, colours } = mapOf(Array(100).fill(of4(4)));
    const lines = mapLegend(map, colours, PLAIN);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(lines.join(' ')).toContain('1 cell = 4 pages (16.0 KiB); left: size class');
  });
});
