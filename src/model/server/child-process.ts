import type { ResizePolicy } from '../keyspace/index.js';

/**
 * How long a child process lives that saves the data: some 100 MB a second, and until the tick after, because only then
 * does a server ask after it. A stated estimate: how fast a disk takes it is nothing that a model can know.
 */
const SAVED_BYTES_PER_MS = 100_000;

/** BGSAVE and BGREWRITEAOF: one child at a time, and while it lives hash tables change their size as little as they can. */
export class ChildProcess {
  readonly #resize: ResizePolicy;
  #endsMs = 0;
  /** BGREWRITEAOF that waits for the end of a BGSAVE. */
  #isScheduled = false;

  constructor(resize: ResizePolicy) {
    this.#resize = resize;
  }

  get lives(): boolean {
    return this.#resize.hasChild;
  }

  /** fork: false if there is a child already. */
  start(nowMs: number, usedBytes: number): boolean {
    if (this.lives) return false;
    this.#resize.hasChild = true;
    this.#endsMs = nowMs + usedBytes / SAVED_BYTES_PER_MS;
    return true;
  }

  schedule(): void {
    this.#isScheduled = true;
  }

  /** checkChildrenDone, in each tick after tables were looked at; what waited for it starts with the next. */
  tick(nowMs: number, usedBytes: number): void {
    if (this.lives) {
      if (nowMs >= this.#endsMs) this.#resize.hasChild = false;
    } else if (this.#isScheduled) {
      this.#isScheduled = false;
      this.start(nowMs, usedBytes);
    }
  }
}
