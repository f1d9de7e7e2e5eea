import type { TriedRemedy } from './advice.js';
import { losesKeys, REMEDY_KINDS } from './remedy.js';

/**
 * Ranks remedies by the memory that they give back. Those that keep the keys precede deletions, and those that make no
 * difference are last. Differences below the tolerance count as none, and the cheaper kind leads.
 */
export function ranked(remedies: readonly TriedRemedy[], toleranceBytes: number): TriedRemedy[] {
  const left = [...remedies].sort((a, b) => groupOf(a) - groupOf(b) || b.backBytes - a.backBytes);
  const result: TriedRemedy[] = [];
  while (left.length > 0) {
    const [best] = left;
    const equal = left.filter(
      (other) => groupOf(other) === groupOf(best!) && best!.backBytes - other.backBytes <= toleranceBytes,
    );
    const cheapest = equal.reduce((first, other) => (costOf(other) < costOf(first) ? other : first));
    result.push(cheapest);
    left.splice(left.indexOf(cheapest), 1);
  }
  return result;
}

function groupOf({ helps, kind }: TriedRemedy): number {
  if (!helps) return 2;
  return losesKeys(kind) ? 1 : 0;
}

function costOf({ kind }: TriedRemedy): number {
  return REMEDY_KINDS.indexOf(kind);
}
