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
  return `${nothing}${deleting === '' ? '' : `; ${deleting}`}.`;
}

/** Describes what a second remedy that keeps the keys adds to the best one; empty if none does. */
function withAnother(
  best: TriedRemedy,
  remedies: readonly TriedRemedy[],
  pairs: readonly TriedPair[],
  toleranceBytes: number,
): string {
  const keeping = remedies.filter(({ kind }) => !losesKeys(kind)).map(({ name }) => name);
  const pair = pairs.find(
    ({ first, second, backBytes }) =>
      [first, second].includes(best.name) &&
      backBytes > best.backBytes + toleranceBytes &&
      keeping.includes(first) &&
      keeping.includes(second),
  );
  if (pair === undefined) return '';
  const other = pair.first === best.name ? pair.second : pair.first;
  return `, ${formatBytes(pair.backBytes)} with ${other} as well`;
}

/** Describes the deletion that gives back most, first of keys that expire anyway; empty if none helps. */
function deletion(remedies: readonly TriedRemedy[]): string {
  const first = remedies.find(({ helps, kind }) => helps && losesKeys(kind));
  if (first === undefined) return '';
  const alike = remedies.filter(({ helps, kind }) => helps && kind === first.kind);
  const most = alike.reduce((best, other) => (other.backBytes > best.backBytes ? other : best));
  const which = first.kind === 'expire' ? 'keys that expire anyway can go sooner' : 'if those keys can go';
  const by = remedies.find(({ name }) => name === most.beyond) ?? most;
  const back = by.backBytes <= 0 ? 'nothing by itself' : formatBytes(by.backBytes);
  const restarted = by === most ? '' : `, and ${formatBytes(most.backBytes)} with a restart after it`;
  return `${which}${first.kind === 'expire' ? ':' : ','} \`${by.name}\` gives back ${back}${restarted}`;
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
