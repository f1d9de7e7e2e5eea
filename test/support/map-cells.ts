/** The cells of a map that was written to a file, row by row, as `paint` has them. */
import { rgb } from 'd3';
import { decode } from 'fast-png';
import { expect } from 'vitest';
import { GROUND_COLOURS, type Ground, type MapLayout, pixelOf } from '#slablab/src/map/index.js';
import { pngScale } from '#slablab/src/report/index.js';

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

export function pngCells(png: Uint8Array, { columns, rows }: MapLayout): number[] {
  const { data, width, height, palette } = decode(png);
  const scale = pngScale(columns);
  expect([width, height]).toEqual([columns * scale, rows * scale]);
  return Array.from({ length: columns * rows }, (_, cell) => {
    const [x, y] = [(cell % columns) * scale, Math.floor(cell / columns) * scale];
    const corners = [y * width + x, (y + scale - 1) * width + x + scale - 1].map((at) => data[at]!);
    expect(corners[0]).toBe(corners[1]);
    const [r, g, b] = palette![corners[0]!]!;
    return pixelOfColour(`rgb(${r}, ${g}, ${b})`);
  });
}
