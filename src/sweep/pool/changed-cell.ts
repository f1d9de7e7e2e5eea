/** Runs a cell with changes after its input, each of whose processes has an engine of its own. */
import { type Engine, LabEngine } from '../../engine/index.js';
import { openEngine } from '../../engine/node.js';
import { openInput } from '../../input/node.js';
import { type Change, replayHere } from '../../remedy/index.js';
import { openStream } from '../../run/node.js';
import type { Cell } from '../grid/grid.js';
import type { CellOutcome } from './cell-service.js';

/** Runs a changed cell. Rejects with the error that ends it. */
export async function runChanged({ stream, allocator }: Cell, change: Change): Promise<CellOutcome> {
  const { build, conf, hooks } = allocator;
  const { server = '', settings } = stream;
  const engines: Engine[] = [];
  const { result } = await replayHere(
    { setup: { server, build, conf, settings }, hooks, ...change },
    {
      openEngine: async (setup) => {
        const engine = await openEngine({ ...allocator, build: setup.build, conf: setup.conf });
        engines.push(engine);
        return engine;
      },
      openSource: (extras) => openStream(stream, extras),
      openInput,
    },
  );
  const replayMs = engines.reduce(
    (sum, engine) => sum + (engine instanceof LabEngine ? engine.replayMs : 0),
    0,
  );
  return { run: result, error: null, replayMs, notes: [] };
}
