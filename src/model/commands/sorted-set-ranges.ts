import { parseFloat64 } from '../../base/index.js';
import type { Call } from '../server/index.js';
import { LookupKey, type SortedSetValue } from '../values/index.js';
import { clampedRange, integerAt, pointAt } from './container-call.js';

interface Ranks {
  readonly first: number;
  readonly count: number;
}

/** The ranks of a set that a range of ranks, scores or members comes to. */
export type RankRange = (set: SortedSetValue) => Ranks;

const NOTHING: Ranks = { first: 0, count: 0 };

/** Reads the two ends of a range; says the error and gives undefined if one makes no sense. */
export function parseRange(
  call: Call,
  by: 'rank' | 'score' | 'lex',
  min: number,
  max: number,
  reverse = false,
): RankRange | undefined {
  if (by === 'rank') return rankRange(call, min, max, reverse);
  return by === 'score' ? scoreRange(call, min, max) : lexRange(call, min, max);
}

function rankRange(call: Call, min: number, max: number, reverse: boolean): RankRange | undefined {
  const start = integerAt(call, min);
  const end = start === undefined ? undefined : integerAt(call, max);
  if (start === undefined || end === undefined) return undefined;
  return ({ size }) => {
    const range = clampedRange(start, end, size);
    if (range === undefined) return NOTHING;
    return reverse ? { first: size - range.first - range.count, count: range.count } : range;
  };
}

function scoreRange(call: Call, min: number, max: number): RankRange | undefined {
  const low = scoreEnd(call.text(min));
  const high = scoreEnd(call.text(max));
  if (low === undefined || high === undefined) {
    call.reply.error('ERR min or max is not a float');
    return undefined;
  }
  return (set) => {
    const first = set.rankWhere((_, score) => (low.open ? score <= low.score : score < low.score));
    const after = set.rankWhere((_, score) => (high.open ? score < high.score : score <= high.score));
    return { first, count: Math.max(0, after - first) };
  };
}

function scoreEnd(text: string): { readonly score: number; readonly open: boolean } | undefined {
  const open = text.startsWith('(');
  const score = parseFloat64(open ? text.slice(1) : text);
  return score === undefined ? undefined : { score, open };
}

function lexRange(call: Call, min: number, max: number): RankRange | undefined {
  const isBeforeStart = lexEnd(call, min, '[');
  const isBeforeEnd = lexEnd(call, max, '(');
  if (isBeforeStart === undefined || isBeforeEnd === undefined) {
    call.reply.error('ERR min or max not valid string range item');
    return undefined;
  }
  return (set) => {
    const first = set.rankWhere(isBeforeStart);
    return { first, count: Math.max(0, set.rankWhere(isBeforeEnd) - first) };
  };
}

/** Does a member come before this end? `strict` is the sign with which the member that equals it does not. */
function lexEnd(call: Call, index: number, strict: '[' | '('): ((name: number) => boolean) | undefined {
  const text = call.text(index);
  if (text === '-') return () => false;
  if (text === '+') return () => true;
  if (!text.startsWith('[') && !text.startsWith('(')) return undefined;
  const { contents } = call.values;
  const whole = pointAt(new LookupKey(), call, index);
  const end = new LookupKey().set(whole.bytes, whole.start + 1, whole.length - 1);
  const isStrict = text.startsWith(strict);
  return (name) => {
    const order = contents.compareWith(name, end);
    return isStrict ? order < 0 : order <= 0;
  };
}
