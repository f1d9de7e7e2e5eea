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

function gapLine({ place, command, name, problem, isPartial }: Gap): string {
  const where = place === undefined ? `command ${command}` : `${place} (command ${command})`;
  const effect = isPartial ? '; it was carried out in part, and its keys were taken out' : '';
  return `${where}: ${name}: ${problem}${effect}`;
}
