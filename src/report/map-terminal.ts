import { formatBytes, plural, wrap } from '../base/index.js';
import {
  amountsBySwatch,
  type Cells,
  type Colouring,
  cellsOf,
  EMPTY,
  type FittedMap,
  type Swatch,
} from '../map/index.js';
import { backgroundOf, RESET } from './colour.js';
import { rowNames } from './map-names.js';
import type { Terminal } from './terminal.js';

/** Characters before the cells, at least: the size class of a band, or the page that a row begins with. */
export const MAP_MARGIN = 7;

/** A map as lines of text: before each row what it is, then its cells. */
export function mapLines(
  { layout, pagesPerCell }: FittedMap,
  colouring: Colouring,
  terminal: Terminal,
): string[] {
  const cells = cellsOf(layout, colouring, pagesPerCell);
  const names = rowNames(layout);
  const margin = Math.max(MAP_MARGIN - 1, ...[...names.values()].map(({ length }) => length));
  return Array.from({ length: layout.rows }, (_, row) => {
    const line = `${(names.get(row) ?? '').padStart(margin)} ${cellRow(cells, row, colouring, terminal)}`;
    return line.trimEnd();
  });
}

/** The scale, what the margin says, what the colours mean, and how much there is of each. */
export function mapLegend(
  { layout, pagesPerCell }: FittedMap,
  colouring: Colouring,
  terminal: Terminal,
): string[] {
  const { swatches, title } = colouring.legend;
  const amounts = amountsBySwatch(layout, colouring);
  const cell = `${plural(pagesPerCell, 'page')} (${formatBytes(pagesPerCell * layout.info.pageSize)})`;
  const left = layout.order === 'class' ? 'size class' : 'page';
  const others = swatches.flatMap((swatch, index) =>
    swatch.value === undefined && amounts[index]! > 0
      ? [{ swatch, text: `${swatch.label}, ${formatBytes(amounts[index]!)}` }]
      : [],
  );
  return [
    ...wrap(`1 cell = ${cell}; left: ${left}; colour: ${title}`, terminal.width),
    ...scaleLine(swatches, terminal),
    ...others.flatMap(({ swatch, text }) =>
      wrap(text, terminal.width - 2).map(
        (line, index) => `${index === 0 ? mark(swatch, terminal) : ' '} ${line}`,
      ),
    ),
  ];
}

/** The legend's ordered scale in one line, its ends named. */
function scaleLine(swatches: readonly Swatch[], terminal: Terminal): string[] {
  const scale = swatches.filter(({ value }) => value !== undefined);
  const [first, last] = [scale[0], scale.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [`${first.label} ${scale.map((swatch) => mark(swatch, terminal)).join('')} ${last.label}`];
}

function mark({ colour, glyph }: Swatch, { colours }: Terminal): string {
  return colours === 'none' ? glyph : `${backgroundOf(colour, colours)} ${RESET}`;
}

function cellRow(
  { columns, swatches }: Cells,
  row: number,
  { legend }: Colouring,
  { colours }: Terminal,
): string {
  let line = '';
  let background = '';
  for (let column = 0; column < columns; column++) {
    const swatch = swatches[row * columns + column]!;
    const { colour, glyph } = legend.swatches[swatch] ?? { colour: '', glyph: ' ' };
    if (colours === 'none') {
      line += glyph;
      continue;
    }
    const wanted = swatch === EMPTY ? '' : backgroundOf(colour, colours);
    if (wanted !== background) line += wanted === '' ? RESET : wanted;
    background = wanted;
    line += ' ';
  }
  return background === '' ? line : line + RESET;
}
