import { wrap } from '../base/index.js';
import { layoutToFit } from '../map/index.js';
import type { Recording } from '../recording/index.js';
import { bold } from './colour.js';
import { MAP_MARGIN, mapLegend, mapLines } from './map-terminal.js';
import { type ChosenMap, type MapChoice, titleOf } from './recording-map.js';
import type { Terminal } from './terminal.js';

/** The height for output that is not on a screen. */
const DEFAULT_HEIGHT = 40;
/** The lines of titles, of an average legend and of the prompt. */
const OTHER_LINES = 10;
const LINES_PER_MAP = 4;
const MIN_ROWS = 6;
const MIN_CLASSES = 3;
/** The width of the largest page number in any engine. */
const ADDRESS_MARGIN = 10;

/** Returns maps for a terminal, one below the other, with one scale and one legend. */
export function mapText(
  recording: Recording,
  maps: readonly ChosenMap[],
  { order, retained }: MapChoice,
  terminal: Terminal,
  rows = rowsFor(terminal, maps.length),
): string {
  const { info } = recording;
  const { title, subtitle } = titleOf(recording);
  const margin = order === 'address' ? ADDRESS_MARGIN : MAP_MARGIN;
  const options = {
    order,
    retained,
    rows,
    columns: terminal.width - margin,
    maxClasses: Math.max(MIN_CLASSES, Math.floor(rows / 4)),
  };
  const scale = Math.max(...maps.map(({ source }) => layoutToFit(source, info, options).pagesPerCell));
  const lines = wrap(`${title}, ${subtitle}`, terminal.width).map((line) => bold(line, terminal.colours));
  let legend: string[] = [];
  for (const { heading, source, colouring, notes } of maps) {
    const map = layoutToFit(source, info, { ...options, minPagesPerCell: scale });
    lines.push(...wrap(heading, terminal.width), ...mapLines(map, colouring, terminal));
    lines.push(...notes.flatMap((note) => wrap(note, terminal.width)));
    legend = mapLegend(map, colouring, terminal);
  }
  return `${[...lines, ...legend].join('\n')}\n`;
}

function rowsFor({ height = DEFAULT_HEIGHT }: Terminal, maps: number): number {
  return Math.max(MIN_ROWS, Math.floor((height - OTHER_LINES) / maps) - LINES_PER_MAP);
}
