/** `run --watch`: the run's recording on a page, as it comes to be and after it. */
import { basename } from 'node:path';
import type { BuildInfo } from '../engine/index.js';
import { LiveRecording, type PackedRecord, packEnd, packHeader } from '../recording/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { untilSignal } from '../serve/index.js';
import type { PageServer } from '../serve/node.js';
import { say } from './output.js';
import { openWatch, type WatchOptions } from './watch.js';

export class RunWatch {
  readonly #live: LiveRecording;
  readonly #page: PageServer;
  #adding: Promise<void> = Promise.resolve();

  private constructor(live: LiveRecording, page: PageServer) {
    this.#live = live;
    this.#page = page;
  }

  static async open(what: string, options: WatchOptions): Promise<RunWatch> {
    const live = new LiveRecording();
    return new RunWatch(live, await openWatch(options, basename(what), live));
  }

  async begin(about: RunHeader, info: BuildInfo): Promise<void> {
    this.#live.begin(await packHeader(about, info));
  }

  /** Resolves when the frame before is there. */
  packedFrame(packing: Promise<readonly PackedRecord[]>): Promise<void> {
    const before = this.#adding;
    this.#adding = before.then(async () => this.#live.add(await packing));
    return before;
  }

  async finish(result: RunResult): Promise<void> {
    await this.#adding;
    this.#live.finish(await packEnd(result));
  }

  async abandon(): Promise<void> {
    this.#live.abandon();
    await this.#page.close();
  }

  /** Until whoever runs it has seen enough. */
  async stay(): Promise<void> {
    const signal = untilSignal();
    say(`the run has ended; its map stays at ${this.#page.url} until Ctrl-C`);
    await signal;
    await this.#page.close();
  }
}
