import { describe, expect, test } from 'vitest';
import { fitByAddress, fitByClass } from '../../../web/view/map/fit.js';

const FRAME = { width: 1000, height: 500 };

describe('by class', () => {
  /** So many pages, and as many rows besides that do not shrink. */
  const rowsOf = (pages: number, fixed: number) => (columns: number) => Math.ceil(pages / columns) + fixed;

  test.each([
    [1, 0],
    [40, 3],
    [3000, 20],
    [26_000, 40],
    [2_000_000, 40],
  ])('%i pages and %i rows of their own fit, and one column fewer would not', (pages, fixed) => {
    const rowsAt = rowsOf(pages, fixed);
    const { columns, cell } = fitByClass(FRAME, pages, rowsAt);
    expect(rowsAt(columns) * cell).toBeLessThanOrEqual(FRAME.height);
    expect(columns * cell).toBeLessThanOrEqual(FRAME.width);
    // 32 pixels a page at most: 32 columns of 31.
    const isLargest = cell === 31;
    const larger = FRAME.width / (columns - 1);
    // Cells with edges are whole pixels, so that the next is a pixel larger.
    const next = cell < 7 ? larger : cell + 1;
    const nextColumns = cell < 7 ? columns - 1 : Math.floor(FRAME.width / next);
    expect(isLargest || rowsAt(nextColumns) * next > FRAME.height).toBe(true);
  });

  test('cells that have an edge are whole pixels', () => {
    expect(fitByClass(FRAME, 5000, rowsOf(5000, 0)).cell % 1).toBe(0);
  });

  test('a map fills its frame, whatever the number of its pages', () => {
    for (let pages = 20_000; pages < 300_000; pages += 17_000) {
      const rowsAt = rowsOf(pages, 0);
      const { columns, cell } = fitByClass(FRAME, pages, rowsAt);
      expect(columns * cell * rowsAt(columns) * cell).toBeGreaterThan(0.97 * FRAME.width * FRAME.height);
    }
  });
});

test('rows of address space are a power of two, the one that leaves least of the frame empty', () => {
  const rowsAt = (columns: number) => Math.ceil(26_000 / columns);
  const { columns, cell } = fitByAddress(FRAME, 26_000, rowsAt);
  const cells = [64, 128, 256, 512, 1024].map((each) => Math.min(1000 / each, 500 / rowsAt(each)));
  expect(Math.log2(columns) % 1).toBe(0);
  expect(cell).toBe(Math.max(...cells));
});
