/**
 * Draws the maps of a sweep's cells small, on one scale: the same bands at the same rows, and as many pages a cell. Nothing
 * is scaled to itself, so that areas can be compared.
 */
import { firstIndexWhere } from '../../base/index.js';
import { EXTENT_STATES } from '../../engine/index.js';
import { type Cells, EMPTY, swatchChooser } from '../cells.js';
import { type HomeBand, homeBands, homeRows } from '../home-layout.js';
import { atlasSwatches, type CellMap, roomOf } from './cell-map.js';

/** A band of all maps, at the same rows in each. */
interface AtlasBand {
  readonly kind: HomeBand['kind'];
  /** Size of the class in bytes; null for a band of anything else. */
  readonly size: number | null;
  readonly firstRow: number;
  readonly rows: number;
  /** The strips in it, and the room of each in pages. */
  readonly strips: readonly { readonly at: number; readonly pages: number }[];
}

/** The scale of all maps of an atlas. */
interface AtlasScale {
  /** Cells of a row, and rows. */
  readonly columns: number;
  readonly rows: number;
  readonly pagesPerCell: number;
  readonly bands: readonly AtlasBand[];
}

/** A map drawn small, and the scale that it shares with the others. */
export interface Thumbnail {
  readonly scale: AtlasScale;
  readonly cells: Cells;
}

/** The size of a small map in cells. */
interface ThumbnailFrame {
  readonly columns: number;
  readonly rows: number;
  /** Empty rows between two bands. Default: 1. */
  readonly gapRows?: number;
}

/**
 * Draws maps at the largest scale at which all of them fit the frame. Maps of builds with other classes or pages have
 * bands of their own, and cells of as many bytes.
 */
export function thumbnails(maps: readonly CellMap[], frame: ThumbnailFrame): Thumbnail[] {
  const alike = new Map<string, CellMap[]>();
  for (const map of maps) {
    const key = keyOf(map);
    alike.set(key, [...(alike.get(key) ?? []), map]);
  }
  const groups = [...alike];
  const largest = Math.max(1, ...groups.map(([, group]) => squareColumns(group, frame)));
  const columns = Math.min(frame.columns, largest);
  const sized = { ...frame, columns };
  const bytes = groups.map(([, group]) => {
    const { pagesPerCell } = scaleFor(group, sized, 0);
    return pagesPerCell * group[0]!.pageSize;
  });
  const bytesPerCell = Math.max(0, ...bytes);
  const scales = new Map(groups.map(([key, group]) => [key, scaleFor(group, sized, bytesPerCell)]));
  return maps.map((map) => {
    const scale = scales.get(keyOf(map))!;
    return { scale, cells: cellsAt(map, scale) };
  });
}

function keyOf({ pageSize, sizeClasses }: CellMap): string {
  return `${pageSize} ${sizeClasses.join()}`;
}

/** Returns the columns that give few pages larger cells rather than a flat map. */
function squareColumns(maps: readonly CellMap[], { columns, rows }: ThumbnailFrame): number {
  const pages = homeBands(maps.map(roomOf), maps[0]!).reduce((sum, band) => sum + band.pages, 0);
  return Math.ceil(Math.sqrt((pages * columns) / rows));
}

function scaleFor(
  maps: readonly CellMap[],
  { columns, rows: wanted, gapRows = 1 }: ThumbnailFrame,
  bytesPerCell: number,
): AtlasScale {
  const [first] = maps as [CellMap];
  // A class that does not fill half a row would take a whole one.
  const bands = homeBands(maps.map(roomOf), first, 0.5 / wanted);
  const most = Math.max(wanted, bands.length * (1 + gapRows));
  const rowsAt = (pages: number) => homeRows(bands, { columns: columns * pages, gapRows });
  const least = Math.max(1, Math.round(bytesPerCell / first.pageSize));
  let fitting = least;
  while (rowsAt(fitting) > most) fitting *= 2;
  const pagesPerCell = firstIndexWhere(least, fitting, (pages) => rowsAt(pages) <= most);
  let row = 0;
  const placed = bands.map((band): AtlasBand => {
    const firstRow = row;
    const rows = Math.ceil(band.pages / (columns * pagesPerCell));
    row += rows + gapRows;
    const { kind, sizeClass } = band;
    return {
      kind,
      size: sizeClass === null ? null : first.sizeClasses[sizeClass]!,
      firstRow,
      rows,
      strips: stripsOf(band, first).map((at) => ({ at, pages: mostPages(maps, at) })),
    };
  });
  return { columns, rows: rowsAt(pagesPerCell), pagesPerCell, bands: placed };
}

/** Returns the cells of one map, each with the swatch of its pages. */
function cellsAt(map: CellMap, { columns, rows, pagesPerCell, bands }: AtlasScale): Cells {
  const swatches = new Uint8Array(columns * rows).fill(EMPTY);
  const choose = swatchChooser(SWATCHES);
  const counts = new Uint32Array(SWATCHES.length);
  for (const { firstRow, strips } of bands) {
    let place = firstRow * columns * pagesPerCell;
    let cell = -1;
    let isTouched = false;
    const finish = () => {
      if (isTouched) swatches[cell] = choose(counts);
      counts.fill(0);
      isTouched = false;
    };
    for (const { at, pages } of strips) {
      const strip = map.strips[at] ?? new Uint8Array();
      for (let page = 0; page < strip.length; page++) {
        const next = Math.floor((place + page) / pagesPerCell);
        if (next !== cell) {
          finish();
          cell = next;
        }
        const swatch = strip[page]!;
        if (swatch === EMPTY) continue;
        counts[swatch]!++;
        isTouched = true;
      }
      place += pages;
    }
    finish();
  }
  return { columns, rows, pagesPerCell, swatches };
}

const SWATCHES = atlasSwatches('dark');

/** Returns the strips of a band, by their places in a cell's map. */
function stripsOf({ kind, homes }: HomeBand, { smallClasses }: CellMap): readonly number[] {
  if (homes.length > 0) return homes;
  const first = smallClasses + 1;
  if (kind === 'metadata') return [first + EXTENT_STATES.length];
  return [first + (EXTENT_STATES as readonly string[]).indexOf(kind)];
}

function mostPages(maps: readonly CellMap[], at: number): number {
  return Math.max(...maps.map(({ strips }) => strips[at]?.length ?? 0));
}
