import type { Protocol } from '../resp/index.js';
import type { SubscriptionKind } from './publishing.js';
import type { StoreCommand } from './store-command.js';
import type { Waiting } from './waiters.js';

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

/** Receives what a client gets without a command of its own. */
export interface SessionEvents {
  /** Passes the reply at the end of a wait, and the command that was carried out for it, if one was. */
  released(reply: Uint8Array, carriedOut: readonly string[] | undefined): void;
  /** Passes a message of a channel. */
  pushed(message: Uint8Array): void;
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
  /** Whether its commands count as uses of keys (CLIENT NO-TOUCH). */
  usesKeys = true;
  /** Commands that wait for EXEC, or undefined outside of MULTI. */
  queued: Queued[] | undefined;
  /** Whether a command was refused inside of MULTI. */
  isBroken = false;
  /** Whether a watched key was changed. */
  isStale = false;
  watches: Watch[] = [];
  readonly subscriptions: Readonly<Record<SubscriptionKind, Set<string>>> = {
    channels: new Set(),
    patterns: new Set(),
    shardChannels: new Set(),
  };
  /** The command that waits; undefined if none does. */
  waiting: Waiting | undefined;
  lastCommand = '';
  commandsDone = 0;
  bytesIn = 0;
  bytesOut = 0;
  lastMs: number;

  constructor(
    readonly id: number,
    /** Address in the form of CLIENT LIST, as is `localAddress`. */
    readonly address: string,
    readonly localAddress: string,
    readonly connectedMs: number,
    readonly events: SessionEvents,
  ) {
    this.lastMs = connectedMs;
  }

  get isSubscribed(): boolean {
    const { channels, patterns, shardChannels } = this.subscriptions;
    return channels.size + patterns.size + shardChannels.size > 0;
  }
}
