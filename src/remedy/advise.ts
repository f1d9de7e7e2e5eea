import { InputError } from '../base/index.js';
import type { InputKind } from '../input/index.js';
import type { PhaseResult, RunResult } from '../run/index.js';
import { ADVICE_SCHEMA, type Advice, memoryOf, type TriedPair, type TriedRemedy } from './advice.js';
import { conclusionOf } from './conclusion.js';
import { pairsFor, relationOf } from './pairs.js';
import { ranked } from './rank.js';
import { leastGain, type Trial } from './remedy.js';
import { type Change, type Replayer, Replays } from './replay.js';
import { headOf } from './result-head.js';
import { ownArenas, trialsFor } from './trials.js';
import type { WhatIf, WhatIfMeans, WhatIfOutcome } from './what-if.js';

export interface AdviceQuestion extends Pick<WhatIf, 'setup' | 'hooks' | 'cut'> {
  /** The share of resident memory below which a difference counts as none. */
  readonly tolerance: number;
}

export interface AdviceMeans extends WhatIfMeans {
  /** Replays elsewhere, several at a time. Undefined: one after the other, here. */
  readonly replayer?: Replayer | undefined;
  /** Replays the input here with an arena for the keys of a pattern. Undefined: that is not tried. */
  readonly withArena?: ((pattern: string) => Promise<Pick<WhatIfOutcome, 'result' | 'failure'>>) | undefined;
  /** Called before each replay, with its steps and the number of replays that are planned. */
  readonly onTrial?: ((steps: readonly string[], number: number, planned: number) => void) | undefined;
}

/** Pairs that are tried at most. */
const MOST_PAIRS = 2;

/** Replays the remedies that apply to an input, and ranks them. Throws the error that ends a replay early. */
export async function advise(question: AdviceQuestion, means: AdviceMeans): Promise<Advice> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const bench = new TrialBench(question, means);
  const base = await bench.base();
  const before = memoryOf(base);
  const { owners, types } = base;
  const { inputKind } = bench.replays;
  const arenas = means.withArena === undefined ? [] : ownArenas({ owners, inputKind }, base);
  await bench.run([...trialsFor({ setup: question.setup, owners, types, inputKind }), ...arenas]);
  const toleranceBytes = question.tolerance * before.resident;
  const ranking = ranked(bench.tried, toleranceBytes);
  const pairs: TriedPair[] = [];
  for (const { first, second, trial } of pairsFor(ranking, MOST_PAIRS)) {
    const [both] = await bench.tryOut(trial);
    if (both === undefined) continue;
    const { backBytes } = both;
    const relation = relationOf(backBytes, first, second, toleranceBytes);
    pairs.push({ first: first.name, second: second.name, backBytes, relation });
  }
  const found = { before, remedies: ranking, tolerance: question.tolerance, pairs };
  return {
    schema: ADVICE_SCHEMA,
    ...headOf(bench.replays.header),
    ...found,
    conclusion: conclusionOf(found),
    limits: limitsOf(inputKind),
    runs: bench.replays.count,
    timing: { startedAt, wallMs: performance.now() - started },
  };
}

/** Says what a file cannot tell. */
function limitsOf(kind: InputKind | undefined): string[] {
  if (kind !== 'rdb' && kind !== 'aof') return [];
  return [
    'What a purge, a restart or defragmentation gives back on the running server cannot be told from a file: ' +
      '`redis-cli INFO ALL | slablab explain` tells that.',
  ];
}

/** Replays trials on one input, and keeps what was found. */
class TrialBench {
  readonly tried: TriedRemedy[] = [];
  readonly replays: Replays;
  #planned = 1;
  #base: PhaseResult | undefined;
  readonly #question: AdviceQuestion;
  readonly #means: AdviceMeans;

  constructor(question: AdviceQuestion, means: AdviceMeans) {
    this.#question = question;
    this.#means = means;
    this.replays = new Replays(means.replayer);
  }

  /** Replays the input alone, with accounts. */
  async base(): Promise<PhaseResult> {
    const result = await this.#replay({ steps: [], hasOwners: true });
    const base = result.phases.at(-1);
    if (base === undefined) throw new InputError(`${result.workload}: has no phase; name another input`);
    this.#base = base;
    return base;
  }

  async run(trials: readonly Trial[]): Promise<void> {
    this.#planned = 1 + trials.length;
    const isParallel = this.#means.replayer !== undefined;
    const early = isParallel ? await Promise.all(trials.map((trial) => this.#replay(trial))) : [];
    for (const [index, trial] of trials.entries()) {
      const { phases } = early[index] ?? (await this.#replay(trial));
      this.tried.push(...this.#effects(trial, phases));
    }
  }

  /** Replays a trial, and returns its remedies with their effect. */
  async tryOut(trial: Trial): Promise<TriedRemedy[]> {
    return this.#effects(trial, (await this.#replay(trial)).phases);
  }

  #effects({ steps: texts, remedies }: Trial, phases: readonly PhaseResult[]): TriedRemedy[] {
    const { tolerance } = this.#question;
    const changed = phases.filter(({ change }) => change !== undefined);
    const before = memoryOf(this.#base!);
    const found: TriedRemedy[] = [];
    for (const [count, remedy] of remedies) {
      // A restart purges as well, so that the steps before one are of no use.
      const start = remedy.kind === 'restart' ? count - 1 : 0;
      const own = changed.slice(start, count);
      const memory = memoryOf({ keys: before.keys, ...own.at(-1)! });
      const backBytes = before.resident - memory.resident;
      const beyond = [...this.tried, ...found].find(({ name }) => name === remedy.beyond);
      const gainBytes = backBytes - (beyond?.backBytes ?? 0);
      found.push({
        name: remedy.name,
        kind: remedy.kind,
        steps: texts.slice(start, count),
        memory,
        backBytes,
        freedBytes: before.usedMemory - memory.usedMemory,
        beyond: beyond?.name ?? null,
        gainBytes,
        helps: gainBytes > leastGain(remedy.kind, tolerance) * before.resident,
        costs: costsOf(own),
        caution: remedy.caution,
        onServer: own.flatMap(({ change }) => (change === undefined ? [] : [change.onServer])),
      });
    }
    return found;
  }

  async #replay({
    steps,
    hasOwners = false,
    arena,
  }: Pick<Change, 'steps' | 'hasOwners'> & Pick<Trial, 'arena'>): Promise<RunResult> {
    const number = ++this.replays.count;
    this.#planned = Math.max(this.#planned, number);
    this.#means.onTrial?.(steps, number, this.#planned);
    const { withArena } = this.#means;
    if (withArena !== undefined && arena !== undefined) {
      const { result, failure } = await withArena(arena);
      if (failure !== null) throw failure;
      return result;
    }
    const { setup, hooks, cut } = this.#question;
    return (await this.replays.carryOut({ setup, hooks, cut, steps, hasOwners }, this.#means)).result;
  }
}

function costsOf(phases: readonly PhaseResult[]): TriedRemedy['costs'] {
  const costs = { sent: 0, tookMs: 0, copiedBytes: 0 };
  for (const { change } of phases) {
    costs.sent += change?.sent ?? 0;
    costs.tookMs += change?.tookMs ?? 0;
    costs.copiedBytes += change?.copiedBytes ?? 0;
  }
  return costs;
}
