import type { Queue } from '../base/index.js';
import type { Command } from '../commands/index.js';
import type { RunSource } from '../run/index.js';
import type { DataSet } from './data-set.js';

/** The commands before one survey of both sides. */
export interface TrafficPhase {
  readonly name: string;
  readonly commands: AsyncIterable<Command> | Iterable<Command>;
  /** Returns the time of the stream that the survey must wait for, if any. It is known after the last command. */
  waitUntilMs?(): number | undefined;
}

/** Traffic for both sides: commands for a real server, and the lab's run of the same commands. */
export interface TrafficSource {
  /** The run of the lab. If it has a phase `idle`, that is the first, with a client connected and no command sent. */
  readonly run: RunSource;
  /** The data set that the server loads at its start, and a run of an empty server with the only phase `idle`. */
  readonly loaded?: { readonly data: DataSet; readonly idleRun: RunSource };
  /**
   * The times of the ids that the server gave to entries of streams, in milliseconds since 1970. The lab's entries have
   * the same, since these times decide the nodes of indexes.
   */
  readonly entryTimes?: Queue<number>;
  /** Returns the phases for the server in order. Each must be consumed before the next is requested. */
  phases(): Iterable<TrafficPhase>;
  /** Returns the counts of unmodelled commands, which are complete after the lab's run. */
  unknown(): ReadonlyMap<string, number>;
}

export const IDLE_PHASE = 'idle';
