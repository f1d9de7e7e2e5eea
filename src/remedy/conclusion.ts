import { formatBytes, formatShare } from '../base/index.js';
import type { Advice, TriedPair, TriedRemedy } from './advice.js';
import { losesKeys } from './remedy.js';

/** Returns one sentence for an operator: the best that keeps the keys, and what the deletion of keys gives back. */
export function conclusionOf({
  before,
  remedies,
  tolerance,
  pairs,
}: Pick<Advice, 'before' | 'remedies' | 'tolerance' | 'pairs'>): string {
  const keeping = remedies.find(({ helps, kind }) => helps && !losesKeys(kind));
  const deleting = deletion(remedies);
  if (keeping !== undefined) {
    const back = `${formatBytes(keeping.backBytes)} of ${formatBytes(before.resident)} come back`;
    const more = withAnother(keeping, remedies, pairs, tolerance * before.resident);
    return `${imperative(keeping)}: ${back}${more}, and every key stays${deleting === '' ? '' : `; ${deleting}`}.`;
  }
  const nothing =
    'Leave the server and its settings as they are: nothing that keeps the keys gives back more than ' +
    `${formatShare(tolerance)} of resident memory`;
  return `${nothing}${deleting === '' ? '' : `, but ${deleting}`}.`;
}

/** Describes what a second remedy that keeps the keys adds to the best one; empty if none does. */
function withAnother(
  best: TriedRemedy,
  remedies: readonly TriedRemedy[],
  pairs: readonly TriedPair[],
  toleranceBytes: number,
): string {
  const pair = pairs.find(
    ({ first, second, backBytes }) =>
      first === best.name &&
      backBytes > best.backBytes + toleranceBytes &&
      remedies.some(({ name, kind }) => name === second && !losesKeys(kind)),
  );
  return pair === undefined ? '' : `, ${formatBytes(pair.backBytes)} with ${pair.second} as well`;
}

/** Describes the deletion that gives back most; empty if none helps. */
function deletion(remedies: readonly TriedRemedy[]): string {
  const deletions = remedies.filter(({ helps, kind }) => helps && kind === 'delete');
  if (deletions.length === 0) return '';
  const most = deletions.reduce((best, other) => (other.backBytes > best.backBytes ? other : best));
  const alone = remedies.find(({ name }) => name === most.beyond);
  const back = formatBytes(most.backBytes);
  if (alone === undefined) return `\`${most.name}\` would give back ${back}`;
  return alone.backBytes <= 0
    ? `\`${alone.name}\` would give back nothing by itself, and ${back} with a restart after it`
    : `\`${alone.name}\` would give back ${formatBytes(alone.backBytes)}, and ${back} with a restart after it`;
}

export function imperative({ kind, name, steps }: TriedRemedy): string {
  switch (kind) {
    case 'purge':
      return 'Send MEMORY PURGE';
    case 'defrag':
      return 'Turn on active defragmentation';
    case 'restart':
      return 'Restart the server from its own RDB file';
    case 'conf':
      return `Restart with ${name.replace(/^conf /, '')}`;
    case 'encoding':
      return `Set ${settingsIn(steps)} and restart`;
    case 'version':
      return `Upgrade to ${name.replace(/^server /, '')}`;
    case 'arena':
      return `Give the regions of ${name.replace(/^arena /, '')} an arena of their own`;
    case 'expire':
    case 'delete':
      return `Delete the keys (${name})`;
  }
}

function settingsIn(steps: readonly string[]): string {
  return steps
    .filter((step) => step.startsWith('set '))
    .map((step) => step.slice('set '.length))
    .join(' and ');
}
