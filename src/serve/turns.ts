/** Work in the order in which it came: what has to wait for the lab keeps all that comes behind it waiting. */
export class Turns {
  readonly #waiting: (() => Promise<void> | undefined)[] = [];
  #isTaken = false;

  /** At once, if it can be; work that takes time says so by a promise. */
  take(work: () => Promise<void> | undefined): void {
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
