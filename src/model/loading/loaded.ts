import type { ValueModel } from '../keyspace/index.js';

/** A value that was loaded, and its robj. */
export interface Loaded {
  readonly model: ValueModel;
  readonly object: number;
}
