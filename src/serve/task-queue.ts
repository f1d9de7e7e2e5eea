import { Queue } from '../base/index.js';

/** Runs tasks in order. A task that waits for the lab delays all later ones. */
export class TaskQueue {
  readonly #waiting = new Queue<() => Promise<void> | undefined>();
  #isTaken = false;

  /** Runs a task, at once if none is running. A task that takes time returns a promise. */
  run(work: () => Promise<void> | undefined): void {
    if (this.#isTaken) this.#waiting.push(work);
    else this.#begin(work);
  }

  #begin(work: () => Promise<void> | undefined): void {
    const pending = work();
    if (pending === undefined) return;
    this.#isTaken = true;
    void pending.finally(() => {
      this.#isTaken = false;
      while (!this.#isTaken) {
        const next = this.#waiting.shift();
        if (next === undefined) return;
        this.#begin(next);
      }
    });
  }
}
