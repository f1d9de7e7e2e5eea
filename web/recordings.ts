/** The recordings that the page shows: one, or two side by side. Each frame of a growing run makes a new value. */
import type { Recording } from '../src/recording/index.js';
import { Store } from './store.js';

export type { Frame, Recording } from '../src/recording/index.js';

export interface Shown {
  /** Heading: the workload, or the file's name. */
  readonly title: string;
  readonly recording: Recording;
  /** Whether more frames will follow. */
  readonly isGrowing: boolean;
}

/** At most two recordings, the first on the left. */
export type Recordings = Store<readonly Shown[]>;

export function createRecordings(): Recordings {
  return new Store<readonly Shown[]>([]);
}
