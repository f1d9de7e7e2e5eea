import type { TriedRemedy } from './advice.js';
import { isOnline, isProject, losesKeys, REMEDY_KINDS } from './remedy.js';

/**
 * Ranks remedies by the memory that they give back. Those that can be carried out today and that keep the keys come first.
 * Then come upgrades and changes of a program, then deletions, and last those that make no difference. Differences below the
 * tolerance count as none, and the cheaper kind leads. A remedy that lets the server run on may also give a tenth less.
 */
export function ranked(remedies: readonly TriedRemedy[], toleranceBytes: number): TriedRemedy[] {
  const left = [...remedies].sort((a, b) => groupOf(a) - groupOf(b) || b.backBytes - a.backBytes);
  const result: TriedRemedy[] = [];
  while (left.length > 0) {
    const [best] = left;
    const equal = left.filter(
      (other) =>
        groupOf(other) === groupOf(best!) &&
        best!.backBytes - other.backBytes <= allowance(best!, other, toleranceBytes),
    );
    const cheapest = equal.reduce((first, other) => (costOf(other) < costOf(first) ? other : first));
    result.push(cheapest);
    left.splice(left.indexOf(cheapest), 1);
  }
  return result;
}

/** A server that runs on is worth so much of the memory that a restart gives back. */
const WORTH_OF_RUNNING = 0.1;

function allowance(best: TriedRemedy, other: TriedRemedy, toleranceBytes: number): number {
  const runsOn = isOnline(other.kind) && !isOnline(best.kind);
  return runsOn ? Math.max(toleranceBytes, best.backBytes * WORTH_OF_RUNNING) : toleranceBytes;
}

function groupOf({ helps, kind }: TriedRemedy): number {
  if (!helps) return 4;
  if (losesKeys(kind)) return kind === 'expire' ? 2 : 3;
  return isProject(kind) ? 1 : 0;
}

function costOf({ kind }: TriedRemedy): number {
  return REMEDY_KINDS.indexOf(kind);
}
