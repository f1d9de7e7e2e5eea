import { formatBytes, formatCount, InputError } from '../base/index.js';
import type { RedisServer } from '../model/index.js';
import type { PhaseResult, RunResult } from '../run/index.js';
import { largestBelow, type Probe } from './largest-below.js';
import { type Replayer, Replays } from './replay.js';
import { headOf } from './result-head.js';
import type { Setup } from './setup.js';
import {
  type DataSetSizing,
  type PolicySizing,
  type RssLimit,
  SIZING_SCHEMA,
  type Sizing,
} from './sizing.js';
import type { WhatIf, WhatIfMeans } from './what-if.js';

export interface SizeQuestion extends Pick<WhatIf, 'setup' | 'hooks' | 'cut'> {
  readonly limit: RssLimit;
  /** The values of maxmemory-policy to try. */
  readonly policies: readonly string[];
}

export interface SizeMeans {
  /** Replays elsewhere, several at a time. Undefined: one after the other, here. */
  readonly replayer?: Replayer | undefined;
  /** Returns the means of a replay with these settings beside those of the input. */
  meansWith(settings: Setup['settings']): WhatIfMeans;
  /** Called before each replay, with its description and its number. */
  readonly onReplay?: (what: string, number: number) => void;
}

/** The largest data set that is replayed. Larger ones are replayed at a half, a quarter and so on of their size. */
const MOST_REPLAYED_BYTES = 512 * 1024 ** 2;

/** Finds by replays the largest size of a server whose allocator stays below a limit. */
export async function size(question: SizeQuestion, means: SizeMeans): Promise<Sizing> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const bench = new SizeBench(question, means);
  const input = await bench.input();
  const isDataSet = bench.replays.inputKind === 'rdb' || bench.replays.inputKind === 'aof';
  const policies = isDataSet ? [] : await bench.policies(input);
  const dataSet = isDataSet ? await bench.dataSet(input) : null;
  return {
    schema: SIZING_SCHEMA,
    ...headOf(bench.replays.header),
    limit: question.limit,
    input: { keys: input.keys, usedMemory: input.usedMemory, peakBytes: input.peakBytes },
    policies,
    dataSet,
    runs: bench.replays.count,
    timing: { startedAt, wallMs: performance.now() - started },
  };
}

/** A replay with its peak and its end. */
interface Sized extends Probe {
  readonly usedMemory: number;
  readonly keys: number;
}

class SizeBench {
  readonly replays: Replays;
  #server: RedisServer | undefined;
  readonly #question: SizeQuestion;
  readonly #means: SizeMeans;

  constructor(question: SizeQuestion, means: SizeMeans) {
    this.#question = question;
    this.#means = means;
    this.replays = new Replays(means.replayer);
  }

  /** Replays the input without a limit. */
  input(): Promise<Sized> {
    return this.#replay({}, 0, 'the input as it is');
  }

