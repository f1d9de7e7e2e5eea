/** Reads a sweep that the command line ran: its result, and the recordings of its cells, one after another. */
import { InputError } from '../../src/base/index.js';
import { type Atlas, atlasOf, nameOfCell } from '../../src/report/index.js';
import { SWEEP_SCHEMA, type SweepResult } from '../../src/sweep/index.js';
import { readJson } from '../../workloads/index.js';
import { growAtlas, type OpenCell } from './grow-atlas.js';

/** The end of the name of a sweep's result. */
const RESULT = /\.sweep\.json$/;

export function isSweep(name: string): boolean {
  return RESULT.test(name);
}

/** Returns a reader of cells from the page's host, beside a result of this name. */
export function cellsOnHost(name: string): OpenCell {
  return async (cell) => {
    const response = await fetch(encodeURIComponent(nameOfCell(name, cell))).catch(() => undefined);
    return response?.ok === true ? response.body : null;
  };
}

/** Reads a sweep, and shows its atlas with each map that came. */
export async function readSweep(
  name: string,
  text: string,
  open: OpenCell,
  show: (atlas: Atlas) => void,
): Promise<void> {
  const result = Object(readJson(name, text).value) as Partial<SweepResult>;
  if (result.schema !== SWEEP_SCHEMA || !Array.isArray(result.cells)) {
    throw new InputError(
      `${name}: is no result of a sweep of this version (${SWEEP_SCHEMA}); run \`slablab sweep … --out DIR\` again`,
    );
  }
  await growAtlas(name, atlasOf(result as SweepResult, new Map()), open, show);
}
