/** Runs an experiment with changes after it: deletions, a purge, a restart, another version. Each process has an engine. */
import type { Engine } from '../../src/engine/index.js';
import { openIn } from '../../src/input/index.js';
import { parseStep, whatIf } from '../../src/remedy/index.js';
import { type RunOutcome, runHeader } from '../../src/run/index.js';
import { buildOf, type Experiment } from '../experiment.js';
import { filesOf } from './given-files.js';
import { openSource } from './open-source.js';
import type { GivenFile, LabListener } from './service.js';

export interface ChangesMeans {
  readonly files: readonly GivenFile[];
  readonly bootEngine: (build: string, conf: string) => Promise<Engine>;
  readonly listener: LabListener;
  readonly onProgress: (operations: number) => void;
}

/** Returns the outcome and the notes of the input. The recording has the frames of the last process alone. */
export async function runChanges(
  experiment: Experiment,
  { files, bootEngine, listener, onProgress }: ChangesMeans,
): Promise<RunOutcome & { readonly notes: readonly string[] }> {
  const { server, conf, hooks, settings } = experiment;
  let engine: Engine | undefined;
  const openInput = (path: string) => openIn(filesOf(files), path);
  return whatIf(
    {
      setup: { server, build: buildOf(experiment), conf, settings },
      hooks,
      steps: experiment.steps.map((text) => parseStep(text, 'then')),
    },
    {
      openEngine: async (setup) => {
        engine = await bootEngine(setup.build, setup.conf);
        return engine;
      },
      openSource: (extras) => openSource(experiment, files, undefined, extras),
      openInput,
      onProcess: async (source) => {
        // Pages of another process have nothing in common with those of the one before.
        listener.begin(runHeader(source, engine!, { conf, hooks, settings }), engine!.info);
      },
      onProgress,
      onSnapshot: (phase, snapshot) => listener.frame({ phase, snapshot, owners: null }),
    },
  );
}
