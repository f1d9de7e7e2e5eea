import { parseFloat64 } from '../../base/index.js';
import { echoed } from '../error-texts.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { elementsIn, type IndexRange, type Places, parseIndexRange } from './index-range.js';

export type RangeKind = 'rank' | 'score' | 'lex';

interface ScoreBound {
  readonly score: number;
  readonly isOpen: boolean;
}

/** '-' and '+' are before and after all members; another bound is the text of a word after its first byte. */
export type LexBound = 'least' | 'greatest' | { readonly index: number; readonly isOpen: boolean };

/** The two ends of a range, lower first. */
export type Bounds =
  | ({ readonly kind: 'rank' } & IndexRange)
  | { readonly kind: 'score'; readonly min: ScoreBound; readonly max: ScoreBound }
  | { readonly kind: 'lex'; readonly min: LexBound; readonly max: LexBound };

/** ZCOUNT, ZLEXCOUNT, ZREMRANGEBYRANK, -BYSCORE, -BYLEX key min max */
export function parseBounds(words: RequestWords, kind: RangeKind, min = 2, max = min + 1): Bounds | string {
  if (kind === 'rank') {
    const range = parseIndexRange(words, min);
    return typeof range === 'string' ? range : { kind, ...range };
  }
  if (kind === 'score') {
    const [low, high] = [scoreBound(words.text(min)), scoreBound(words.text(max))];
    if (low === undefined || high === undefined) return 'ERR min or max is not a float';
    return { kind, min: low, max: high };
  }
  const [low, high] = [lexBound(words, min), lexBound(words, max)];
  if (low === undefined || high === undefined) return 'ERR min or max not valid string range item';
  return { kind, min: low, max: high };
}

function scoreBound(given: string): ScoreBound | undefined {
  const text = echoed(given);
  const isOpen = text.startsWith('(');
  const digits = isOpen ? text.slice(1) : text;
  // strtod reads nothing as 0, and steps over blanks.
  const score = digits === '' ? 0 : parseFloat64(digits.trimStart());
  return score === undefined ? undefined : { score, isOpen };
}

function lexBound(words: RequestWords, index: number): LexBound | undefined {
  const text = words.text(index);
  if (text === '-') return 'least';
  if (text === '+') return 'greatest';
  const isOpen = text.startsWith('(');
  return isOpen || text.startsWith('[') ? { index, isOpen } : undefined;
}

/** Returns the tests of whether a score is before the range, and whether it is not after it. */
export function scoreTests({
  min,
  max,
}: Extract<Bounds, { kind: 'score' }>): readonly [
  before: (score: number) => boolean,
  upTo: (score: number) => boolean,
] {
  return [
    (score) => (min.isOpen ? score <= min.score : score < min.score),
    (score) => (max.isOpen ? score < max.score : score <= max.score),
  ];
}

export interface ZrangeForm {
  /** The kind of the range; undefined if options choose it. */
  readonly kind?: RangeKind;
  readonly reverse?: boolean;
  /** The place of the key that is read. */
  readonly source?: number;
}

/** The forms of the commands by name. */
export const ZRANGE_FORMS: Readonly<Record<string, ZrangeForm>> = {
  zrange: {},
  zrevrange: { kind: 'rank', reverse: true },
  zrangebyscore: { kind: 'score', reverse: false },
  zrevrangebyscore: { kind: 'score', reverse: true },
  zrangebylex: { kind: 'lex', reverse: false },
  zrevrangebylex: { kind: 'lex', reverse: true },
};

export interface ZrangeRequest {
  readonly bounds: Bounds;
  readonly reverse: boolean;
  readonly withScores: boolean;
  readonly offset: number;
  /** The greatest number of elements; negative for all. */
  readonly limit: number;
}

/** Parses ZRANGE, ZRANGESTORE and the older commands, whose names give kind and direction. */
export function parseZrange(words: RequestWords, form: ZrangeForm): ZrangeRequest | string {
  const { source = 1 } = form;
  const reader = new RequestReader(words, source + 3);
  let { kind, reverse } = form;
  let withScores = false;
  let offset = 0;
  let limit = -1;
  while (reader.hasMore) {
    if (source === 1 && reader.takes('WITHSCORES')) withScores = true;
    else if (reader.takes('LIMIT', 2)) {
      offset = reader.integer();
      limit = reader.integer();
    } else if (reverse === undefined && reader.takes('REV')) reverse = true;
    else if (kind === undefined && reader.takes('BYLEX')) kind = 'lex';
    else if (kind === undefined && reader.takes('BYSCORE')) kind = 'score';
    else reader.refuse();
  }
  kind ??= 'rank';
  if (limit !== -1 && kind === 'rank') {
    reader.refuse('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (withScores && kind === 'lex') {
    reader.refuse('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  if (reader.error !== undefined) return reader.error;
  const [min, max] = reverse && kind !== 'rank' ? [source + 2, source + 1] : [source + 1, source + 2];
  const bounds = parseBounds(words, kind, min, max);
  if (typeof bounds === 'string') return bounds;
  return { bounds, reverse: reverse ?? false, withScores, offset, limit };
}

/** Returns the ranks that a range of ranks selects, lowest first. */
export function ranksIn(range: IndexRange, size: number, reverse = false): Places {
  const found = elementsIn(range, size) ?? { first: 0, count: 0 };
  return reverse ? { first: size - found.first - found.count, count: found.count } : found;
}

/** Returns what LIMIT leaves of ranks. A range of ranks has no LIMIT. */
export function limitedRanks(
  { first, count }: Places,
  { bounds, reverse, offset, limit }: ZrangeRequest,
): Places {
  if (bounds.kind === 'rank') return { first, count };
  if (offset < 0) return { first: 0, count: 0 };
  const left = Math.max(0, count - offset);
  const many = limit < 0 ? left : Math.min(left, limit);
  return { first: reverse ? first + count - offset - many : first + offset, count: many };
}
