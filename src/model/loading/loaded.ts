import type { ValueModel } from '../keyspace/value-model.js';

/** A value that was loaded, and its robj. */
export interface Loaded {
  readonly model: ValueModel;
  readonly object: number;
}
