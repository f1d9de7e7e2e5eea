import { rgb } from 'd3-color';
import type { ColourDepth } from './terminal.js';

const ESCAPE = '\u001b[';
export const RESET = `${ESCAPE}0m`;

/** SGR sequence for a background of a colour; '' without colours. */
export function backgroundOf(colour: string, colours: ColourDepth): string {
  if (colours === 'none') return '';
  const { r, g, b } = rgb(colour);
  return colours === 'truecolor' ? `${ESCAPE}48;2;${r};${g};${b}m` : `${ESCAPE}48;5;${nearest256(r, g, b)}m`;
}

export function bold(text: string, colours: ColourDepth): string {
  return colours === 'none' ? text : `${ESCAPE}1m${text}${RESET}`;
}

/** The nearest entry of the 6 x 6 x 6 cube in the 256-colour palette. */
function nearest256(red: number, green: number, blue: number): number {
  return 16 + 36 * cubeStep(red) + 6 * cubeStep(green) + cubeStep(blue);
}

// The cube's levels are 0, 95, 135, 175, 215, 255.
function cubeStep(level: number): number {
  if (level < 48) return 0;
  return level < 115 ? 1 : Math.round((level - 55) / 40);
}
