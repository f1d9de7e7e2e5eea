import type { Protocol } from '../resp/index.js';
import type { StoreCommand } from './store-command.js';

/** A command that waits for EXEC. */
export interface Queued {
  readonly spec: StoreCommand;
  readonly args: readonly string[];
}

/** A key of a database that a session watches. */
export interface Watch {
  readonly database: number;
  readonly name: string;
  /** Whether it had expired when it was watched, so that its removal is no change. */
  wasExpired: boolean;
}

/** Keeps the state of a client. */
export class Session {
  protocol: Protocol = 2;
  database = 0;
  name = '';
  libraryName = '';
  libraryVersion = '';
  isAuthenticated = false;
  /** Mode of CLIENT REPLY: 'skip' is for the next command, and 'skipping' for the one that is being executed. */
  replies: 'on' | 'off' | 'skip' | 'skipping' = 'on';
  isEvictable = true;
  /** Commands that wait for EXEC, or undefined outside of MULTI. */
  queued: Queued[] | undefined;
  /** Whether a command was refused inside of MULTI. */
  isBroken = false;
  /** Whether a watched key was changed. */
  isStale = false;
  watches: Watch[] = [];
  lastCommand = '';
  lastMs: number;

  constructor(
    readonly id: number,
    /** Address in the form of CLIENT LIST, as is `localAddress`. */
    readonly address: string,
    readonly localAddress: string,
    readonly connectedMs: number,
  ) {
    this.lastMs = connectedMs;
  }
}
