import { parseFloat64 } from '../../base/index.js';
import { clampedRange } from '../../model/index.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { type Member, SortedContent } from '../values.js';
import { replyRange } from './sorted-sets.js';

type By = 'rank' | 'score' | 'lex';

interface Ranks {
  readonly first: number;
  readonly count: number;
}

const NOTHING: Ranks = { first: 0, count: 0 };

/** The ranks that a range of ranks, scores or members comes to. */
type RankRange = (set: SortedContent) => Ranks;

interface Bounds {
  readonly by: By;
  /** Arguments of the lower and of the upper end. */
  readonly min: number;
  readonly max: number;
  readonly isReversed?: boolean;
}

function parseRange(ask: CommandContext, { by, min, max, isReversed = false }: Bounds): RankRange {
  if (by === 'rank') {
    const start = ask.integer(isReversed ? max : min);
    const end = ask.integer(isReversed ? min : max);
    return ({ size }) => {
      const range = clampedRange(start, end, size);
      if (range === undefined) return NOTHING;
      return isReversed ? { first: size - range.first - range.count, count: range.count } : range;
    };
  }
  const [low, high] = by === 'score' ? scoreEnds(ask, min, max) : lexEnds(ask, min, max);
  return ({ order }) => {
    const first = order.countWhile(low);
    return { first, count: Math.max(0, order.countWhile(high) - first) };
  };
}

/** Does a member come before an end? */
type IsBefore = (member: Member) => boolean;

function scoreEnds(ask: CommandContext, min: number, max: number): [IsBefore, IsBefore] {
  const [low, high] = [scoreEnd(ask.text(min)), scoreEnd(ask.text(max))];
  if (low === undefined || high === undefined) ask.refuse('ERR min or max is not a float');
  return [
    ({ score }) => (low?.isOpen === true ? score <= low.score : score < (low?.score ?? 0)),
    ({ score }) => (high?.isOpen === true ? score < high.score : score <= (high?.score ?? 0)),
  ];
}

function scoreEnd(text: string): { readonly score: number; readonly isOpen: boolean } | undefined {
  const isOpen = text.startsWith('(');
  const score = parseFloat64(isOpen ? text.slice(1) : text);
  return score === undefined ? undefined : { score, isOpen };
}

function lexEnds(ask: CommandContext, min: number, max: number): [IsBefore, IsBefore] {
  const [low, high] = [lexEnd(ask.text(min), '['), lexEnd(ask.text(max), '(')];
  if (low === undefined || high === undefined) ask.refuse('ERR min or max not valid string range item');
  return [low as IsBefore, high as IsBefore];
}

/** `strict`: the sign with which the member that equals the end does not come before it. */
function lexEnd(text: string, strict: '[' | '('): IsBefore | undefined {
  if (text === '-') return () => false;
  if (text === '+') return () => true;
  if (!text.startsWith('[') && !text.startsWith('(')) return undefined;
  const end = text.slice(1);
  return text.startsWith(strict) ? ({ name }) => name < end : ({ name }) => name <= end;
}

interface RangeOptions {
  by: By;
  isReversed: boolean;
  withScores: boolean;
  offset: number;
  /** Negative: all. */
  limit: number;
}

interface RangeForm {
  readonly by?: By | undefined;
  readonly isReversed?: boolean | undefined;
  /** Argument of the key to read. */
  readonly source?: number;
}

/** ZRANGE and its older forms, and ZRANGESTORE. */
function range({ by, isReversed, source = 1 }: RangeForm) {
  return (ask: CommandContext): void => {
    const options = rangeOptions(ask, source + 3, { by, isReversed, source });
    const swaps = options.isReversed;
    const [min, max] = swaps ? [source + 2, source + 1] : [source + 1, source + 2];
    const ranks = parseRange(ask, { by: options.by, min, max, isReversed: swaps });
    const set = ask.get(source, SortedContent);
    const found = set === undefined ? [] : selected(set, ranks(set), options);
    if (source === 1) {
      replyRange(ask, found, options.withScores);
      return;
    }
    const stored = new SortedContent(ask.limits);
    for (const { name, score } of found) stored.set(name, score);
    ask.storeAt(1, stored);
    ask.reply.integer(stored.size);
  };
}

function selected(set: SortedContent, { first, count }: Ranks, options: RangeOptions): Member[] {
  const { isReversed, offset, limit } = options;
  const left = Math.max(0, count - offset);
  if (offset < 0) return [];
  const many = limit < 0 ? left : Math.min(left, limit);
  const from = isReversed ? first + count - offset - many : first + offset;
  const found = set.order.slice(from, many);
  return isReversed ? found.reverse() : found;
}

const LIMIT_ALONE = 'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX';

function rangeOptions(
  ask: CommandContext,
  from: number,
  { by, isReversed, source }: RangeForm,
): RangeOptions {
  const found: RangeOptions = {
    by: by ?? 'rank',
    isReversed: isReversed ?? false,
    withScores: false,
    offset: 0,
    limit: -1,
  };
  const isFree = by === undefined;
  let hasLimit = false;
  for (let index = from; index < ask.count; index++) {
    if (source === 1 && ask.is(index, 'WITHSCORES')) found.withScores = true;
    else if (ask.is(index, 'LIMIT') && ask.has(index + 2)) {
      found.offset = ask.integer(index + 1);
      found.limit = ask.integer(index + 2);
      hasLimit = true;
      index += 2;
    } else if (isFree && ask.is(index, 'REV')) found.isReversed = true;
    else if (isFree && found.by !== 'lex' && ask.is(index, 'BYSCORE')) found.by = 'score';
    else if (isFree && found.by !== 'score' && ask.is(index, 'BYLEX')) found.by = 'lex';
    else throw syntaxError();
  }
  if (hasLimit && found.limit !== -1 && found.by === 'rank') ask.refuse(LIMIT_ALONE);
  // All of a range of ranks, wherever it is said to begin.
  if (found.by === 'rank') found.offset = 0;
  if (found.withScores && found.by === 'lex') {
    ask.refuse('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return found;
}

function zcount(by: By) {
  return (ask: CommandContext): void => {
    const ranks = parseRange(ask, { by, min: 2, max: 3 });
    const set = ask.get(1, SortedContent);
    ask.reply.integer(set === undefined ? 0 : ranks(set).count);
  };
}

function zremrange(by: By) {
  return (ask: CommandContext): void => {
    const ranks = parseRange(ask, { by, min: 2, max: 3 });
    const set = ask.get(1, SortedContent);
    if (set === undefined) {
      ask.reply.integer(0);
      return;
    }
    const { first, count } = ranks(set);
    set.removeRanks(first, count);
    if (count > 0) ask.changed(1, set);
    ask.reply.integer(count);
  };
}

export const SORTED_SET_RANGE_ANSWERS: StoreHandlers = {
  zrange: range({}),
  zrevrange: range({ by: 'rank', isReversed: true }),
  zrangebyscore: range({ by: 'score', isReversed: false }),
  zrevrangebyscore: range({ by: 'score', isReversed: true }),
  zrangebylex: range({ by: 'lex', isReversed: false }),
  zrevrangebylex: range({ by: 'lex', isReversed: true }),
  zrangestore: range({ source: 2 }),
  zcount: zcount('score'),
  zlexcount: zcount('lex'),
  zremrangebyrank: zremrange('rank'),
  zremrangebyscore: zremrange('score'),
  zremrangebylex: zremrange('lex'),
};
