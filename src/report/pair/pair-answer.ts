/** Says of two runs which one pins less, and whether as much is in use in both. */
import { formatBytes } from '../../base/index.js';
import type { Answer } from '../resident-answer.js';
import { comesBack, type PairSide } from './pair-rows.js';

/** The share of the larger resident set below which an amount counts as equal. */
const EQUAL = 0.01;

export function pairAnswer(a: PairSide, b: PairSide): Pick<Answer, 'sentence' | 'reason'> {
  const least = EQUAL * Math.max(a.parts.resident, b.parts.resident);
  const pinned = a.parts.pinned - b.parts.pinned;
  const back = comesBack(b) - comesBack(a);
  const resident = a.parts.resident - b.parts.resident;
  return { sentence: sentenceOf({ pinned, back, resident }, least), reason: reasonOf(a, b, least) };
}

interface Differences {
  readonly pinned: number;
  /** Bytes of B that can return, less those of A. */
  readonly back: number;
  readonly resident: number;
}

function sentenceOf({ pinned, back, resident }: Differences, least: number): Answer['sentence'] {
  if (Math.abs(pinned) >= least) {
    const isB = pinned > 0;
    const more = isB ? back : -back;
    return [
      { text: `${isB ? 'B' : 'A'} pins `, tone: 'plain' },
      { text: formatBytes(Math.abs(pinned)), tone: 'pinned' },
      { text: ` less than ${isB ? 'A' : 'B'}.`, tone: 'plain' },
      ...(more < least
        ? []
        : ([
            { text: ' ', tone: 'plain' },
            { text: `${formatBytes(more)} more`, tone: 'back' },
            { text: ' comes back.', tone: 'plain' },
          ] as const)),
    ];
  }
  if (Math.abs(resident) >= least) {
    const [less, more] = resident > 0 ? ['B', 'A'] : ['A', 'B'];
    return [
      { text: `${less} has `, tone: 'plain' },
      { text: formatBytes(Math.abs(resident)), tone: 'strong' },
      { text: ` less resident than ${more}, and as much is pinned.`, tone: 'plain' },
    ];
  }
  return [{ text: 'A and B hold and pin the same, within 1%.', tone: 'plain' }];
}

function reasonOf(a: PairSide, b: PairSide, least: number): string {
  const [ofA, ofB] = [a.parts.use, b.parts.use];
  const use =
    Math.abs(ofA - ofB) < least
      ? `${formatBytes(ofA)} are in use in both.`
      : `${formatBytes(ofA)} are in use in A, ${formatBytes(ofB)} in B: the data differs.`;
  return `${use} Resident: ${formatBytes(a.parts.resident)} in A, ${formatBytes(b.parts.resident)} in B.`;
}
