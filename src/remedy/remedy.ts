/**
 * The kinds of remedy, the cheapest first. From `restart` to `version` the data set is saved and loaded, some with other
 * settings or on another version.
 */
export const REMEDY_KINDS = [
  'purge',
  'defrag',
  'restart',
  'conf',
  'encoding',
  'version',
  'arena',
  'expire',
  'delete',
] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];

/** Whether a server runs on while a remedy of this kind is carried out. */
export function isOnline(kind: RemedyKind): boolean {
  return kind === 'purge' || kind === 'defrag';
}

/** Whether a remedy of this kind removes keys: those that expire anyway, or others. */
export function losesKeys(kind: RemedyKind): boolean {
  return kind === 'expire' || kind === 'delete';
}

/** Whether a remedy of this kind is work and risk: an upgrade, or a change of a program. */
export function isProject(kind: RemedyKind): boolean {
  return kind === 'version' || kind === 'arena';
}

/** A project helps from this share of resident memory on. */
const LEAST_OF_PROJECT = 0.1;

/** Returns the share of resident memory that a remedy must give back to help. */
export function leastGain(kind: RemedyKind, tolerance: number): number {
  return isProject(kind) ? Math.max(tolerance, LEAST_OF_PROJECT) : tolerance;
}

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
  /** The pattern of the keys that have an arena of their own, which is all that such a trial changes. */
  readonly arena?: string;
}
