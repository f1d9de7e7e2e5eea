/** One replay of an input with changes, as plain data, so that any process that has the input can carry it out. */
import type { InputKind } from '../input/index.js';
import type { RedisServer } from '../model/index.js';
import { type Cut, RunAccounts, type RunResult, run } from '../run/index.js';
import { dataSetOf } from './data-set-copies.js';
import { dataSetSource } from './data-set-source.js';
import { parseStep } from './parse-step.js';
import type { Setup } from './setup.js';
import { type WhatIfMeans, whatIf } from './what-if.js';

/** The changes after an input. */
export interface Change {
  /** The steps as users write them. */
  readonly steps: readonly string[];
  readonly cut?: Cut | undefined;
  /** Whether the phases of the input have accounts of owners. */
  readonly hasOwners?: boolean;
  /** The number of keys of a data set like that of the input, which a new server loads in its place. */
  readonly dataSetKeys?: number;
}

export interface Replay extends Change {
  readonly setup: Setup;
  readonly hooks: RunResult['hooks'];
}

export interface Replayed {
  readonly result: RunResult;
  /** The kind of the file; undefined for a workload. */
  readonly inputKind: InputKind | undefined;
}

/** Carries out replays elsewhere, several at a time. Rejects with the error that ends a replay early. */
export type Replayer = (replay: Replay) => Promise<Replayed>;

/** The outcome of a replay here. */
export interface LocalReplay extends Replayed {
  /** The model that the input made; undefined after the load of a data set. */
  readonly server: RedisServer | undefined;
}

/** Carries out the replays of a question, here or by a replayer. Their input is the same, so the first result describes it. */
export class Replays {
  count = 0;
  #first: Replayed | undefined;
  readonly #replayer: Replayer | undefined;

  constructor(replayer: Replayer | undefined) {
    this.#replayer = replayer;
  }

  get header(): RunResult {
    return this.#first!.result;
  }

  get inputKind(): InputKind | undefined {
    return this.#first?.inputKind;
  }

  /** Carries out one more of them. The model is known only if that was here. */
  async carryOut(replay: Replay, means: WhatIfMeans, known?: RedisServer): Promise<LocalReplay> {
    const replayed =
      this.#replayer === undefined
        ? await replayHere(replay, means, known)
        : { ...(await this.#replayer(replay)), server: undefined };
    const { result, inputKind } = replayed;
    this.#first ??= { result, inputKind };
    return replayed;
  }
}

/** Carries out a replay. Throws the error that ends it early. `known` is a model that the input made before. */
export async function replayHere(
  { steps: texts, dataSetKeys, hasOwners = false, setup, hooks, cut }: Replay,
  means: WhatIfMeans,
  known?: RedisServer,
): Promise<LocalReplay> {
  let inputKind: InputKind | undefined;
  const steps = texts.map((text) => parseStep(text, '--then'));
  const replayInput = async () => {
    const accounts = hasOwners ? new RunAccounts({ owners: true, patterns: [] }) : undefined;
    const outcome = await whatIf(
      { setup, hooks, cut, steps, accounts },
      {
        ...means,
        onProcess: async (source) => {
          inputKind ??= source.inputKind;
          await means.onProcess?.(source);
        },
      },
    );
    if (outcome.failure !== null) throw outcome.failure;
    return outcome;
  };
  if (dataSetKeys === undefined) {
    const { result, server } = await replayInput();
    return { result, inputKind, server };
  }
  const before = known ?? (await replayInput()).server!;
  return { result: await load(dataSetKeys, before, { setup, hooks }, means), inputKind, server: undefined };
}

/** Loads a data set of so many keys into a new server. */
async function load(
  keys: number,
  before: RedisServer,
  { setup, hooks }: Pick<Replay, 'setup' | 'hooks'>,
  means: WhatIfMeans,
): Promise<RunResult> {
  const source = dataSetSource({
    input: 'data set',
    phase: 'loaded',
    step: 'restart',
    setup,
    before: () => before,
    onLoaded() {},
    continuation: { phases: [], *run() {} },
    dataSet: (server) => dataSetOf(server, keys),
  });
  const engine = await means.openEngine(setup);
  try {
    const { beforeStep } = means;
    const { conf, settings } = setup;
    const options = { conf, hooks, settings, sweepEvery: 0 };
    const { result, failure } = await run(
      source,
      engine,
      beforeStep === undefined ? options : { ...options, beforeStep },
    );
    if (failure !== null) throw failure;
    return result;
  } finally {
    await engine.close();
    await source.close();
  }
}
