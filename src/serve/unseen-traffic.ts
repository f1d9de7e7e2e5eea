/** The start and reason of traffic that the lab did not see. */
export interface UnseenPeriod {
  /** The Unix time. */
  readonly atMs: number;
  readonly why: string;
}

const MAX_PERIODS = 50;

/** Keeps the first reasons why the lab's state may differ from the server's. */
export class UnseenTraffic {
  readonly periods: UnseenPeriod[] = [];
  /** The number of all events, with those that were not kept. */
  count = 0;
  /** The kinds that were added already. */
  readonly #kinds = new Set<string>();
  readonly #onPeriod: (period: UnseenPeriod) => void;

  constructor(onPeriod: (period: UnseenPeriod) => void) {
    this.#onPeriod = onPeriod;
  }

  /** Adds the first event of a kind, since the later ones say nothing new. */
  addOnce(kind: string, why: string): void {
    if (this.#kinds.has(kind) || this.#kinds.size >= MAX_PERIODS) return;
    this.#kinds.add(kind);
    this.add(why);
  }

  add(why: string): void {
    const period = { atMs: Date.now(), why };
    this.count++;
    if (this.periods.length < MAX_PERIODS) {
      this.periods.push(period);
      this.#onPeriod(period);
    }
  }

  /** The lines for INFO's Memory section. */
  get infoLines(): string {
    const [first] = this.periods;
    const since = first === undefined ? '' : `mem_lab_incomplete_since_unix_ms:${first.atMs}\r\n`;
    return `mem_lab_incomplete:${this.count > 0 ? 1 : 0}\r\nmem_lab_gaps:${this.count}\r\n${since}`;
  }
}
