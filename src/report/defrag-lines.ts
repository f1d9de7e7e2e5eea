import { formatBytes, formatCount, plural } from '../base/index.js';
import type { DefragTotals } from '../engine/index.js';
import type { PhaseResult } from '../run/index.js';

/** Returns what active defragmentation has done at the end of a run, in sentences; none if it was never on. */
export function defragLines(phases: readonly PhaseResult[]): string[] {
  const last = phases.at(-1)?.defrag;
  if (last === undefined) return [];
  return [
    done(last),
    [outcome(last), why(last), cost(last)].filter((sentence) => sentence !== '').join(' '),
  ].filter((sentence) => sentence !== '');
}

function done(defrag: DefragTotals): string {
  const { hits, misses, movedBytes, passes, firstPercent, fragmentationPercent } = defrag;
  if (firstPercent === 0) {
    return (
      `Active defragmentation was on and began no pass: fragmentation is ${percent(fragmentationPercent)} ` +
      `(${formatBytes(defrag.fragmentationBytes)}), below its thresholds.`
    );
  }
  return (
    `Active defragmentation moved ${plural(hits, 'region')} (${formatBytes(movedBytes)}) of ` +
    `${formatCount(hits + misses)} tried in ${formatCount(passes)} ${passes === 1 ? 'pass' : 'passes'}: ` +
    `fragmentation went from ${percent(firstPercent)} to ${percent(fragmentationPercent)}.`
  );
}

function outcome({ effort, firstPercent, isBelowThresholds, lastPass }: DefragTotals): string {
  if (firstPercent === 0) return '';
  if (effort > 0) return `A pass is under way, at ${effort}% of a core.`;
  if (isBelowThresholds) return 'It rests, since that is below its thresholds.';
  if (lastPass.hits > 0)
    return `It has not come to rest: the last pass still moved ${plural(lastPass.hits, 'region')}.`;
  return 'It goes on without effect: fragmentation stays above its thresholds, and the last pass moved nothing.';
}

/** Says why the regions that the last pass tried stayed where they are. */
function why({ firstPercent, lastPass }: DefragTotals): string {
  if (firstPercent === 0) return '';
  const reasons = (
    [
      [lastPass.full, 'in full slabs'],
      [lastPass.dense, 'in slabs that are fuller than the average'],
      [lastPass.current, 'in the slabs that new regions come from'],
      [lastPass.alone, 'in the only slab of their class that is not full'],
      [lastPass.large, 'in large extents'],
    ] as const
  ).filter(([count]) => count > 0);
  if (reasons.length === 0) return '';
  return `What stayed is ${reasons.map(([count, where]) => `${where} (${formatCount(count)})`).join(', ')}.`;
}

function cost({ coreMs, serverMs }: DefragTotals): string {
  if (serverMs === 0) return '';
  const share = (coreMs / serverMs) * 100;
  return (
    `That costs about ${seconds(coreMs)} of a core, which a server spends in ${seconds(serverMs)} ` +
    `(${share.toFixed(0)}%), at the cost of a try measured on real servers.`
  );
}

function percent(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)}%`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
