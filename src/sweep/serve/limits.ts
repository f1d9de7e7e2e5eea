/** What clients may take of the process that serves them. */
export interface Limits {
  readonly maxClients: number;
  /** Of one command that is not complete yet. */
  readonly maxQueryBytes: number;
  /** Of all clients' commands that are not complete yet. */
  readonly maxQueriesBytes: number;
}

/** Before a client has given the password. */
export const STRANGER_QUERY_BYTES = 16 * 1024;

/** Bytes of all clients that wait for the rest of a command. */
export class WaitingBytes {
  total = 0;
}
