import { argumentText, type Command } from '../../commands/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { CommandSpec } from './command-table.js';

/** The histogram of latencies that each command gets at its first call; each of several that share a name its own. */
export class CommandStatistics {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #specs = new Set<CommandSpec>();
  readonly #parts = new Set<string>();
  #last: CommandSpec | undefined;
  #histograms: number[] = [];

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
  }

  /** updateCommandLatencyHistogram, after each call. */
  called(spec: CommandSpec, command: Command): void {
    if (!this.#isFirst(spec, command)) return;
    const { latencyCounters, latencyHistogram } = this.#version.sizes;
    for (const bytes of [latencyCounters, latencyHistogram]) {
      this.#histograms.push(this.#heap.calloc(bytes, StructKind.commandStatistics));
    }
  }

  /** CONFIG RESETSTAT */
  reset(): void {
    for (const handle of this.#histograms) this.#heap.free(handle);
    this.#histograms = [];
    this.#specs.clear();
    this.#parts.clear();
    this.#last = undefined;
  }

  #isFirst(spec: CommandSpec, command: Command): boolean {
    // Most commands are the one before once more.
    if (spec === this.#last) return false;
    if (spec.hasSubcommands === true) return this.#isFirstPart(spec, command);
    this.#last = spec;
    if (this.#specs.has(spec)) return false;
    this.#specs.add(spec);
    return true;
  }

  #isFirstPart({ name }: CommandSpec, command: Command): boolean {
    const part = `${name}|${argumentText(command, 1).toLowerCase()}`;
    if (this.#parts.has(part)) return false;
    this.#parts.add(part);
    return true;
  }
}
