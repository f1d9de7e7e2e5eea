import type { TriedPair, TriedRemedy } from './advice.js';
import { losesKeys, type Remedy, type RemedyKind, type Trial } from './remedy.js';

/** Remedies of these kinds save and load the data set, so that one restart serves two of them. */
const BY_RESTART: ReadonlySet<string> = new Set(['conf', 'encoding', 'version']);

/** A pair to try, and how. */
export interface PlannedPair {
  readonly first: TriedRemedy;
  readonly second: TriedRemedy;
  readonly trial: Trial;
}

/** Returns the pairs of the best remedies that help and can be made at once. A restart alone is in all of its like. */
export function pairsFor(ranking: readonly TriedRemedy[], most: number): PlannedPair[] {
  const able = ranking.filter(
    ({ helps, kind, beyond }) => helps && (BY_RESTART.has(kind) || isPlainDeletion(kind, beyond)),
  );
  const pairs: PlannedPair[] = [];
  for (const [index, first] of able.entries()) {
    for (const second of able.slice(index + 1)) {
      if (pairs.length < most && first.kind !== second.kind)
        pairs.push({ first, second, trial: together(first, second) });
    }
  }
  return pairs;
}

function isPlainDeletion(kind: RemedyKind, beyond: string | null): boolean {
  return losesKeys(kind) && beyond === null;
}

/** Joins the steps of two remedies, with one restart at the end of all. */
function together(first: TriedRemedy, second: TriedRemedy): Trial {
  const all = [...first.steps, ...second.steps].filter((step) => step !== 'purge');
  const changes = all.filter((step) => step !== 'restart');
  const isStarted = changes.some((step) => /^(server|conf|build) /.test(step));
  const hasRestart = all.includes('restart');
  const end = isStarted ? [] : hasRestart ? ['restart'] : ['purge'];
  const ordered = [
    ...changes.filter((step) => !/^(server|conf|build) /.test(step)),
    ...changes.filter((step) => /^(server|conf|build) /.test(step)),
  ];
  const steps = [...ordered, ...end];
  const remedy: Remedy = {
    name: `${first.name}, ${second.name}`,
    kind: second.kind,
    beyond: undefined,
    caution: '',
  };
  return { steps, remedies: new Map([[steps.length, remedy]]) };
}

/** Compares what a pair gives back with what its parts do. */
export function relationOf(
  backBytes: number,
  first: TriedRemedy,
  second: TriedRemedy,
  toleranceBytes: number,
): TriedPair['relation'] {
  const sum = first.backBytes + second.backBytes;
  const larger = Math.max(first.backBytes, second.backBytes);
  if (Math.abs(backBytes - sum) <= toleranceBytes) return 'add up';
  if (backBytes > sum) return 'help each other';
  return backBytes <= larger + toleranceBytes ? 'exclude each other' : 'overlap';
}
