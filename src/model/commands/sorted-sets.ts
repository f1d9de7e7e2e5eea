import { EXTREMES, multiplePop, NOT_A_FLOAT, SYNTAX_ERROR } from '../../commands/index.js';
import { ContainerKind, sdsBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { SortedSetValue, scoreReply } from '../values/index.js';
import {
  addModel,
  modelAt,
  modelOr,
  needleAt,
  orReplyError,
  positiveAt,
  randomCountAt,
  removeElements,
  timeoutAt,
  useFirst,
  waitForKeys,
  wordsOf,
} from './container-call.js';
import { parseRange, type RankRange } from './sorted-set-ranges.js';

/** The sorted set of a row; undefined if there is none, in which case `absent` replies, or an error was said. */
export function sortedSetOf(call: Call, row: number, absent: () => void): SortedSetValue | undefined {
  return modelOr(call, row, SortedSetValue, absent);
}

export function replyScore(call: Call, score: number): void {
  call.reply.bulk(scoreReply(score, call.values.policy.shortestScores).length);
}

interface AddOptions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

interface ParsedAddOptions extends AddOptions {
  /** Argument of the first score. */
  first: number;
}

function addOptions(call: Call): ParsedAddOptions {
  const options: ParsedAddOptions = {
    nx: false,
    xx: false,
    gt: false,
    lt: false,
    ch: false,
    incr: call.spec.name === 'zincrby',
    first: 2,
  };
  for (; options.first < call.argc; options.first++) {
    if (call.is(options.first, 'NX')) options.nx = true;
    else if (call.is(options.first, 'XX')) options.xx = true;
    else if (call.is(options.first, 'GT')) options.gt = true;
    else if (call.is(options.first, 'LT')) options.lt = true;
    else if (call.is(options.first, 'CH')) options.ch = true;
    else if (call.is(options.first, 'INCR')) options.incr = true;
    else break;
  }
  return options;
}

function complaint(call: Call, { nx, xx, gt, lt, incr, first }: ParsedAddOptions): string | undefined {
  const rest = call.argc - first;
  if (rest % 2 === 1 || rest === 0) return SYNTAX_ERROR;
  if (nx && xx) return 'ERR XX and NX options at the same time are not compatible';
  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    return 'ERR GT, LT, and/or NX options at the same time are not compatible';
  }
  return incr && rest > 2 ? 'ERR INCR option supports a single increment-element pair' : undefined;
}

/** ZADD with all its options, and ZINCRBY. */
function zadd(call: Call): void {
  const options = addOptions(call);
  const error = complaint(call, options);
  if (error !== undefined) {
    call.reply.error(error);
    return;
  }
  const { first } = options;
  const scores: number[] = [];
  for (let index = first; index < call.argc; index += 2) {
    const score = call.float(index);
    if (score === undefined) {
      // The array for the scores was there already.
      call.heap.free(scoreArray(call, (call.argc - first) / 2));
      call.reply.error(NOT_A_FLOAT);
      return;
    }
    scores.push(score);
  }
  addScores(call, options, scores, (at) => first + 1 + at * 2);
}

function scoreArray(call: Call, count: number): number {
  return call.heap.malloc(count * 8, ContainerKind.containerTemporary);
}

/** zaddGenericCommand: scores for the members that the arguments `memberAt` name. */
export function addScores(
  call: Call,
  options: AddOptions,
  scores: readonly number[],
  memberAt: (at: number) => number,
): void {
  const array = scoreArray(call, scores.length);
  addAll(call, options, scores, memberAt);
  call.heap.free(array);
}

function addAll(
  call: Call,
  options: AddOptions,
  scores: readonly number[],
  memberAt: (at: number) => number,
): void {
  const { incr, ch } = options;
  const count = scores.length;
  const row = call.lookupWrite(1);
  let set = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
  if (row !== 0 && set === undefined) return;
  if (set === undefined) {
    if (options.xx) {
      if (incr) call.reply.nil();
      else call.reply.integer(0);
      return;
    }
    set = SortedSetValue.create(call.values, count, call.length(memberAt(0)));
    addModel(call, 1, set);
  } else {
    set.prepare(count);
  }
  let added = 0;
  let updated = 0;
  let last: number | undefined;
  for (let at = 0; at < count; at++) {
    const given = scores[at]!;
    const isNew = set.add(needleAt(call, memberAt(at)), (old) => {
      const score = newScore(options, given, old);
      last = score;
      if (old !== undefined && score !== undefined && score !== old) updated++;
      return score;
    });
    if (isNew) added++;
  }
  call.dirty += added + updated;
  if (!incr) call.reply.integer(ch ? added + updated : added);
  else if (last === undefined) call.reply.nil();
  else replyScore(call, last);
}

