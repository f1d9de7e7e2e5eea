import {
  type Bounds,
  chosenCount,
  EXTREMES,
  NAN_SCORE,
  newScore,
  parseBounds,
  parseMultiplePop,
  parsePop,
  parseRandom,
  parseScores,
  parseTimeout,
  parseZadd,
  parseZrange,
  parseZrank,
  type RandomRequest,
  type RangeKind,
  type ScoreOptions,
  ZRANGE_FORMS,
  type ZrangeForm,
  type ZrangeRequest,
} from '../../commands/index.js';
import { ContainerKind, sdsBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { SortedSetValue, scoreReply } from '../values/index.js';
import {
  addModel,
  modelAt,
  modelOr,
  needleAt,
  removeElements,
  useFirst,
  waitForKeys,
} from './container-call.js';
import { parsed } from './parsed.js';
import { newBoundTexts, placesIn, ranksOf } from './sorted-set-ranges.js';

/** Returns the sorted set of a row. Without a row `absent` replies; another type replies with the error. */
export function sortedSetOf(call: Call, row: number, absent: () => void): SortedSetValue | undefined {
  return modelOr(call, row, SortedSetValue, absent);
}

export function replyScore(call: Call, score: number): void {
  call.reply.bulk(scoreReply(score, call.values.policy.shortestScores).length);
}

/** ZADD and ZINCRBY. */
const zadd = parsed(parseZadd, (call, request) => {
  const { first } = request;
  const scores = parseScores(call, first);
  if (typeof scores === 'string') {
    // The server has already allocated the array for the scores.
    call.heap.free(scoreArray(call, (call.count - first) / 2));
    call.reply.error(scores);
  } else addScores(call, request, scores, first + 1, 2);
});

function scoreArray(call: Call, count: number): number {
  return call.heap.malloc(count * 8, ContainerKind.containerTemporary);
}

/** zaddGenericCommand: adds scores to the members in argument `first` and every `step` arguments after it. */
export function addScores(
  call: Call,
  options: ScoreOptions,
  scores: readonly number[],
  first: number,
  step: number,
): void {
  const array = scoreArray(call, scores.length);
  addAll(call, options, scores, first, step);
  call.heap.free(array);
}

function addAll(
  call: Call,
  options: ScoreOptions,
  scores: readonly number[],
  first: number,
  step: number,
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
    set = SortedSetValue.create(call.values, count, call.length(first));
    addModel(call, 1, set);
  } else {
    set.prepare(count);
  }
  let added = 0;
  let updated = 0;
  let last: number | undefined;
  for (let at = 0; at < count; at++) {
    const given = scores[at]!;
    const isNew = set.add(needleAt(call, first + at * step), (old) => {
      last = newScore(options, given, old);
      const score = Number.isNaN(last) ? undefined : last;
      if (old !== undefined && score !== undefined && score !== old) updated++;
      return score;
    });
    if (isNew) added++;
  }
  call.dirty += added + updated;
  if (!incr) call.reply.integer(ch ? added + updated : added);
  else if (Number.isNaN(last)) call.reply.error(NAN_SCORE);
  else if (last === undefined) call.reply.nil();
  else replyScore(call, last);
}

/** ZREMRANGEBYRANK, -BYSCORE, -BYLEX */
function zremrange(kind: RangeKind): (call: Call) => void {
  return parsed(boundsOf(kind), (call, bounds) => {
    const texts = newBoundTexts(call, bounds);
    const row = call.lookupWrite(1);
    const set = sortedSetOf(call, row, () => call.reply.integer(0));
    if (set !== undefined) removePlaces(call, row, set, bounds);
    for (const text of texts) call.heap.free(text);
  });
}

function removePlaces(call: Call, row: number, set: SortedSetValue, bounds: Bounds): void {
  const { first, count } = placesIn(call, set, bounds);
  if (bounds.kind === 'rank') set.removeRanks(first, count);
  else set.removeRange(first, count);
  if (set.size === 0) call.deleteKey(row);
  call.reply.integer(count);
  call.dirty += count;
}

function boundsOf(kind: RangeKind): (call: Call) => Bounds | string {
  return (call) => parseBounds(call, kind);
}

/** ZPOPMIN, ZPOPMAX: pop up to `count` members from a set, and delete the key with the last one. */
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
  return parsed(parsePop, (call, { count = 1 }) => {
    const row = call.lookupWrite(1);
    const set = sortedSetOf(call, row, () => call.reply.array(0));
    if (set === undefined) return;
    call.reply.array(Math.min(count, set.size) * 2);
    popFrom(call, row, set, max, count);
  });
}

/** BZPOPMIN, BZPOPMAX: pop from the first sorted set that exists, or wait for one. */
function bzpop(max: boolean): (call: Call) => void {
  return parsed(parseTimeout, (call, seconds) => {
    const keys = [1, call.count - 2] as const;
    const isDone = useFirst(call, keys, SortedSetValue, (set, row, index) => {
      call.reply.array(3);
      call.reply.bulk(call.length(index));
      popFrom(call, row, set, max, 1);
      // The propagation is ZPOPMIN or ZPOPMAX with the key.
      call.args.rewrite(2, [index]);
    });
    if (!isDone) waitForKeys(call, keys, SortedSetValue, seconds, () => call.reply.nilArray());
  });
}

