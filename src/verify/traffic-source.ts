import type { Command } from '../commands/index.js';
import type { RunSource } from '../run/index.js';
import type { DataSet } from './data-set.js';

/** Commands up to a point at which both sides are surveyed. */
export interface TrafficPhase {
  readonly name: string;
  readonly commands: AsyncIterable<Command> | Iterable<Command>;
  /** When the commands have been walked: the stream's time that the survey has to wait for, if it has to. */
  waitUntilMs?(): number | undefined;
}

/** The same traffic twice: as commands for a real server, and as the lab's run of them. */
export interface TrafficSource {
  /** Of the lab. A phase `idle`, where it has one, is its first: connected, and no command yet. */
  readonly run: RunSource;
  /** What the server has at its start; with it belongs a run of an empty server, whose one phase is `idle`. */
  readonly loaded?: { readonly data: DataSet; readonly idleRun: RunSource };
  /** For the server, in order; each is walked to its end before the next is asked for. */
  phases(): Iterable<TrafficPhase>;
  /** Commands that the model did not know, with their counts; complete when the lab's run has ended. */
  unknown(): ReadonlyMap<string, number>;
}

export const IDLE_PHASE = 'idle';
