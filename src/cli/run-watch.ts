/** The page of `run --watch`, which shows the recording during the run and after it. */
import { basename } from 'node:path';
import type { BuildInfo } from '../engine/index.js';
import { LiveRecording, type PackedRecord, packEnd, packHeader } from '../recording/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { untilSignal } from '../serve/index.js';
import type { PageServer } from '../serve/node.js';
import { printMessage } from './output.js';
import { openWatchPage, type WatchOptions } from './watch-page.js';

export class RunWatch {
  readonly #live: LiveRecording;
  readonly #page: PageServer;
  #adding: Promise<void> = Promise.resolve();

  private constructor(live: LiveRecording, page: PageServer) {
    this.#live = live;
    this.#page = page;
  }

  static async open(input: string, options: WatchOptions): Promise<RunWatch> {
    const live = new LiveRecording();
    return new RunWatch(live, await openWatchPage(options, basename(input), live));
  }

  async begin(about: RunHeader, info: BuildInfo): Promise<void> {
    this.#live.begin(await packHeader(about, info));
  }

  /** Adds a frame to the recording. Resolves when the previous frame has been added. */
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

  /** Serves the page after the run until SIGINT or SIGTERM. */
  async serveUntilSignal(): Promise<void> {
    const signal = untilSignal();
    printMessage(`the run has ended; its map stays at ${this.#page.url} until Ctrl-C`);
    await signal;
    await this.#page.close();
  }
}
