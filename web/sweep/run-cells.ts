/** Runs the cells of a sweep in as many workers as the machine has processors. Each worker keeps its memory for the next. */

import type { AtlasCell } from '../../src/report/index.js';
import { figuresOf } from '../../src/sweep/index.js';
import { buildUrl, buildUrls } from '../builds.js';
import { buildOf } from '../experiment.js';
import { CancelledError, Lab } from '../lab/lab.js';
import type { GivenFile } from '../lab/service.js';
import type { PlannedCell } from './plan.js';

export interface CellRun {
  readonly workers: number;
  /** Settles when all cells are done, or after `cancel`. */
  readonly done: Promise<void>;
  readonly cancel: () => void;
}

export function runCells(
  cells: readonly PlannedCell[],
  files: readonly GivenFile[],
  onCell: (cell: AtlasCell, recording: Uint8Array | null) => void,
  wanted = navigator.hardwareConcurrency || 2,
): CellRun {
  const waiting = [...cells];
  const labs = Array.from({ length: Math.max(1, Math.min(wanted, cells.length)) }, () => new Lab());
  let isCancelled = false;
  const work = async (lab: Lab) => {
    for (let next = waiting.shift(); next !== undefined && !isCancelled; next = waiting.shift()) {
      const [done, recording] = await cellOf(lab, next, files);
      if (!isCancelled) onCell(done, recording);
    }
    lab.stop();
  };
  return {
    workers: labs.length,
    done: Promise.all(labs.map(work)).then(() => {}),
    cancel: () => {
      isCancelled = true;
      for (const lab of labs) lab.stop();
    },
  };
}

/** Runs a cell, and returns it with its recording. One that fails, or whose worker dies, has the reason, and the others go on. */
async function cellOf(
  lab: Lab,
  { cell, values, experiment }: PlannedCell,
  files: readonly GivenFile[],
): Promise<[AtlasCell, recording: Uint8Array | null]> {
  const failed = (error: string) => ({ cell, values, figures: null, error, map: null });
  try {
    const wasmUrl = buildUrl(buildOf(experiment));
    const request = { experiment, wasmUrl, wasmUrls: buildUrls(), files };
    const { result, failure, map, recording } = await lab.cell(request);
    if (failure !== null) return [{ ...failed(failure.message), map }, recording];
    const figures = result === null ? null : figuresOf(result);
    return [{ cell, values, figures, error: null, map }, recording];
  } catch (error) {
    if (error instanceof CancelledError) return [failed('cancelled'), null];
    return [failed((error as Error).message), null];
  }
}
