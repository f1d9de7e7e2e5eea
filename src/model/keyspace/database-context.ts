import type { Heap } from '../heap/index.js';
import type { Settings } from '../settings/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { NewTimedRows } from './field-expiries.js';
import type { ResizePolicy } from './hash-table.js';
import type { Keyspace } from './keyspace.js';

/** The parts of the server that a database uses. */
export interface DatabaseContext {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly resize: ResizePolicy;
  readonly isCluster: boolean;
  readonly nowMs: number;
  /** Whether a bucket array of so many bytes would keep used_memory within maxmemory. */
  readonly mayExpand: (bytes: number) => boolean;
  readonly newTimedRows: NewTimedRows;
}
