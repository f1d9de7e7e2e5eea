import { InputError } from '../base/index.js';

/** The names of slablab's keys on a server. All have one hash tag, so that a script may touch several. */
export class QueueKeys {
  /** The prefix of the queue engine's own keys. */
  readonly engine: string;

  constructor(prefix: string) {
    checkPrefix(prefix);
    this.engine = `{${prefix}}`;
  }
  /** The set of the identifiers of all sweeps. */
  get sweeps(): string {
    return `${this.engine}:sweeps`;
  }

  /** The set of the names of workers. */
  get workers(): string {
    return `${this.engine}:workers`;
  }

  /** The state that a worker reports of itself, which expires. */
  worker(name: string): string {
    return `${this.engine}:w:${name}`;
  }

  /** The hash that describes a sweep. */
  sweep(id: string): string {
    return `${this.engine}:s:${id}`;
  }

  /** The hash of the digest and the worker of each finished cell. */
  marks(id: string): string {
    return `${this.sweep(id)}:d`;
  }

  /** The hash of the results that the producer has not taken yet. */
  results(id: string): string {
    return `${this.sweep(id)}:r`;
  }

  /** The hash of the recordings that the producer has not taken yet. */
  recordings(id: string): string {
    return `${this.sweep(id)}:m`;
  }

  /** The stream of the numbers of finished cells. */
  order(id: string): string {
    return `${this.sweep(id)}:o`;
  }

  /** The number of pieces of an input, and below it the pieces. */
  input(sha256: string): string {
    return `${this.engine}:i:${sha256}`;
  }

  piece(sha256: string, number: number): string {
    return `${this.input(sha256)}:${number}`;
  }
}

/** Refuses a prefix that would not be one hash tag. */
export function checkPrefix(prefix: string): void {
  if (!/^[\w.-]{1,64}$/.test(prefix)) {
    throw new InputError(
      `--queue-prefix ${prefix}: may have letters, digits, dots, dashes and underscores, for example my-project`,
    );
  }
}
