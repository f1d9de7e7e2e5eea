import type { ResizePolicy } from '../keyspace/index.js';

/**
 * Bytes of data that a child process saves in a millisecond: some 100 MB a second. The child lives until the next tick,
 * in which the server checks it. This is a stated estimate, since a model cannot know the speed of a disk.
 */
const SAVED_BYTES_PER_MS = 100_000;

/** Models BGSAVE and BGREWRITEAOF, one child at a time. While it lives, hash tables avoid resizing. */
export class ChildProcess {
  readonly #resize: ResizePolicy;
  #endsMs = 0;
  /** Whether a BGREWRITEAOF waits for the end of a BGSAVE. */
  #isScheduled = false;

  constructor(resize: ResizePolicy) {
    this.#resize = resize;
  }

  get lives(): boolean {
    return this.#resize.hasChild;
  }

  /** Whether a child lives or waits to be started. */
  get isExpected(): boolean {
    return this.lives || this.#isScheduled;
  }

  /** Starts a child (fork). Returns false if there is one already. */
  start(nowMs: number, usedBytes: number): boolean {
    if (this.lives) return false;
    this.#resize.hasChild = true;
    this.#endsMs = nowMs + usedBytes / SAVED_BYTES_PER_MS;
    return true;
  }

  schedule(): void {
    this.#isScheduled = true;
  }

  /** Checks the child in each tick, after the tables (checkChildrenDone). A scheduled child starts one tick later. */
  tick(nowMs: number, usedBytes: number): void {
    if (this.lives) {
      if (nowMs >= this.#endsMs) this.#resize.hasChild = false;
    } else if (this.#isScheduled) {
      this.#isScheduled = false;
      this.start(nowMs, usedBytes);
    }
  }
}
