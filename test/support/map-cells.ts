/** The cells of a map that was written to a file, row by row, as `paint` has them. */
import { rgb } from 'd3';
import { decode } from 'fast-png';
import { expect } from 'vitest';
import { GROUND_COLOURS, type Ground, type MapLayout, pixelOf } from '#slablab/src/map/index.js';
import { compose } from '#slablab/src/report/map-composition.js';
import type { MapPicture } from '#slablab/src/report/map-picture.js';
import { pngMeasures } from '#slablab/src/report/map-png.js';

export function pixelOfColour(colour: string): number {
  return pixelOf(rgb(colour).formatHex());
}

/** The cells of the shapes in an SVG, panel by panel in reading order. */
export function svgCells(svg: string, layout: MapLayout, ground: Ground): number[] {
  const cells = Array<number>(layout.columns * layout.rows).fill(pixelOf(GROUND_COLOURS[ground]));
  for (const [, firstRow, shapes] of svg.matchAll(/<g [^>]*data-row="(\d+)"[^>]*>([\s\S]*?)<\/g>/g)) {
    for (const [, colour, path] of shapes!.matchAll(/<path fill="(#\w+)" d="([^"]+)"/g)) {
      for (const shape of path!.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z/g)) {
        const [x, y, width, height] = shape.slice(1).map(Number) as [number, number, number, number];
        for (let row = y; row < y + height; row++) {
          const start = (Number(firstRow) + row) * layout.columns + x;
          cells.fill(pixelOfColour(colour!), start, start + width);
        }
      }
    }
  }
  return cells;
}

/** The cells of the first map in a PNG. */
export function pngCells(png: Uint8Array, picture: MapPicture): number[] {
  const { data, width, palette } = decode(png);
  const { columns, rows } = picture.panels[0]!.layout;
  const cells = Array<number>(columns * rows);
  const colours = palette!.map(([red, green, blue]) => pixelOfColour(`rgb(${red}, ${green}, ${blue})`));
  const bands = compose(picture, pngMeasures(picture)).marks.filter((mark) => mark.kind === 'cells');
  for (const { x, y, size, band } of bands.slice(0, picture.panels[0]!.layout.bands.length)) {
    for (let cell = 0; cell < columns * band.rows; cell++) {
      const [left, top] = [x + (cell % columns) * size, y + Math.floor(cell / columns) * size];
      const corners = [top * width + left, (top + size - 1) * width + left + size - 1].map((at) => data[at]!);
      expect(corners[0]).toBe(corners[1]);
      cells[band.firstRow * columns + cell] = colours[corners[0]!]!;
    }
  }
  return cells;
}
