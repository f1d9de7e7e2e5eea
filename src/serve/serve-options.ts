import type { Limits } from './client-limits.js';
import type { Password } from './password.js';
import type { ModelOverrides } from './server-inspection.js';

/** The options of a lab that listens for clients. */
export interface ServeOptions extends Limits, ModelOverrides {
  readonly host: string;
  /** The port, or 0 for a free one. */
  readonly port: number;
  readonly password: Password | undefined;
  /** The allocator configuration. */
  readonly conf: string;
  /** The key patterns for attribution: inferred if empty. Undefined if regions are not attributed. */
  readonly owners: readonly string[] | undefined;
  /** Whether a map is shown, for which the state of every region is recorded. */
  readonly isWatched: boolean;
  /** The backlog of the lab at which clients are throttled. */
  readonly maxBacklogBytes: number;
  /** Receives messages for the user. */
  readonly onNote: (note: string) => void;
}
