/** The sweeps whose cells a worker runs, as few as it has seen lately. */
import type { Redis } from 'ioredis';
import { breachOf } from '../contract.js';
import type { QueueKeys } from '../keys.js';
import { fetchFile } from '../sent-input.js';
import { loadSweep } from '../sweep-record.js';
import { cacheName, InputCache, type InputCacheOptions } from './input-cache.js';
import { KnownSweep } from './known-sweep.js';

const MAX_KNOWN = 8;

export class SweepsOfWorker {
  readonly #known = new Map<string, Promise<KnownSweep | undefined>>();
  readonly #refusals = new Map<string, string>();
  readonly #inputs: InputCache;

  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
    private readonly options: {
      readonly version: string;
      readonly inputs: InputCacheOptions;
      readonly onNote: (note: string) => void;
    },
  ) {
    this.#inputs = new InputCache(options.inputs);
  }

  /** Returns a sweep with its input on this machine; undefined if the server does not know it. */
  async known(id: string): Promise<KnownSweep | undefined> {
    const known = this.#known.get(id) ?? this.#learn(id);
    // The sweep that is asked for is the last to be forgotten.
    this.#known.delete(id);
    this.#known.set(id, known);
    const sweep = await known.catch((error) => {
      this.#known.delete(id);
      throw error;
    });
    if (sweep === undefined) this.#known.delete(id);
    if (this.#known.size > MAX_KNOWN) await this.#forgetOldest();
    return sweep;
  }

  refusals(): Record<string, string> {
    return Object.fromEntries(this.#refusals);
  }

  async #learn(id: string): Promise<KnownSweep | undefined> {
    const plan = await loadSweep(this.redis, this.keys, id);
    if (plan === undefined) return undefined;
    const breach = await breachOf(this.options.version, plan.contract);
    if (breach !== undefined) {
      this.#refusals.set(id, breach);
      this.options.onNote(`sweep ${id} is left to other workers: ${breach}`);
      return new KnownSweep(id, plan, breach, new Map());
    }
    const paths = new Map<string, string>();
    for (const input of plan.inputs) {
      const path = await this.#inputs.pathOf(input, (file, to) => fetchFile(this.redis, this.keys, file, to));
      paths.set(input.path, path);
    }
    return new KnownSweep(id, plan, undefined, paths);
  }

  async #forgetOldest(): Promise<void> {
    const [[id, known] = []] = this.#known;
    if (id === undefined) return;
    this.#known.delete(id);
    this.#refusals.delete(id);
    const inputs = (await known?.catch(() => undefined))?.plan.inputs ?? [];
    const others = await Promise.all([...this.#known.values()].map((one) => one.catch(() => undefined)));
    const used = new Set(others.flatMap((other) => other?.plan.inputs.map(cacheName) ?? []));
    for (const input of inputs) if (!used.has(cacheName(input))) this.#inputs.release(input);
  }
}
