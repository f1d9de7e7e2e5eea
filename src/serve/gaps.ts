/** From where on, and why, the lab's picture of a server may not be the whole. */
export interface Gap {
  /** Unix time. */
  readonly atMs: number;
  readonly why: string;
}

const MOST_KEPT = 50;

export class Gaps {
  readonly kept: Gap[] = [];
  /** Of all kinds, the ones that were not kept included. */
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
