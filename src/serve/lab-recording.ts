import { setTimeout as sleep } from 'node:timers/promises';
import { MIB } from '../base/index.js';
import { LiveRecording, packEnd, packHeader } from '../recording/index.js';
import { RUN_SCHEMA, type RunHeader, type RunResult } from '../run/index.js';
import type { LabThread } from './lab-thread.js';
import type { LabStatus } from './live-lab.js';

/** The limit of compressed frames, about a thousand frames of a server with 100,000 slabs. */
const MAX_BYTES = 64 * MIB;

/** Records a lab that follows live traffic, with a frame at each interval. */
export class LabRecording {
  readonly live = new LiveRecording(MAX_BYTES);
  readonly #lab: LabThread;
  readonly #onNote: (note: string) => void;
  readonly #startedMs = Date.now();
  readonly #ending = new AbortController();
  readonly #all: Promise<void>;

  constructor(lab: LabThread, everyMs: number, onNote: (note: string) => void) {
    this.#lab = lab;
    this.#onNote = onNote;
    this.#all = this.#frames(everyMs);
  }

  /** Takes a last frame, and ends the recording. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#all;
  }

  async #frames(everyMs: number): Promise<void> {
    const { signal } = this.#ending;
    try {
      const { about, info } = await this.#lab.about();
      this.live.begin(await packHeader(about, info));
      for (let sweep = 1; !signal.aborted; sweep++) {
        this.live.add(await this.#lab.frame(`sweep-${sweep}`));
        // The interval starts after the frame, so that a slow lab is not overloaded.
        await sleep(everyMs, undefined, { signal }).catch(() => {});
      }
      this.live.add(await this.#lab.frame('end'));
      const status = await this.#lab.status();
      if (status === null) throw new Error('the lab does not answer');
      this.live.finish(await packEnd(this.#result(about, status)));
    } catch (cause) {
      this.live.abandon();
      this.#onNote(`the map is no longer fed: ${(cause as Error).message}`);
    }
  }

  #result(about: RunHeader, { commands, operations, snapshot }: LabStatus): RunResult {
    const wallMs = Date.now() - this.#startedMs;
    const { phase: _, ...totals } = snapshot;
    return {
      schema: RUN_SCHEMA,
      ...about,
      phases: [{ name: 'end', commands, operations, ...totals }],
      timing: {
        startedAt: new Date(this.#startedMs).toISOString(),
        wallMs,
        operationsPerSecond: operations / (wallMs / 1000),
      },
    };
  }
}
