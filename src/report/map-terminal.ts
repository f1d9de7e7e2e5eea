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

/** The minimum width of the margin, which contains the size class of a band or the first page of a row. */
export const MAP_MARGIN = 7;

/** Returns a map as lines of text: the label of each row, then its cells. */
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

/** Returns the scale, the meaning of the margin, and the meaning and amount of each colour. */
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

/** Returns the ordered scale of the legend in one line, with the names of its ends. */
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
