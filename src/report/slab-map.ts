import type { Grid, PlacedBand, SizeClasses } from '../map/index.js';
import { backgroundOf, RESET } from './colour.js';
import { formatCount, plural } from './numbers.js';
import type { Terminal } from './terminal.js';

/** Characters before the cells: the size class of the band. */
export const MAP_MARGIN = 7;

const DRAINABLE = '.';
const PARKED = 'p';
const EMPTY = ' ';

/** A grid as lines of text: per band its size class, then the cells. */
export function slabMapLines(grid: Grid, { sizeClasses }: SizeClasses, terminal: Terminal): string[] {
  return grid.bands.flatMap((band) =>
    Array.from({ length: band.rows }, (_, row) => {
      const margin = (row === 0 ? bandName(band, sizeClasses) : '').padStart(MAP_MARGIN - 1);
      return `${margin} ${cellRow(grid, band.firstRow + row, terminal)}`;
    }),
  );
}

export function slabMapLegend(slabsPerCell: number, terminal: Terminal): string[] {
  const scale = `1 cell = ${plural(slabsPerCell, 'slab')}; left: size class`;
  const noLive = `${DRAINABLE} nothing live  ${PARKED} only parked`;
  if (terminal.colours === 'none') {
    return [scale, 'live: # all  9 = 90% ... 1 = 10%  0 less', noLive];
  }
  const ramp = Array.from({ length: 10 }, (_, step) => `${backgroundOf(step / 9, terminal.colours)} `).join(
    '',
  );
  return [scale, `live: 0% ${ramp}${RESET} 100%`, noLive];
}

function bandName(band: PlacedBand, sizeClasses: readonly number[]): string {
  return band.sizeClass === null ? 'other' : `${sizeClasses[band.sizeClass]}`;
}

function cellRow(grid: Grid, row: number, { colours }: Terminal): string {
  let line = '';
  let background = '';
  for (let column = 0; column < grid.columns; column++) {
    const cell = row * grid.columns + column;
    const share = liveShare(grid, cell);
    const wanted = share === null || share === 0 ? '' : backgroundOf(share, colours);
    if (wanted !== background) line += wanted === '' ? RESET : wanted;
    background = wanted;
    line += wanted === '' ? glyph(grid, cell, share) : EMPTY;
  }
  return background === '' ? line.trimEnd() : line + RESET;
}

/** By bytes, over the slabs of the cell; null where there are none. */
function liveShare({ cells }: Grid, cell: number): number | null {
  if (cells.slabs[cell] === 0) return null;
  const live = cells.liveBytes[cell] as number;
  return live / (live + (cells.parkedBytes[cell] as number) + (cells.freeBytes[cell] as number));
}

// Digits rather than shades of ink: they read the same in every font, and aloud.
function glyph({ cells }: Grid, cell: number, share: number | null): string {
  if (share === null) return EMPTY;
  if (share === 0) return (cells.parkedBytes[cell] as number) > 0 ? PARKED : DRAINABLE;
  return share === 1 ? '#' : `${Math.floor(share * 10)}`;
}

/** One line above a map: what it shows. */
export function slabMapTitle(phase: string, slabs: number): string {
  return `slabs at ${phase}: ${formatCount(slabs)}`;
}
