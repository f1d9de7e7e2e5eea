import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { atlasSwatches, CAME_BACK, cellMapOf, EMPTY, GROUND_COLOURS } from '#slablab/src/map/index.js';
import { composeAtlas } from '#slablab/src/report/atlas/atlas-composition.js';
import {
  type Atlas,
  atlasAnswer,
  atlasPng,
  atlasSvg,
  atlasText,
  axisPlot,
  frontPlot,
} from '#slablab/src/report/index.js';
import type { Small } from '#slablab/src/report/map-composition.js';
import { LETTER_WIDTH } from '#slablab/src/report/pixel-font.js';
import { pixelOfColour } from '../../support/map-cells.js';
import { MAP_INFO, mapSource } from '../../support/map-source.js';

const MIB = 2 ** 20;
const AXES = [
  { name: 'dirty_decay_ms', values: ['0', '1000', '-1'] },
  { name: 'order', values: ['odd', 'sequential'] },
];

/** Six cells; decay changes those with order=sequential only. */
function atlas(): Atlas {
  const resident = [110, 60, 110, 60, 110, 110];
  const cells = resident.map((mib, cell) => {
    const [decay, order] = [AXES[0]!.values[cell >> 1]!, AXES[1]!.values[cell & 1]!];
    const filled = mapSource(Array.from({ length: 300 }, (_, page) => ({ page, live: 4 })));
    const half = mapSource(
      Array.from({ length: 150 }, (_, at) => ({ page: 2 * at, live: cell === 0 ? 1 : 3, free: 1 })),
      Array.from({ length: 150 }, (_, at) => [2 * at + 1, 1, mib === 60 ? 'retained' : 'dirty'] as const),
      3,
    );
    return {
      cell,
      values: { dirty_decay_ms: decay, order },
      figures: {
        steadyResident: mib * MIB,
        peakResident: 110 * MIB,
        cohortDsr: null,
        purgeWork: (110 - mib) * MIB + (cell === 1 ? MIB : 0),
      },
      error: null,
      map: cellMapOf([filled, half], MAP_INFO),
    };
  });
  return { workload: 'scattered-delete', conditions: 'redis-7.2', axes: AXES, cells, cellCount: 6 };
}

const CHOICE = { figure: 'steadyResident', ground: 'dark', values: {} } as const;

describe('the sentence', () => {
  test('names the best cell, of equal ones that with the least work, and where an axis does nothing', () => {
    expect(atlasAnswer(atlas(), 'steadyResident')).toEqual({
      sentence: '60.0 MiB instead of 110.0 MiB, resident at the end: dirty_decay_ms 1 s, order sequential.',
      reason:
        'dirty_decay_ms moves it by up to 50.0 MiB, but not with order odd. ' +
        'order moves it by up to 50.0 MiB, but not with dirty_decay_ms −1: never.',
      best: 3,
    });
  });

  test('says that nothing moves a figure, and that nothing is measured', () => {
    expect(atlasAnswer(atlas(), 'peakResident').sentence).toMatch(/^No setting moves it: all 6 runs/);
    const none = { ...atlas(), cells: [] };
    expect(atlasAnswer(none, 'steadyResident')).toMatchObject({ best: null });
  });
});

describe('the plots', () => {
  test('a line for each value of the axis down, over the axis across', () => {
    const { axis, lines } = axisPlot(atlas(), 'steadyResident')!;
    expect(axis.name).toBe('dirty_decay_ms');
    expect(lines.map(({ label, points }) => [label, points.map(({ y }) => y / MIB)])).toEqual([
      ['odd', [110, 110, 110]],
      ['sequential', [60, 60, 110]],
    ]);
  });

  test('equal runs are one point, and one that another beats is not of the front', () => {
    const points = frontPlot(atlas(), 'purgeWork', 'steadyResident');
    expect(points.map(({ cells, isFront }) => [cells, isFront])).toEqual([
      [[0, 2, 4, 5], true],
      [[3], true],
      [[1], false],
    ]);
  });
});

describe('outputs', () => {
  test('SVG and PNG draw the same cells at their places', async () => {
    const swatches = atlasSwatches('dark');
    const svg = atlasSvg(atlas(), CHOICE);
    const png = decode(await atlasPng(atlas(), CHOICE));
    const marks = composeAtlas(atlas(), CHOICE, { letterWidth: LETTER_WIDTH }).marks;
    // The legend has a small map, too.
    const maps = marks.filter((mark): mark is Small => mark.kind === 'thumbnail').slice(1);
    expect(maps).toHaveLength(6);
    const drawn = [...svg.matchAll(/<g transform="translate\([^)]*\) scale[^>]*>([\s\S]*?)<\/g>/g)].slice(1);
    const background = pixelOfColour(GROUND_COLOURS.dark);
    maps.forEach(({ x, y, size, cells }, at) => {
      const inSvg = new Uint8Array(cells.swatches.length).fill(EMPTY);
      for (const [, fill, path] of drawn[at]![1]!.matchAll(/<path fill="([^"]+)" d="([^"]+)"/g)) {
        const swatch =
          fill === 'url(#came-back)' ? CAME_BACK : swatches.findIndex(({ colour }) => colour === fill);
        for (const shape of path!.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h/g)) {
          const [left, top, wide, high] = shape.slice(1).map(Number) as [number, number, number, number];
          for (let row = top; row < top + high; row++) {
            inSvg.fill(swatch, row * cells.columns + left, row * cells.columns + left + wide);
          }
        }
      }
      expect([...inSvg]).toEqual([...cells.swatches]);
      cells.swatches.forEach((swatch, cell) => {
        const [column, row] = [cell % cells.columns, Math.floor(cell / cells.columns)];
        const place = Math.floor(y + (row + 0.5) * size) * png.width + Math.floor(x + (column + 0.5) * size);
        const colour = png.palette![png.data[place]!]!;
        const pixel = pixelOfColour(`rgb(${colour.slice(0, 3).join(',')})`);
        const own = swatch === EMPTY ? background : pixelOfColour(swatches[swatch]!.colour);
        // Hatched cells show the background between their lines.
        expect(swatch === CAME_BACK && pixel === background ? own : pixel).toBe(own);
      });
    });
  });

  test('a terminal has the maps as letters, their values and figures, in its width', () => {
    const text = atlasText(atlas(), CHOICE, { width: 80, colours: 'none' });
    expect(text).toMatch(/^0: at once +1 s +−1: never$/m);
    expect(text).toMatch(/60\.0 MiB −50\.0 MiB +60\.0 MiB −50\.0 MiB \* +110\.0 MiB/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\u001b');
  });

  test('a cell that failed keeps its place, with the reason', () => {
    const whole = atlas();
    const [first, ...others] = whole.cells;
    const failed = {
      ...whole,
      cells: [{ ...first!, figures: null, error: 'no memory left', map: null }, ...others],
    };
    expect(atlasSvg(failed, CHOICE)).toContain('no memory left');
    expect(atlasText(failed, CHOICE, { width: 80, colours: 'none' })).toContain('no memory left');
  });
});
