/** What is shown: one recording, or two side by side. They grow while a run goes on: each frame makes a new value. */
import type { BuildInfo } from '../src/engine/engine.js';
import type { Snapshot } from '../src/engine/snapshot.js';
import type { RunResult } from '../src/sweep/run-result.js';
import { Store } from './store.js';

/** What is known of a run before it begins: the experiment. */
export type RunHeader = Omit<RunResult, 'schema' | 'phases' | 'known' | 'findings' | 'error' | 'timing'>;

/** One sweep. */
export interface Frame {
  readonly phase: string;
  readonly snapshot: Snapshot;
  readonly owners: null;
}

export interface Recording {
  readonly about: RunHeader;
  readonly info: BuildInfo;
  readonly frames: readonly Frame[];
  readonly result: RunResult | null;
}

export interface Shown {
  /** As a heading: the workload, or the file's name. */
  readonly title: string;
  readonly recording: Recording;
  /** More frames are to come. */
  readonly isGrowing: boolean;
}

/** At most two, the first on the left. */
export type Recordings = Store<readonly Shown[]>;

export function createRecordings(): Recordings {
  return new Store<readonly Shown[]>([]);
}
