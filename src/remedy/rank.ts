import type { TriedRemedy } from './advice.js';
import { REMEDY_KINDS } from './remedy.js';

/**
 * Ranks remedies: those that help and keep the keys, then deletions that help, then the others, each by what comes back.
 * What differs by less than the tolerance is equal, and the cheaper kind leads.
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
  return kind === 'delete' ? 1 : 0;
}

function costOf({ kind }: TriedRemedy): number {
  return REMEDY_KINDS.indexOf(kind);
}