/** zsetAdd: the score that a member gets; undefined if the options leave it alone. */
function newScore(
  { nx, xx, gt, lt, incr }: AddOptions,
  given: number,
  old: number | undefined,
): number | undefined {
  if (old === undefined) return xx ? undefined : given;
  if (nx) return undefined;
  const score = incr ? old + given : given;
  if (Number.isNaN(score) || (gt && score <= old) || (lt && score >= old)) return undefined;
  return score;
}

/** ZREMRANGEBYRANK, -BYSCORE, -BYLEX */
function zremrange(by: 'rank' | 'score' | 'lex'): (call: Call) => void {
  return (call) => {
    const range = parseRange(call, by, 2, 3);
    if (range === undefined) return;
    const row = call.lookupWrite(1);
    const set = sortedSetOf(call, row, () => call.reply.integer(0));
    if (set === undefined) return;
    const { first, count } = range(set);
    if (by === 'rank') set.removeRanks(first, count);
    else set.removeRange(first, count);
    if (set.size === 0) call.deleteKey(row);
    call.reply.integer(count);
    call.dirty += count;
  };
}

/** ZPOPMIN, ZPOPMAX, of the first key that is there. */
function popFrom(call: Call, row: number, set: SortedSetValue, max: boolean, count: number): void {
  const space = call.values;
  const many = Math.min(count, set.size);
  for (let left = many; left > 0; left--) {
    const [[name, score]] = set.slice(max ? set.size - 1 : 0, 1) as [readonly [number, number]];
    const length = space.contents.length(name);
    const text = call.heap.malloc(sdsBytes(call.heap.sds, length), ContainerKind.containerTemporary);
    set.remove(space.contents.point(name, space.scratch.element));
    call.reply.bulk(length);
    replyScore(call, score);
    call.heap.free(text);
  }
  if (set.size === 0) call.deleteKey(row);
  call.dirty += many;
}

function zpop(max: boolean): (call: Call) => void {
  return (call) => {
    const count = call.argc > 2 ? positiveAt(call, 2) : 1;
    if (count === undefined) return;
    const row = call.lookupWrite(1);
    const set = sortedSetOf(call, row, () => call.reply.array(0));
    if (set === undefined) return;
    call.reply.array(Math.min(count, set.size) * 2);
    popFrom(call, row, set, max, count);
  };
}

/** BZPOPMIN, BZPOPMAX: of the first set that has something, or waits for one. */
function bzpop(max: boolean): (call: Call) => void {
  return (call) => {
    const seconds = timeoutAt(call, call.argc - 1);
    if (seconds === undefined) return;
    const keys = [1, call.argc - 2] as const;
    const isDone = useFirst(call, keys, SortedSetValue, (set, row, index) => {
      call.reply.array(3);
      call.reply.bulk(call.length(index));
      popFrom(call, row, set, max, 1);
    });
    if (!isDone) waitForKeys(call, keys, SortedSetValue, seconds, () => call.reply.nilArray());
  };
}

/** ZMPOP numkeys key … MIN|MAX [COUNT n]; BZMPOP has a timeout in front. */
function zmpop(call: Call): void {
  const at = call.spec.name === 'bzmpop' ? 2 : 1;
  const seconds = at === 2 ? timeoutAt(call, 1) : 0;
  const many =
    seconds === undefined ? undefined : orReplyError(call, multiplePop(wordsOf(call), at, EXTREMES));
  if (seconds === undefined || many === undefined) return;
  const { count, where } = many;
  const keys = [at + 1, at + many.keys] as const;
  const isDone = useFirst(call, keys, SortedSetValue, (set, row, index) => {
    call.reply.array(2);
    call.reply.bulk(call.length(index));
    const said = Math.min(count, set.size);
    call.reply.array(said);
    // Each pair is an array of its own.
    for (let left = said; left > 0; left--) call.reply.array(2);
    popFrom(call, row, set, where === 'max', count);
  });
  if (isDone) return;
  const nothing = () => call.reply.nilArray();
  if (at === 2) waitForKeys(call, keys, SortedSetValue, seconds, nothing);
  else nothing();
}

