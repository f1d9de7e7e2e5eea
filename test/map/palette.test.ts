import { type ColorCommonInstance, lab, rgb } from 'd3';
import { describe, expect, test } from 'vitest';
import { COLOUR_MODES, colouring, GROUND_COLOURS, GROUNDS, type Ground } from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';

/** How dichromats see linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0. */
const EYES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const linear = (level: number) =>
  level <= 0.04045 * 255 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4;
const gamma = (value: number) =>
  255 * (value <= 0.0031308 ? 12.92 * Math.max(0, value) : 1.055 * Math.min(1, value) ** (1 / 2.4) - 0.055);

function seenBy(eyes: string, colour: string): ColorCommonInstance {
  const { r, g, b } = rgb(colour);
  const light = [r, g, b].map(linear);
  const [red, green, blue] = EYES[eyes]!.map((row) =>
    gamma(row.reduce((sum, w, at) => sum + w * light[at]!, 0)),
  );
  return rgb(red!, green!, blue!);
}

function luminance(colour: string): number {
  const { r, g, b } = rgb(colour);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function distance(eyes: string, a: string, b: string): number {
  const [x, y] = [lab(seenBy(eyes, a)), lab(seenBy(eyes, b))];
  return Math.hypot(x.l - y.l, x.a - y.a, x.b - y.b);
}

function swatchesOf(mode: (typeof COLOUR_MODES)[number], ground: Ground) {
  const names = Array.from({ length: 9 }, (_, owner) => `${owner}`);
  const source = mapSource(names.map((_, page) => ({ page, openedMs: page })));
  const owners = {
    names,
    first: Uint32Array.from({ length: 10 }, (_, at) => at),
    owner: Uint16Array.from(names.keys()),
    regions: new Uint32Array(9).fill(1),
  };
  return colouring(mode, { source, info: MAP_INFO, ground, owners, changes: new Uint8Array(9) }).legend
    .swatches;
}

describe.each(GROUNDS)('on a %s ground', (ground) => {
  test.each(COLOUR_MODES)('%s: every colour stands out from it by 3:1', (mode) => {
    for (const { label, colour } of swatchesOf(mode, ground)) {
      expect(contrast(colour, GROUND_COLOURS[ground]), `${label} ${colour}`).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(['state', 'owner', 'difference'] as const)(
    '%s: any two can be told apart by any eyes',
    (mode) => {
      const swatches = swatchesOf(mode, ground);
      for (const eyes of Object.keys(EYES)) {
        swatches.forEach((a, index) => {
          for (const b of swatches.slice(0, index)) {
            expect(distance(eyes, a.colour, b.colour), `${eyes}: ${a.label}, ${b.label}`).toBeGreaterThan(9);
          }
        });
      }
    },
  );

  test.each(['occupancy', 'age'] as const)('%s: the scale gets steadily further from the ground', (mode) => {
    const scale = swatchesOf(mode, ground).filter(({ value }) => value !== undefined);
    const contrasts = scale.map(({ colour }) => contrast(colour, GROUND_COLOURS[ground]));
    expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b));
    expect(new Set(contrasts).size).toBe(scale.length);
  });
});
