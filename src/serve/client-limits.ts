import { KIB, MIB } from '../base/index.js';

/** What clients may take of the process that serves them. */
export interface Limits {
  readonly maxClients: number;
  /** Of one command that is not complete yet. */
  readonly maxQueryBytes: number;
  /** Of all clients' commands that are not complete yet. */
  readonly maxQueriesBytes: number;
  /** Of replies that all clients together have not read. */
  readonly maxRepliesBytes: number;
}

/** Before a client has given the password. */
export const STRANGER_QUERY_BYTES = 16 * KIB;

/** Replies that a client has not read, beyond which it has to read before it gets more, whatever the others do. */
export const MOST_UNREAD_BYTES = 64 * MIB;
/** ... and below which it never has to, whatever the others do. */
export const LEAST_UNREAD_BYTES = 64 * KIB;

/** Of all clients. */
export class TotalBytes {
  bytes = 0;
}

/** One client's part of them. */
export class OwnBytes {
  readonly total: TotalBytes;
  #bytes = 0;

  constructor(total: TotalBytes) {
    this.total = total;
  }

  get bytes(): number {
    return this.#bytes;
  }

  set bytes(bytes: number) {
    this.total.bytes += bytes - this.#bytes;
    this.#bytes = bytes;
  }
}
