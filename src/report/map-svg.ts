import { type Band, EMPTY } from '../map/index.js';
import {
  type Boxes,
  type Cells,
  type Composition,
  compose,
  type Dot,
  type Line,
  type Mark,
  type Small,
  type Text,
} from './map-composition.js';
import type { MapPicture } from './map-picture.js';

/** The letter width is that of the fonts below at 13 pixels. */
export const SVG_LETTER_WIDTH = 6.9;
const MEASURES = { panelWidth: 560, letterWidth: SVG_LETTER_WIDTH };

export function mapSvg(picture: MapPicture): string {
  return svgOf(compose(picture, MEASURES), picture.title, description(picture));
}

/** Returns a composition as SVG, with its title and a description for those who do not see it. */
export function svgOf(composition: Composition, title: string, about: string): string {
  const { width, height, ground, marks } = composition;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(about)}</desc>`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    ...hatching(marks),
    ...marks.flatMap(drawn),
    '</svg>',
  ].join('\n')}\n`;
}

function drawn(mark: Mark): string[] {
  switch (mark.kind) {
    case 'text':
      return [text(mark)];
    case 'box': {
      const { x, y, width, height, colour, label } = mark;
      const title = label === undefined ? '' : `<title>${escaped(label)}</title>`;
      const rect = `<rect x="${rounded(x)}" y="${rounded(y)}" width="${width}" height="${height}" fill="${colour}"`;
      return [title === '' ? `${rect}/>` : `${rect}>${title}</rect>`];
    }
    case 'boxes':
      return [boxes(mark)];
    case 'cells':
      return cells(mark);
    case 'line':
      return [line(mark)];
    case 'dot':
      return [dot(mark)];
    case 'thumbnail':
      return thumbnail(mark);
  }
}

const ROLES: Readonly<Record<Text['role'], string>> = {
  title: ' font-size="18" font-weight="600"',
  heading: ' font-weight="600" font-size="14"',
  plain: '',
  name: ' font-size="11"',
};

function text({ x, y, text: content, colour, role, isRightAligned = false }: Text): string {
  const anchor = isRightAligned ? ' text-anchor="end"' : '';
  return `<text x="${rounded(x)}" y="${rounded(y)}" fill="${colour}"${anchor}${ROLES[role]}>${escaped(content)}</text>`;
}

function boxes({ width, height, colour, places }: Boxes): string {
  const [wide, high] = [rounded(width), rounded(height)];
  const shapes = places.map(([x, y]) => `M${rounded(x)} ${rounded(y)}h${wide}v${high}h-${wide}z`);
  return `<path fill="${colour}" d="${shapes.join('')}"/>`;
}

function line({ points, colour, width }: Line): string {
  const places = points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' ');
  return `<polyline points="${places}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
}

function dot({ x, y, radius, colour, isHollow = false, cells: numbers }: Dot): string {
  const look = isHollow ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
  return `<circle cx="${rounded(x)}" cy="${rounded(y)}" r="${radius}" ${look} data-cells="${numbers.join(' ')}"/>`;
}

function thumbnail(mark: Small): string[] {
  const { x, y, size, cells: map, swatches, hatched } = mark;
  const fills = swatches.map(({ colour }, swatch) => (swatch === hatched ? `url(#${HATCH})` : colour));
  return [
    `<g transform="translate(${rounded(x)} ${rounded(y)}) scale(${rounded(size)})" shape-rendering="crispEdges">`,
    ...bandPaths(map.swatches, map.columns, { firstRow: 0, rows: map.rows }, fills),
    '</g>',
  ];
}

const HATCH = 'came-back';

/** Returns the pattern of memory that came back, which is as wide on all small maps. */
function hatching(marks: readonly Mark[]): string[] {
  const map = [...marks].reverse().find((mark) => mark.kind === 'thumbnail');
  if (map === undefined) return [];
  const colour = map.swatches[map.hatched]?.colour;
  const scale = rounded(1 / map.size);
  return [
    `<pattern id="${HATCH}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="scale(${scale}) rotate(45)"><rect width="1" height="5" fill="${colour}"/></pattern>`,
  ];
}

function cells({ x, y, size, columns, band, cells: swatchOfCell, swatches }: Cells): string[] {
  return [
    `<g transform="translate(${rounded(x)} ${rounded(y)}) scale(${rounded(size)})" data-row="${band.firstRow}" shape-rendering="crispEdges">`,
    ...bandPaths(
      swatchOfCell,
      columns,
      band,
      swatches.map(({ colour }) => colour),
    ),
    '</g>',
  ];
}

/** Returns a path for each colour. Equal runs of cells in consecutive rows form one rectangle. */
function bandPaths(
  swatchOfCell: Uint8Array,
  columns: number,
  { firstRow, rows }: Pick<Band, 'firstRow' | 'rows'>,
  fills: readonly string[],
): string[] {
  const shapes = fills.map(() => '');
  /** The runs that may continue in the next row, by their first cell. */
  let open = new Map<number, { swatch: number; length: number; row: number }>();
  const close = (
    x: number,
    { swatch, length, row }: { swatch: number; length: number; row: number },
    until: number,
  ) => {
    shapes[swatch] += `M${x} ${row}h${length}v${until - row}h-${length}z`;
  };
  for (let row = 0; row <= rows; row++) {
    const next: typeof open = new Map();
    for (const [x, swatch, length] of row < rows
      ? runsOf(swatchOfCell, (firstRow + row) * columns, columns)
      : []) {
      const above = open.get(x);
      const isContinued = above !== undefined && above.swatch === swatch && above.length === length;
      next.set(x, isContinued ? above : { swatch, length, row });
      if (isContinued) open.delete(x);
    }
    for (const [x, run] of open) close(x, run, row);
    open = next;
  }
  return shapes.flatMap((shape, swatch) =>
    shape === '' ? [] : [`<path fill="${fills[swatch]}" d="${shape}"/>`],
  );
}

function* runsOf(
  swatchOfCell: Uint8Array,
  from: number,
  columns: number,
): Generator<[number, number, number]> {
  for (let x = 0; x < columns; ) {
    const swatch = swatchOfCell[from + x]!;
    let end = x + 1;
    while (end < columns && swatchOfCell[from + end] === swatch) end++;
    if (swatch !== EMPTY) yield [x, swatch, end - x];
    x = end;
  }
}

function description({ subtitle, panels }: MapPicture): string {
  const parts = [subtitle, ...panels.flatMap(({ heading, notes }) => [heading, ...notes])];
  // Some parts already end with a full stop.
  return parts.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
}

function rounded(value: number): string {
  return `${Number(value.toFixed(4))}`;
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
