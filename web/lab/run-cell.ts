/** Runs a cell of a sweep in the worker, and returns its result and the map of its end. */
import type { Snapshot } from '../../src/engine/index.js';
import { type CellMap, cellMapOf, type MapInfo } from '../../src/map/index.js';
import { runExperiment } from './run-experiment.js';
import type { CellOutcome, LabRequest } from './service.js';

export async function runCell(request: LabRequest): Promise<CellOutcome> {
  const snapshots: Snapshot[] = [];
  let info: MapInfo | undefined;
  const outcome = await runExperiment(request, {
    begin: (_, its) => {
      info = its;
    },
    frame: ({ snapshot }) => void snapshots.push(snapshot),
    progress: () => {},
  });
  const map: CellMap | null =
    info === undefined || snapshots.length === 0 ? null : cellMapOf(snapshots, info);
  return { ...outcome, map };
}
