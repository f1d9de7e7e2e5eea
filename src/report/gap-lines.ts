import { plural } from '../base/index.js';
import type { Gap, Gaps } from '../model/index.js';

/** Returns sentences on the commands that could not be carried out; none if there are none. */
export function gapLines(gaps: Gaps | undefined): string[] {
  if (gaps === undefined || gaps.count === 0) return [];
  const { count, first } = gaps;
  const more = count - first.length;
  return [
    `${plural(count, 'command')} could not be carried out; the figures lack what ${count === 1 ? 'it' : 'they'} would have done:`,
    ...first.map(gapLine),
    ...(more > 0 ? [`and ${plural(more, 'more command')}`] : []),
  ];
}

/** Returns the same sentences for several runs by name. Those of runs with the same commands are returned once. */
export function gapLinesOf(runs: readonly (readonly [name: string, gaps: Gaps | undefined])[]): string[] {
  const named = new Map<string, string[]>();
  for (const [name, gaps] of runs) {
    const lines = gapLines(gaps).join('\n');
    if (lines !== '') named.set(lines, [...(named.get(lines) ?? []), name]);
  }
  return [...named].flatMap(([lines, names]) => {
    const [first = '', ...rest] = lines.split('\n');
    return names.length === runs.length ? [first, ...rest] : [`${namesIn(names)}: ${first}`, ...rest];
  });
}

/** The number of names in a sentence. */
const NAMED = 5;

function namesIn(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function gapLine({ place, command, name, problem, isPartial }: Gap): string {
  const where = place === undefined ? `command ${command}` : `${place} (command ${command})`;
  const effect = isPartial ? '; it was carried out in part, and its keys were taken out' : '';
  return `${where}: ${name}: ${problem}${effect}`;
}
