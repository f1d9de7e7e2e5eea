/**
 * The kinds of remedy, the cheapest first. All but the first and the last save and load the data set,
 * some with other settings or on another version.
 */
export const REMEDY_KINDS = ['purge', 'restart', 'conf', 'encoding', 'version', 'delete'] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];

/** A remedy to try: its steps, and the remedy that it is compared with. */
export interface Remedy {
  readonly name: string;
  readonly kind: RemedyKind;
  /** The name of the remedy whose memory this one must be below. Undefined: the server as it is. */
  readonly beyond: string | undefined;
  /** A sentence on a cost that no figure has; empty if there is none. */
  readonly caution: string;
}

/** Steps that are replayed in one go, and the remedies whose figures stand after some of them. */
export interface Trial {
  readonly steps: readonly string[];
  /** Remedies by the number of steps, from 1, after which their figures are read. */
  readonly remedies: ReadonlyMap<number, Remedy>;
}