const zmpop = parsed(
  (call) => parseMultiplePop(call, EXTREMES),
  (call, { keys, where, count, seconds }) => {
    const isDone = useFirst(call, keys, SortedSetValue, (set, row, index) => {
      call.reply.array(2);
      call.reply.bulk(call.length(index));
      const said = Math.min(count, set.size);
      call.reply.array(said);
      // Each pair is an array of its own.
      for (let left = said; left > 0; left--) call.reply.array(2);
      popFrom(call, row, set, where === 'max', count);
      // The propagation is ZPOPMIN or ZPOPMAX with the key and the count.
      call.args.rewrite(3, [index]);
    });
    if (!isDone) waitForKeys(call, keys, SortedSetValue, seconds, () => call.reply.nilArray());
  },
);

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
  call.reply.array(call.count - 2);
  for (let index = 2; index < call.count; index++) {
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
function zrank(call: Call, withScore: boolean): void {
  const nothing = () => (withScore ? call.reply.nilArray() : call.reply.nil());
  const set = sortedSetOf(call, call.lookupRead(1), nothing);
  if (set === undefined) return;
  const { contents } = call.values;
  const member = needleAt(call, 2);
  const score = set.score(member);
  if (score === undefined) {
    nothing();
    return;
  }
  const rank = set.rankWhere(
    (name, other) => other < score || (other === score && contents.compareWith(name, member) < 0),
  );
  if (withScore) call.reply.array(2);
  call.reply.integer(call.name === 'zrank' ? rank : set.size - 1 - rank);
  if (withScore) replyScore(call, score);
}

function zcount(kind: RangeKind): (call: Call) => void {
  return parsed(boundsOf(kind), (call, bounds) => {
    const texts = newBoundTexts(call, bounds);
    const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.integer(0));
    if (set !== undefined) call.reply.integer(placesIn(call, set, bounds).count);
    for (const text of texts) call.heap.free(text);
  });
}

function zrange(form: ZrangeForm): (call: Call) => void {
  return parsed(
    (call) => parseZrange(call, form),
    (call, request) => {
      const texts = newBoundTexts(call, request.bounds);
      const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.array(0));
      if (set !== undefined) replyPlaces(call, set, request);
      for (const text of texts) call.heap.free(text);
    },
  );
}

function replyPlaces(call: Call, set: SortedSetValue, request: ZrangeRequest): void {
  const { contents } = call.values;
  const { first, count } = ranksOf(call, set, request);
  call.reply.array(request.withScores ? count * 2 : count);
  for (const [name, score] of set.slice(first, count)) {
    call.reply.bulk(contents.length(name));
    if (request.withScores) replyScore(call, score);
  }
}

function zrangestore(call: Call, request: ZrangeRequest): void {
  const texts = newBoundTexts(call, request.bounds);
  storePlaces(call, request);
  for (const text of texts) call.heap.free(text);
}

function storePlaces(call: Call, request: ZrangeRequest): void {
  const space = call.values;
  const row = call.lookupRead(2);
  const source = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
  if (row !== 0 && source === undefined) return;
  const { first, count } = source === undefined ? { first: 0, count: 0 } : ranksOf(call, source, request);
  call.aimAt(1);
  const result = SortedSetValue.create(space, request.bounds.kind === 'rank' ? count : 0, 0);
  const object = call.newObject();
  const members = source?.slice(first, count) ?? [];
  for (const [name, score] of request.reverse ? members.reverse() : members) {
    const text = space.newString(space.contents.length(name), ContainerKind.containerTemporary);
    // The member is copied first, because adding may move the bytes that a needle points to.
    const kept = space.contents.copy(name);
    result.add(space.contents.point(kept, space.scratch.element), () => score);
    space.contents.release(kept);
    call.heap.free(text);
  }
  storeSortedSet(call, result, object);
}

/** Stores a result that has members (setKey); an empty one deletes the target key. */
export function storeSortedSet(call: Call, result: SortedSetValue, object: number): void {
  if (result.size > 0) {
    call.setKey(1, object, result);
    call.reply.integer(result.size);
    call.dirty++;
    return;
  }
  call.reply.integer(0);
  if (call.deleteNamed(1)) call.dirty++;
  result.free(call.heap);
  call.heap.free(object);
}

/** Stores a result under the key of argument `index` (setKey). Without one it deletes the key, without a lookup. */
export function storeAt(
  call: Call,
  index: number,
  result: { readonly set: SortedSetValue; readonly object: number } | undefined,
): void {
  if (result !== undefined) {
    call.setKey(index, result.object, result.set);
    call.dirty += result.set.size;
  } else if (call.deleteNamed(index)) {
    call.dirty++;
  }
  call.reply.integer(result?.set.size ?? 0);
}

/** ZRANDMEMBER changes nothing. Its members are random, so the first ones give the size of the reply. */
function zrandmember(call: Call, { count, withValues }: RandomRequest): void {
  const set = sortedSetOf(call, call.lookupRead(1), () =>
    count === undefined ? call.reply.nil() : call.reply.array(0),
  );
  if (set === undefined) return;
  let left = chosenCount(count, set.size);
  if (count !== undefined) call.reply.array(withValues ? left * 2 : left);
  while (left > 0) {
    for (const [name, score] of set.slice(0, Math.min(left, set.size))) {
      call.reply.bulk(call.values.contents.length(name));
      if (withValues) replyScore(call, score);
    }
    left -= set.size;
  }
}

const RANGES: Handlers = Object.fromEntries(
  Object.entries(ZRANGE_FORMS).map(([name, form]) => [name, zrange(form)]),
);

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
  zrank: parsed(parseZrank, zrank),
  zrevrank: parsed(parseZrank, zrank),
  zcount: zcount('score'),
  zlexcount: zcount('lex'),
  ...RANGES,
  zrangestore: parsed((call) => parseZrange(call, { source: 2 }), zrangestore),
  zrandmember: parsed((call) => parseRandom(call, 'WITHSCORES'), zrandmember),
};
