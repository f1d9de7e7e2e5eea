import type { Recording } from '../src/recording/index.js';
import { Store } from './store.js';

export type { Frame, Recording } from '../src/recording/index.js';

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
