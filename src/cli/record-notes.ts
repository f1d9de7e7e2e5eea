import { formatCount } from '../base/index.js';
import type { WrittenTrace } from '../trace/node.js';

/** Returns what the operations of a recording do not show, in sentences. */
export function countNotes(counts: WrittenTrace['counts']): string[] {
  const notes: readonly (readonly [number, string])[] = [
    [counts.unknownFrees, 'frees of addresses that no recorded call returned: left out'],
    [counts.doubleFrees, 'frees of addresses that were free already: left out'],
    [counts.impliedFrees, 'addresses were returned again without a recorded free: freed there'],
    [counts.failedCalls, 'calls returned no memory: left out'],
    [counts.tooLarge, 'regions above 1.75 GiB: left out'],
    [counts.placed, 'calls named an arena or a tcache of their own: taken as ordinary calls'],
    [counts.wrongSizes, 'sized frees had another size than was requested: taken as plain frees'],
  ];
  return notes.filter(([count]) => count > 0).map(([count, text]) => `${formatCount(count)} ${text}`);
}