  async policies(input: Sized): Promise<PolicySizing[]> {
    const { policies } = this.#question;
    if (this.#means.replayer !== undefined) {
      return Promise.all(policies.map((policy) => this.#policy(policy, input)));
    }
    const found: PolicySizing[] = [];
    for (const policy of policies) found.push(await this.#policy(policy, input));
    return found;
  }

  /** Finds the largest maxmemory with a policy. Below the peak of the whole traffic, no limit is needed. */
  async #policy(policy: string, input: Sized): Promise<PolicySizing> {
    const { allocatorBytes } = this.#question.limit;
    const none = { policy, maxmemoryBytes: null, ...figuresOf(input) };
    if (input.peakBytes <= allocatorBytes) return none;
    const best = await largestBelow<Sized>({
      above: { size: Math.max(input.usedMemory, allocatorBytes), peakBytes: input.peakBytes },
      emptyBytes: 0,
      limitBytes: allocatorBytes,
      unit: allocatorBytes >= 64 * 1024 ** 2 ? 1024 ** 2 / 8 : 1024,
      probe: (maxmemory) =>
        this.#replay(
          { maxmemory: `${maxmemory}`, 'maxmemory-policy': policy },
          maxmemory,
          `maxmemory ${formatBytes(maxmemory)}, ${policy}`,
        ),
    });
    return best === undefined ? none : { policy, maxmemoryBytes: best.size, ...figuresOf(best) };
  }

  /** Finds the largest data set of keys like those of the input. */
  async dataSet(input: Sized): Promise<DataSetSizing> {
    const { allocatorBytes } = this.#question.limit;
    const empty = await this.#load(0);
    const room = allocatorBytes - empty.peakBytes;
    if (room <= 0) {
      throw new InputError(
        `--rss: an empty server has ${formatBytes(empty.peakBytes)} of allocator memory, and ${formatBytes(allocatorBytes)} ` +
          'are left for it; allow more',
      );
    }
    const halvings = Math.max(0, Math.ceil(Math.log2(room / MOST_REPLAYED_BYTES)));
    const share = 2 ** -halvings;
    const limitBytes = empty.peakBytes + room * share;
    const one = await this.#load(input.keys);
    const perKey = (one.peakBytes - empty.peakBytes) / Math.max(1, one.keys);
    if (!(perKey > 0))
      throw new InputError(
        `${this.replays.header.workload}: has no keys to size by; name a file that has some`,
      );
    const most = Math.ceil((2 * (limitBytes - empty.peakBytes)) / perKey);
    const best = await largestBelow<Sized>({
      above: { size: most, peakBytes: empty.peakBytes + most * perKey },
      emptyBytes: empty.peakBytes,
      limitBytes,
      unit: 1,
      probe: (keys) => this.#load(keys),
    });
    if (best === undefined) {
      throw new InputError(
        `--rss: not one key of ${this.replays.header.workload} fits into ${formatBytes(allocatorBytes)}; allow more`,
      );
    }
    return {
      keys: Math.floor(best.size / share),
      maxmemoryBytes: Math.floor(empty.usedMemory + (best.usedMemory - empty.usedMemory) / share),
      peakBytes: Math.floor(empty.peakBytes + (best.peakBytes - empty.peakBytes) / share),
      replayedShare: share,
    };
  }

  async #replay(settings: Setup['settings'], probed: number, what: string): Promise<Sized> {
    const result = await this.#carryOut(what, settings);
    return sizedOf(probed, result, keysAt(result.phases));
  }

  /** Loads a data set of so many keys into a new server. */
  async #load(keys: number): Promise<Sized> {
    return sizedOf(keys, await this.#carryOut(`a data set of ${formatCount(keys)} keys`, {}, keys), keys);
  }

  async #carryOut(what: string, settings: Setup['settings'], dataSetKeys?: number): Promise<RunResult> {
    this.#means.onReplay?.(what, ++this.replays.count);
    const { setup, hooks, cut } = this.#question;
    const own = { ...setup, settings: { ...setup.settings, ...settings } };
    const replay = {
      setup: own,
      hooks,
      cut,
      steps: [],
      ...(dataSetKeys === undefined ? {} : { dataSetKeys }),
    };
    const { result, server } = await this.replays.carryOut(
      replay,
      this.#means.meansWith(settings),
      this.#server,
    );
    this.#server ??= server;
    return result;
  }
}

function sizedOf(size: number, { phases, workload }: RunResult, keys: number): Sized {
  const last = phases.at(-1);
  if (last === undefined) throw new InputError(`${workload}: has no phase; name another input`);
  const { peakResident, usedMemory } = last.memory;
  return { size, peakBytes: peakResident, usedMemory, keys };
}

function keysAt(phases: readonly PhaseResult[]): number {
  return phases.at(-1)?.keys ?? 0;
}

function figuresOf({ peakBytes, usedMemory, keys }: Sized): Omit<PolicySizing, 'policy' | 'maxmemoryBytes'> {
  return { peakBytes, usedMemory, keys };
}
