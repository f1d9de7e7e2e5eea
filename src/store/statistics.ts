/** The counts of the calls of a command. Rejected calls were not carried out. */
interface CommandStatistics {
  calls: number;
  microseconds: number;
  rejected: number;
  failed: number;
}

/** The number of different error codes that are counted. */
const MAX_CODES = 128;

/** Counts calls of commands and errors, for INFO. */
export class Statistics {
  readonly byCommand = new Map<string, CommandStatistics>();
  readonly errors = new Map<string, number>();
  #errorReplies = 0;
  /** The keys that were read and found. */
  hits = 0;
  bytesIn = 0;
  bytesOut = 0;

  get errorReplies(): number {
    return this.#errorReplies;
  }

  called(name: string, microseconds: number, isFailed: boolean): void {
    const counts = this.#of(name);
    counts.calls++;
    counts.microseconds += microseconds;
    if (isFailed) counts.failed++;
  }

  rejected(name: string): void {
    this.#of(name).rejected++;
  }

  /** Counts an error reply by its first word. */
  error(message: string): void {
    this.#errorReplies++;
    const [code = ''] = message.split(' ', 1);
    const count = this.errors.get(code);
    if (count !== undefined || this.errors.size < MAX_CODES) this.errors.set(code, (count ?? 0) + 1);
  }

  reset(): void {
    this.byCommand.clear();
    this.errors.clear();
    this.#errorReplies = 0;
    this.hits = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
  }

  #of(name: string): CommandStatistics {
    let counts = this.byCommand.get(name);
    if (counts === undefined) {
      counts = { calls: 0, microseconds: 0, rejected: 0, failed: 0 };
      this.byCommand.set(name, counts);
    }
    return counts;
  }
}
