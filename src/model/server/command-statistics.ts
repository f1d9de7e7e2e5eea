import { type Command, type CommandInfo, subcommandOf } from '../../commands/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';

/** Allocates the latency histogram that each command and each subcommand gets at its first call. */
export class CommandStatistics {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #called = new Set<CommandInfo>();
  #last: CommandInfo | undefined;
  #histograms: number[] = [];

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
  }

  /** Records a call, after it (updateCommandLatencyHistogram). */
  called(container: CommandInfo, command: Command): void {
    const info = subcommandOf(container, command);
    // Streams repeat commands: most calls end here.
    if (info === undefined || info === this.#last) return;
    this.#last = info;
    if (this.#called.has(info)) return;
    this.#called.add(info);
    const { latencyCounters, latencyHistogram } = this.#version.sizes;
    for (const bytes of [latencyCounters, latencyHistogram]) {
      this.#histograms.push(this.#heap.calloc(bytes, StructKind.commandStatistics));
    }
  }

  /** Frees all histograms, as CONFIG RESETSTAT does. */
  reset(): void {
    for (const handle of this.#histograms) this.#heap.free(handle);
    this.#histograms = [];
    this.#called.clear();
    this.#last = undefined;
  }
}
