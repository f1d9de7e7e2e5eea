import { wrap } from '../base/index.js';
import { layoutToFit } from '../map/index.js';
import type { Recording } from '../recording/index.js';
import { bold } from './colour.js';
import { MAP_MARGIN, mapLegend, mapLines } from './map-terminal.js';
import { type ChosenMap, type MapChoice, titleOf } from './recording-map.js';
import type { Terminal } from './terminal.js';

/** Where the output is for no screen. */
const USUAL_HEIGHT = 40;
/** Lines around the maps that are not counted: titles, a legend of the usual length, the prompt. */
const AROUND = 10;
const LINES_OF_A_MAP = 4;
const LEAST_ROWS = 6;
const LEAST_CLASSES = 3;
/** A number of pages as long as this is beyond what any engine simulates. */
const ADDRESS_MARGIN = 10;

/** Maps for a terminal, one below the other, to one scale and with one legend. */
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
    maxClasses: Math.max(LEAST_CLASSES, Math.floor(rows / 4)),
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

function rowsFor({ height = USUAL_HEIGHT }: Terminal, maps: number): number {
  return Math.max(LEAST_ROWS, Math.floor((height - AROUND) / maps) - LINES_OF_A_MAP);
}
