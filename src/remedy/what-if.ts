import { InputError } from '../base/index.js';
import type { Engine, Snapshot } from '../engine/index.js';
import type { Input } from '../input/index.js';
import type { RedisServer } from '../model/index.js';
import {
  type Continuation,
  type Cut,
  type RunAccounts,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
} from '../run/index.js';
import { checkSteps } from './check-steps.js';
import { Chronicle } from './chronicle.js';
import { dataSetSource } from './data-set-source.js';
import { phaseNames } from './phase-names.js';
import { processesOf, type ServerProcess, type Setup } from './setup.js';
import type { Step } from './step.js';
import { stepsOn } from './steps-on.js';

/** An input on a server, and the changes after it. */
export interface WhatIf {
  readonly setup: Setup;
  readonly hooks: RunResult['hooks'];
  readonly steps: readonly Step[];
  readonly cut?: Cut | undefined;
  /** The accounts of the first process, if there are any. */
  readonly accounts?: RunAccounts | undefined;
}

/** The further phases of an input, and its end. */
interface InputExtras {
  readonly continuation: Continuation;
  readonly cut: Cut | undefined;
  readonly accounts: RunAccounts | undefined;
}

/** The means of a run of changes, which its caller has. */
export interface WhatIfMeans {
  /** Opens an engine with the build and the configuration of a process. */
  openEngine(setup: Setup): Promise<Engine>;
  openSource(extras: InputExtras): Promise<RunSource>;
  /** Opens the file of an input step. */
  openInput(path: string): Input;
  /** Called with the source of each process, before it is run. */
  readonly onProcess?: ((source: RunSource) => Promise<void>) | undefined;
  readonly onProgress?: ((operations: number) => void) | undefined;
  readonly beforeStep?: (() => Promise<void>) | undefined;
  /** Called with the snapshot of each phase. */
  readonly onSnapshot?: ((phase: string, snapshot: Snapshot) => unknown) | undefined;
}

export interface WhatIfOutcome {
  /** The phases of the input, and one for each step. The header is that of the first process. */
  readonly result: RunResult;
  readonly failure: RunOutcome['failure'];
  readonly operations: number;
  /** Remarks on the input. */
  readonly notes: readonly string[];
  /** The model of the last process. */
  readonly server: RedisServer | undefined;
}

/** Replays an input and the changes after it, each process on an engine of its own. */
export async function whatIf(question: WhatIf, means: WhatIfMeans): Promise<WhatIfOutcome> {
  const { setup, steps, hooks } = question;
  checkSteps(setup, steps, means.openInput);
  const names = phaseNames(steps);
  const chronicle = new Chronicle();
  const outcomes: RunOutcome[] = [];
  const notes: string[] = [];
  let used = 0;
  for (const process of processesOf(setup, steps)) {
    const count = process.steps.length + (process.startedBy === undefined ? 0 : 1);
    const phases = names.slice(used, used + count);
    used += count;
    chronicle.beginProcess(process, phases);
    const source = await sourceOf(process, phases, question, chronicle, means);
    chronicle.input = source.metadata.workload;
    try {
      if (!source.isModelled) throw withoutServer(source);
      const accounts = process.startedBy === undefined ? question.accounts : undefined;
      const outcome = await runOn(source, process.setup, { hooks, accounts }, means);
      outcomes.push(outcome);
      notes.push(...(outcomes.length === 1 ? (source.notes?.() ?? []) : []));
      if (outcome.failure !== null) break;
    } finally {
      await source.close();
    }
  }
  return { ...joined(outcomes, chronicle), notes, server: chronicle.server };
}

function withoutServer({ metadata: { workload } }: RunSource): InputError {
  return new InputError(
    `${workload}: drives the allocator by itself, without a server that could be changed; name another workload or a file`,
  );
}

/** Opens the input, or the data set of the process before, with the steps after it. */
function sourceOf(
  { setup, steps, startedBy }: ServerProcess,
  phases: readonly string[],
  { cut, accounts }: WhatIf,
  chronicle: Chronicle,
  means: WhatIfMeans,
): Promise<RunSource> | RunSource {
  const { openInput } = means;
  const before = chronicle.server;
  if (startedBy === undefined || before === undefined) {
    return means.openSource({
      cut,
      accounts,
      continuation: { phases, run: stepsOn(steps, { chronicle, openInput }) },
    });
  }
  const [phase = startedBy.text, ...rest] = phases;
  return dataSetSource({
    input: chronicle.input,
    phase,
    step: startedBy.text,
    setup,
    before: () => before,
    onLoaded: (bytes) => {
      chronicle.loadedBytes = bytes;
    },
    continuation: { phases: rest, run: stepsOn(steps, { chronicle, openInput }) },
  });
}

async function runOn(
  source: RunSource,
  setup: Setup,
  { hooks, accounts }: Pick<WhatIf, 'hooks' | 'accounts'>,
  { openEngine, onProcess, onProgress, beforeStep, onSnapshot }: WhatIfMeans,
): Promise<RunOutcome> {
  const engine = await openEngine(setup);
  try {
    await onProcess?.(source);
    const { conf, settings } = setup;
    return await run(source, engine, {
      conf,
      hooks,
      settings,
      sweepEvery: 0,
      accounts,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(beforeStep === undefined ? {} : { beforeStep }),
      ...(onSnapshot === undefined ? {} : { onSnapshot }),
    });
  } finally {
    await engine.close();
  }
}

/** Joins the results of all processes. */
function joined(
  outcomes: readonly RunOutcome[],
  chronicle: Chronicle,
): Omit<WhatIfOutcome, 'notes' | 'server'> {
  const first = outcomes[0]!;
  const last = outcomes.at(-1)!;
  const operations = outcomes.reduce((sum, outcome) => sum + outcome.operations, 0);
  const wallMs = outcomes.reduce((sum, { result }) => sum + result.timing.wallMs, 0);
  const { error: _, ...header } = first.result;
  const { error } = last.result;
  return {
    operations,
    failure: last.failure,
    result: {
      ...header,
      phases: chronicle.withFacts(outcomes.flatMap(({ result }) => result.phases)),
      gaps: outcomes.map(({ result }) => result.gaps).find((gaps) => gaps !== undefined),
      ...(error === undefined ? {} : { error }),
      timing: {
        startedAt: first.result.timing.startedAt,
        wallMs,
        operationsPerSecond: operations / (wallMs / 1000),
      },
    },
  };
}
