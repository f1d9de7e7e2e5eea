import type { Limits } from './client-limits.js';
import type { Password } from './password.js';
import type { Given } from './server-kind.js';

/** What everything that listens is told. */
export interface ServeOptions extends Limits, Given {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly password: Password | undefined;
  /** jemalloc's configuration. */
  readonly conf: string;
  /** Patterns of keys by which owners are kept (none: inferred), or undefined. */
  readonly owners: readonly string[] | undefined;
  /** Somebody may watch the map: what each single region is, is kept for it. */
  readonly isWatched: boolean;
  /** How far the lab may be behind the traffic before clients have to wait for it. */
  readonly maxBehindBytes: number;
  /** What people should know while it runs. */
  readonly onNote: (note: string) => void;
}
