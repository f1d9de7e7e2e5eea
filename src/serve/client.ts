/** A connection of a client, of any form of the lab. */
export interface Client {
  /** Pauses the client while the lab is too far behind, and resumes it. */
  hold(isBusy: boolean): void;
  close(): void;
}

/** The listener that a client belongs to. */
export interface ClientHost {
  closed(client: Client): void;
}
