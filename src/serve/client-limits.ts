import { KIB, MIB } from '../base/index.js';
/** Limits of the memory and connections that clients take. */
export interface Limits {
  readonly maxClients: number;
  /** The limit of one incomplete command. */
  readonly maxQueryBytes: number;
  /** The limit of the incomplete commands of all clients. */
  readonly maxQueriesBytes: number;
  /** The limit of the unread replies of all clients. */
  readonly maxRepliesBytes: number;
}

/** The limit of a command before its client has given the password. */
export const MAX_UNAUTHENTICATED_BYTES = 16 * KIB;

/** The limit of the unread replies of one client, which must read them before its next commands are executed. */
export const MAX_UNREAD_BYTES = 64 * MIB;
/** The unread messages of channels at which a subscriber is disconnected, as by a server's `client-output-buffer-limit`. */
export const MAX_UNREAD_MESSAGES = 32 * MIB;
/** The unread replies that every client may have, even if those of all clients exceed their limit. */
export const MIN_UNREAD_BYTES = 64 * KIB;

/** A number of bytes, summed over all clients. */
export class TotalBytes {
  bytes = 0;
}

/** The part of one client in a total. */
export class ClientBytes {
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
