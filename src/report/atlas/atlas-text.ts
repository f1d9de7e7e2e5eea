/** An atlas for a terminal: the small maps of a row side by side, with their values above and their figures below. */
import { wrap } from '../../base/index.js';
import { atlasGrid, atlasSwatches, EMPTY, type Thumbnail, thumbnails } from '../../map/index.js';
import { backgroundOf, bold, RESET } from '../colour.js';
import type { Terminal } from '../terminal.js';
import { type Atlas, figureText, valueText } from './atlas.js';
import { atlasAnswer, changeText, figureOf } from './atlas-answer.js';
import { type AtlasChoice, conditionsOf } from './atlas-composition.js';

const GAP = 2;
const NARROWEST = 12;
const WIDEST = 36;
/** Lines of a map in a terminal of unknown height, and the fewest. */
const ROWS = 8;
const FEWEST_ROWS = 4;
/** Lines beside the maps of a row: names, figures and an empty one. */
const LINES_OF_ROW = 4;
const OTHER_LINES = 8;

export function atlasText(atlas: Atlas, choice: AtlasChoice, terminal: Terminal): string {
  const { figure, values, ground } = choice;
  const grid = atlasGrid(atlas.axes, values);
  const room = Math.floor((terminal.width + GAP) / grid.columns) - GAP;
  const columns = Math.max(NARROWEST, Math.min(WIDEST, room));
  const perLine = Math.max(1, Math.floor((terminal.width + GAP) / (columns + GAP)));
  const rows = rowsFor(terminal, grid.rows * Math.ceil(grid.columns / perLine));
  const byNumber = new Map(atlas.cells.map((cell) => [cell.cell, cell]));
  const shown = grid.places.filter(({ cell }) => byNumber.get(cell)?.map != null);
  const small = thumbnails(
    shown.map(({ cell }) => byNumber.get(cell)!.map!),
    { columns, rows, gapRows: 0 },
  );
  const mapOf = new Map(shown.map(({ cell }, at) => [cell, small[at]!]));
  const answer = atlasAnswer(atlas, figure);
  const lines = [
    ...wrap(answer.sentence, terminal.width).map((line) => bold(line, terminal.colours)),
    ...wrap(answer.reason, terminal.width),
    ...wrap(conditionsOf(atlas, grid.fixed), terminal.width),
    '',
  ];
  for (let row = 0; row < grid.rows; row++) {
    const places = grid.places.filter((place) => place.row === row);
    if (grid.down !== null)
      lines.push(`${grid.down.name} ${valueText(grid.down.name, grid.down.values[row]!)}`);
    for (let from = 0; from < places.length; from += perLine) {
      lines.push(...rowLines(places.slice(from, from + perLine)), '');
    }
  }
  return `${[...lines, ...legendLines(terminal, ground)].join('\n')}\n`;

  function rowLines(places: typeof grid.places): string[] {
    const names = places.map(({ column }) =>
      grid.across === null ? '' : valueText(grid.across.name, grid.across.values[column]!),
    );
    const figures = places.map(({ cell: number }) => {
      const cell = byNumber.get(number);
      if (cell === undefined) return 'not run';
      const value = figureOf(cell, figure);
      if (value === null) return cell.error ?? 'no figure';
      const text = `${figureText(figure, value)} ${changeText(cell, atlas, figure)}`.trim();
      return number === answer.best ? `${text} *` : text;
    });
    const maps = places.map(({ cell }) => mapOf.get(cell));
    const height = Math.max(0, ...maps.map((map) => map?.scale.rows ?? 0));
    return [
      joined(names),
      ...Array.from({ length: height }, (_, line) =>
        maps
          .map((map) => mapLine(map, line, columns, choice, terminal))
          .join(' '.repeat(GAP))
          .trimEnd(),
      ),
      joined(figures),
    ];
  }

  function joined(texts: readonly string[]): string {
    return texts
      .map((text) => text.slice(0, columns).padEnd(columns))
      .join(' '.repeat(GAP))
      .trimEnd();
  }
}

function rowsFor({ height }: Terminal, rowsOfMaps: number): number {
  if (height === undefined) return ROWS;
  const each = Math.floor((height - OTHER_LINES) / rowsOfMaps) - LINES_OF_ROW;
  return Math.max(FEWEST_ROWS, Math.min(2 * ROWS, each));
}

function mapLine(
  map: Thumbnail | undefined,
  row: number,
  width: number,
  { ground }: AtlasChoice,
  { colours }: Terminal,
): string {
  if (map === undefined || row >= map.scale.rows) return ' '.repeat(width);
  const swatches = atlasSwatches(ground);
  const { columns, swatches: ofCell } = map.cells;
  const cells = [...ofCell.subarray(row * columns, (row + 1) * columns)];
  let last = '';
  const drawn = cells.map((swatch) => {
    const { colour, glyph } = swatches[swatch] ?? { colour: '', glyph: ' ' };
    if (colours === 'none') return glyph;
    const wanted = swatch === EMPTY ? RESET : backgroundOf(colour, colours);
    const change = wanted === last ? '' : wanted;
    last = wanted;
    return `${change} `;
  });
  const end = colours === 'none' || last === '' ? '' : RESET;
  return `${drawn.join('')}${end}${' '.repeat(Math.max(0, width - columns))}`;
}

/** Returns the meaning of the colours, or of the letters. */
function legendLines({ width, colours }: Terminal, ground: AtlasChoice['ground']): string[] {
  const texts = atlasSwatches(ground)
    .filter(({ value }) => value === undefined || value === 0 || value === 1)
    .map(({ label, glyph, colour }) => {
      const mark = colours === 'none' ? glyph : `${backgroundOf(colour, colours)} ${RESET}`;
      return { text: `${mark} ${label.split(':')[0]}`, length: 2 + label.split(':')[0]!.length };
    });
  const lines: string[] = [];
  let line = '';
  let length = 0;
  for (const each of [...texts, { text: '* best', length: 6 }]) {
    if (length > 0 && length + 3 + each.length > width) {
      lines.push(line);
      line = '';
      length = 0;
    }
    line += `${length === 0 ? '' : '   '}${each.text}`;
    length += (length === 0 ? 0 : 3) + each.length;
  }
  return [...lines, line];
}
