import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  type COLOUR_MODES,
  colouring,
  GROUND_COLOURS,
  GROUNDS,
  type Ground,
  PARTS,
} from '#slablab/src/map/index.js';
import { ciede2000, contrast, difference2000, distance, EYES } from '../support/colour-distance.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';

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

/** Smallest difference of any two parts of memory, and of each of them from the ground. */
const LEAST: Readonly<Record<Ground, number>> = { light: 15.5, dark: 16.5 };

test('the difference of CIEDE2000 has the values of its published test data', () => {
  const pairs = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1.0, 2.0], [50, 0, 0], 2.3669],
    [[50, 2.5, 0], [58, 24, 15], 19.4535],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as const;
  for (const [[l, a, b], [l2, a2, b2], wanted] of pairs) {
    expect(ciede2000({ l, a, b }, { l: l2, a: a2, b: b2 })).toBeCloseTo(wanted, 4);
  }
});

describe.each(GROUNDS)('on a %s ground', (ground) => {
  const { hatch: _, line: __, ...parts } = PARTS[ground];

  test.each(Object.keys(EYES))('any two parts of memory can be told apart by %s eyes', (eyes) => {
    const named = Object.entries(parts);
    named.forEach(([name, colour], index) => {
      for (const [other, its] of named.slice(0, index)) {
        const told = difference2000(eyes, colour, its);
        expect(told, `${name} and ${other}`).toBeGreaterThanOrEqual(LEAST[ground]);
      }
    });
  });

  test('what is pinned, waits or is a record has a contrast of 3:1 with the ground or an edge that has', () => {
    expect(contrast(PARTS[ground].hatch, GROUND_COLOURS[ground])).toBeGreaterThanOrEqual(3);
    for (const name of ['pin', 'dirty', 'meta'] as const) {
      expect(contrast(PARTS[ground][name], GROUND_COLOURS[ground]), name).toBeGreaterThanOrEqual(3);
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

  test('occupancy: a full slab recedes on every ground, and the emptier one is, the more it stands out', () => {
    const scale = swatchesOf('occupancy', ground).filter(({ value = 0 }) => value > 0);
    const contrasts = scale.map(({ colour }) => contrast(colour, GROUND_COLOURS[ground]));
    expect(contrasts).toEqual([...contrasts].sort((a, b) => b - a));
    const fromPinned = scale.map(({ colour }) => distance('usual', colour, PARTS[ground].pin));
    expect(fromPinned).toEqual([...fromPinned].sort((a, b) => a - b));
    expect(scale.at(-1)!.colour).toBe(PARTS[ground].use);
  });

  test('the page has the same colours', async () => {
    const css = await readFile(new URL('../../web/style/tokens.css', import.meta.url), 'utf8');
    const { ground: paper, ...others } = PARTS[ground];
    for (const [name, colour] of Object.entries({ ...others, ground: paper })) {
      const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css) ?? [];
      expect(ground === 'light' ? light : dark, name).toBe(colour);
    }
  });
});
