/** The start and reason of traffic that the lab did not see. */
export interface Gap {
  /** The Unix time. */
  readonly atMs: number;
  readonly why: string;
}

const MOST_KEPT = 50;

/** Keeps the first reasons why the lab's state may differ from the server's. */
export class Gaps {
  readonly kept: Gap[] = [];
  /** The number of all events, with those that were not kept. */
  count = 0;
  readonly #onGap: (gap: Gap) => void;

  constructor(onGap: (gap: Gap) => void) {
    this.#onGap = onGap;
  }

  add(why: string): void {
    const gap = { atMs: Date.now(), why };
    this.count++;
    if (this.kept.length < MOST_KEPT) {
      this.kept.push(gap);
      this.#onGap(gap);
    }
  }
}
