import { lab, rgb } from 'd3-color';
import type { ColourDepth } from './terminal.js';

const ESCAPE = '\u001b[';
export const RESET = `${ESCAPE}0m`;

/** Returns the SGR sequence of a background colour, or '' if colours are off. */
export function backgroundOf(colour: string, colours: ColourDepth): string {
  if (colours === 'none') return '';
  if (colours === '256') return `${ESCAPE}48;5;${nearest256(colour)}m`;
  const { r, g, b } = rgb(colour);
  return `${ESCAPE}48;2;${r};${g};${b}m`;
}

export function bold(text: string, colours: ColourDepth): string {
  return colours === 'none' ? text : `${ESCAPE}1m${text}${RESET}`;
}

/** Returns the nearest entry of the 256-colour palette, except its first 16, which terminals let users change. */
function nearest256(colour: string): number {
  const known = nearest.get(colour);
  if (known !== undefined) return known;
  const { l, a, b } = lab(colour);
  const distances = PALETTE.map((entry) => Math.hypot(entry.l - l, entry.a - a, entry.b - b));
  const entry = FIRST_ENTRY + distances.indexOf(Math.min(...distances));
  nearest.set(colour, entry);
  return entry;
}

const FIRST_ENTRY = 16;
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255];
const PALETTE = [
  ...CUBE_LEVELS.flatMap((red) =>
    CUBE_LEVELS.flatMap((green) => CUBE_LEVELS.map((blue) => lab(rgb(red, green, blue)))),
  ),
  ...Array.from({ length: 24 }, (_, step) => lab(rgb(8 + 10 * step, 8 + 10 * step, 8 + 10 * step))),
];
const nearest = new Map<string, number>();
