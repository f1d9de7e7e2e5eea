/** Checks that SVG, PNG and terminal give each cell of a snapshot the same colour. */

import { rgb } from 'd3';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import {
  GROUND_COLOURS,
  GROUNDS,
  type Ground,
  MAP_ORDERS,
  type MapOrder,
  paint,
  pixelOf,
} from '#slablab/src/map/index.js';
import type { Frame, Recording } from '#slablab/src/recording/recording.js';
import { chooseMaps, type MapChoice, mapPng, mapSvg, pictureOf } from '#slablab/src/report/index.js';
import { compose } from '#slablab/src/report/map-composition.js';
import type { MapPicture } from '#slablab/src/report/map-picture.js';
import { pngMeasures } from '#slablab/src/report/map-png.js';
import { mapLines } from '#slablab/src/report/map-terminal.js';
import { LETTER_WIDTH, pixelsOfText } from '#slablab/src/report/pixel-font.js';
import { run } from '#slablab/src/run/run.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { pixelOfColour, pngCells, svgCells } from '../support/map-cells.js';

let recording: Recording;

beforeAll(async () => {
  const workload = findWorkload('scattered-delete');
  const parameters = parseSettings(workload.parameters, ['keys=6000', 'order=random', 'drop=0.9']);
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  const frames: Frame[] = [];
  const { result } = await run(workloadSource(workload, parameters), engine, {
    conf: '',
    hooks: 'complete',
    sweepEvery: 0,
    onSnapshot: (phase, snapshot) => frames.push({ phase, snapshot, owners: null }),
  });
  await engine.close();
  recording = { about: result, info: engine.info, frames, result };
});

function picture(order: MapOrder, ground: Ground, more: Partial<MapChoice> = {}): MapPicture {
  const choice: MapChoice = { phases: [], order, ground, colour: 'occupancy', retained: true, ...more };
  return pictureOf(recording, chooseMaps(recording, choice), choice);
}

/** Returns the pixels of `paint`, with the background colour where nothing is drawn. */
function painted({ layout, colouring: { colours, ground } }: MapPicture['panels'][number]): number[] {
  const nothing = pixelOf(GROUND_COLOURS[ground]);
  return [...paint(layout, colours)].map((pixel) => pixel || nothing);
}

function terminalCells({ layout, colouring }: MapPicture['panels'][number]): number[] {
  const lines = mapLines({ layout, pagesPerCell: 1 }, colouring, {
    width: layout.columns,
    colours: 'truecolor',
  });
  const nothing = pixelOf(GROUND_COLOURS[colouring.ground]);
  const margin =
    lines[0]!.indexOf('\u001b') === -1
      ? 0
      : Math.max(...lines.map((line) => /^ *\w* /.exec(line)![0].length));
  return lines.flatMap((line) => {
    const row: number[] = [];
    let colour = nothing;
    for (const [whole, code, red, green, blue] of line
      .slice(Math.min(margin, line.length))
      .replaceAll('\u001b', '~')
      .matchAll(/~\[(0|48;2;(\d+);(\d+);(\d+))m| /g)) {
      if (whole === ' ') row.push(colour);
      else colour = code === '0' ? nothing : pixelOfColour(`rgb(${red}, ${green}, ${blue})`);
    }
    return [...row, ...Array<number>(layout.columns - row.length).fill(nothing)];
  });
}

describe.each(MAP_ORDERS)('order %s', (order) => {
  test.each(GROUNDS)('SVG, PNG and terminal have the same cells, on a %s ground', async (ground) => {
    for (const more of [
      {},
      { colour: 'state' },
      { colour: 'difference', before: 'populated' },
      { retained: false },
    ] as const) {
      const drawn = picture(order, ground, more);
      const [panel] = drawn.panels;
      const expected = painted(panel!);
      expect(new Set(expected).size).toBeGreaterThan(4);
      expect(svgCells(mapSvg(drawn), panel!.layout, ground)).toEqual(expected);
      expect(pngCells(await mapPng(drawn), drawn)).toEqual(expected);
      expect(terminalCells(panel!)).toEqual(expected);
    }
  });
});

describe('texts', () => {
  test('an SVG has a title, the legend with amounts, and the resident total', () => {
    const svg = mapSvg(picture('class', 'dark'));
    expect(svg).toContain('<title>scattered-delete</title>');
    expect(svg).toMatch(/all live/);
    expect(svg).toMatch(/metadata: the allocator's records, \d/);
    expect(svg).toMatch(/= resident [\d.]+ MiB/);
  });

  test('a PNG has its texts in ink at the positions of the SVG', async () => {
    const drawn = picture('class', 'light', { phases: ['populated', 'deleted'] });
    const { marks } = compose(drawn, pngMeasures(drawn));
    const { data, width, palette } = decode(await mapPng(drawn));
    const written = marks.filter((mark) => mark.kind === 'text');
    const texts = mapSvg(drawn).match(/(?<=<text [^>]*>)[^<]*/g) ?? [];
    expect(written.map(({ text }) => text).join(' ')).toBe(texts.join(' ').replaceAll('&#39;', "'"));
    for (const { x, y, text, colour, role, isRightAligned = false } of written) {
      const scale = role === 'title' ? 2 : 1;
      const left = x - (isRightAligned ? text.length * LETTER_WIDTH : 0);
      for (const [across, down] of pixelsOfText(text)) {
        const [r, g, b] = palette![data[(y + down * scale) * width + left + across * scale]!]!;
        expect(rgb(r!, g!, b!).formatHex()).toBe(colour);
      }
    }
  });

  test('the same recording gives the same bytes', async () => {
    expect(mapSvg(picture('class', 'dark'))).toBe(mapSvg(picture('class', 'dark')));
    expect([...(await mapPng(picture('class', 'dark')))]).toEqual([
      ...(await mapPng(picture('class', 'dark'))),
    ]);
  });

  test.each([
    [{ phases: ['deletd'] }, 'did you mean `deleted`?'],
    [{ before: 'polulated', colour: 'difference' }, 'did you mean `populated`?'],
    [{ sizeClass: 1025 }, 'did you mean `1024`?'],
    [{ colour: 'difference' }, '--before PHASE'],
    [{ colour: 'state', before: 'populated' }, 'remove --colour'],
    [{ colour: 'owner' }, 'slablab run … --owners --out DIR'],
    [{ colour: 'age', phases: ['populated', 'deleted'] }, 'give one --phase'],
  ] as const)('%o is refused', (more, message) => {
    expect(() => picture('class', 'dark', more)).toThrow(message);
  });
});