function zscore(call: Call): void {
  const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.nil());
  if (set === undefined) return;
  const score = set.score(needleAt(call, 2));
  if (score === undefined) call.reply.nil();
  else replyScore(call, score);
}

function zmscore(call: Call): void {
  const row = call.lookupRead(1);
  const set = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
  if (row !== 0 && set === undefined) return;
  call.reply.array(call.argc - 2);
  for (let index = 2; index < call.argc; index++) {
    const score = set?.score(needleAt(call, index));
    if (score === undefined) call.reply.nil();
    else replyScore(call, score);
  }
}

function zcard(call: Call): void {
  const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.integer(0));
  if (set !== undefined) call.reply.integer(set.size);
}

/** ZRANK, ZREVRANK: the member is looked up by its score. */
function zrank(call: Call): void {
  const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.nil());
  if (set === undefined) return;
  const { contents } = call.values;
  const member = needleAt(call, 2);
  const score = set.score(member);
  if (score === undefined) {
    call.reply.nil();
    return;
  }
  const rank = set.rankWhere(
    (name, other) => other < score || (other === score && contents.compareWith(name, member) < 0),
  );
  call.reply.integer(call.spec.name === 'zrank' ? rank : set.size - 1 - rank);
}

function zcount(by: 'score' | 'lex'): (call: Call) => void {
  return (call) => {
    const range = parseRange(call, by, 2, 3);
    if (range === undefined) return;
    const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.integer(0));
    if (set !== undefined) call.reply.integer(range(set).count);
  };
}

interface RangeOptions {
  readonly by: 'rank' | 'score' | 'lex';
  readonly reverse: boolean;
  readonly withScores: boolean;
  readonly offset: number;
  /** Negative: all. */
  readonly limit: number;
}

/** Options of ZRANGE and ZRANGESTORE from argument `from` on; `given` are those that the command's name says. */
function rangeOptions(call: Call, from: number, given: Partial<RangeOptions>): RangeOptions {
  let options: RangeOptions = {
    by: 'rank',
    reverse: false,
    withScores: false,
    offset: 0,
    limit: -1,
    ...given,
  };
  for (let index = from; index < call.argc; index++) {
    if (call.is(index, 'BYSCORE')) options = { ...options, by: 'score' };
    else if (call.is(index, 'BYLEX')) options = { ...options, by: 'lex' };
    else if (call.is(index, 'REV')) options = { ...options, reverse: true };
    else if (call.is(index, 'WITHSCORES')) options = { ...options, withScores: true };
    else if (call.is(index, 'LIMIT')) {
      options = { ...options, offset: call.integer(index + 1) ?? 0, limit: call.integer(index + 2) ?? -1 };
      index += 2;
    }
  }
  return options;
}

/** What a range command gives, lowest rank first. */
function rangeOf(call: Call, from: number, options: RangeOptions): RankRange | undefined {
  const { by, reverse, offset, limit } = options;
  const swaps = reverse && by !== 'rank';
  const range = parseRange(call, by, swaps ? from + 1 : from, swaps ? from : from + 1, reverse);
  if (range === undefined) return undefined;
  return (set) => {
    const { first, count } = range(set);
    if (by === 'rank') return { first, count };
    const many = Math.min(Math.max(0, count - offset), limit < 0 ? Infinity : limit);
    return { first: reverse ? first + count - offset - many : first + offset, count: many };
  };
}

function zrange(given: Partial<RangeOptions>): (call: Call) => void {
  return (call) => {
    const options = rangeOptions(call, 4, given);
    const range = rangeOf(call, 2, options);
    if (range === undefined) return;
    const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.array(0));
    if (set === undefined) return;
    const { contents } = call.values;
    const { first, count } = range(set);
    call.reply.array(options.withScores ? count * 2 : count);
    for (const [name, score] of set.slice(first, count)) {
      call.reply.bulk(contents.length(name));
      if (options.withScores) replyScore(call, score);
    }
  };
}

function zrangestore(call: Call): void {
  const space = call.values;
  const options = rangeOptions(call, 5, {});
  const range = rangeOf(call, 3, options);
  if (range === undefined) return;
  const row = call.lookupRead(2);
  const source = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
  if (row !== 0 && source === undefined) return;
  const { first, count } = source === undefined ? { first: 0, count: 0 } : range(source);
  call.aimAt(1);
  const result = SortedSetValue.create(space, options.by === 'rank' ? count : 0, 0);
  const object = call.newObject();
  const members = source?.slice(first, count) ?? [];
  for (const [name, score] of options.reverse ? members.reverse() : members) {
    const text = space.newString(space.contents.length(name), ContainerKind.containerTemporary);
    // The set keeps its own copy: a needle points into what adding may move.
    const kept = space.contents.copy(name);
    result.add(space.contents.point(kept, space.scratch.element), () => score);
    space.contents.release(kept);
    call.heap.free(text);
  }
  storeSortedSet(call, result, object);
}

/** setKey of a result that has members; else the target key goes. */
export function storeSortedSet(call: Call, result: SortedSetValue, object: number): void {
  if (result.size > 0) {
    call.setKey(1, object, result);
    call.reply.integer(result.size);
    call.dirty++;
    return;
  }
  call.reply.integer(0);
  const row = call.lookupWrite(1);
  if (row !== 0) {
    call.deleteKey(row);
    call.dirty++;
  }
  result.free(call.heap);
  call.heap.free(object);
}

/** setKey of a result under the key that argument `index` names, which else goes, and is not looked up for that. */
export function storeAt(
  call: Call,
  index: number,
  result: { readonly set: SortedSetValue; readonly object: number } | undefined,
): void {
  if (result !== undefined) {
    call.setKey(index, result.object, result.set);
    call.dirty += result.set.size;
  } else {
    const row = call.peek(index);
    if (row !== 0) {
      call.deleteKey(row);
      call.dirty++;
    }
  }
  call.reply.integer(result?.set.size ?? 0);
}

/** ZRANDMEMBER changes nothing; which members it says is up to chance, so its reply is sized by the first ones. */
function zrandmember(call: Call): void {
  const count = call.argc > 2 ? randomCountAt(call, 2) : 1;
  if (count === undefined) return;
  const set = sortedSetOf(call, call.lookupRead(1), () =>
    call.argc > 2 ? call.reply.array(0) : call.reply.nil(),
  );
  if (set === undefined) return;
  const withScores = call.argc > 3;
  const many = Math.min(Math.abs(count), set.size);
  if (call.argc > 2) call.reply.array(withScores ? many * 2 : many);
  for (const [name, score] of set.slice(0, many)) {
    call.reply.bulk(call.values.contents.length(name));
    if (withScores) replyScore(call, score);
  }
}

export const SORTED_SET_COMMANDS: Handlers = {
  zadd,
  zincrby: zadd,
  zrem: removeElements(SortedSetValue, (set, member) => set.remove(member)),
  zremrangebyrank: zremrange('rank'),
  zremrangebyscore: zremrange('score'),
  zremrangebylex: zremrange('lex'),
  zpopmin: zpop(false),
  zpopmax: zpop(true),
  bzpopmin: bzpop(false),
  bzpopmax: bzpop(true),
  zmpop,
  bzmpop: zmpop,
  zscore,
  zmscore,
  zcard,
  zrank,
  zrevrank: zrank,
  zcount: zcount('score'),
  zlexcount: zcount('lex'),
  zrange: zrange({}),
  zrevrange: zrange({ reverse: true }),
  zrangebyscore: zrange({ by: 'score' }),
  zrevrangebyscore: zrange({ by: 'score', reverse: true }),
  zrangebylex: zrange({ by: 'lex' }),
  zrevrangebylex: zrange({ by: 'lex', reverse: true }),
  zrangestore,
  zrandmember,
};
