import {
  EXTREMES,
  type MultiplePop,
  NAN_SCORE,
  newScore,
  parseMultiplePop,
  parsePop,
  parseRandom,
  parseScores,
  parseTimeout,
  parseZadd,
  parseZrank,
  type RandomRequest,
  type ScoreOptions,
} from '../../commands/index.js';
import { chosenNames } from '../chosen-names.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { type Member, SortedContent } from '../values.js';
import { multiplePopOf, waitForOne } from './lists.js';
import { inMilliseconds, nilArray, waitOr } from './waiting.js';

/** Carries out ZADD with all its options, and ZINCRBY. */
const zadd = parsed(parseZadd, (ask, request) => {
  const scores = ask.allowed(parseScores(ask, request.first));
  const members = scores.map((score, at) => ({ score, name: ask.text(request.first + 1 + at * 2) }));
  addScores(ask, request, members);
});

/** Adds members or changes their scores (t_zset.c: zaddGenericCommand). */
export function addScores(ask: CommandContext, options: ScoreOptions, members: readonly Member[]): void {
  const { incr, ch, xx } = options;
  let set = ask.get(1, SortedContent);
  if (set === undefined) {
    if (xx) {
      if (incr) ask.reply.nil();
      else ask.reply.integer(0);
      return;
    }
    set = SortedContent.for(ask.limits, members[0]!.name, members.length);
    ask.add(1, set);
  } else {
    set.prepare(members.length);
  }
  let added = 0;
  let updated = 0;
  let last: number | undefined;
  try {
    for (const { name, score: given } of members) {
      const old = set.scores.get(name);
      const score = newScore(options, given, old);
      if (Number.isNaN(score)) ask.refuse(NAN_SCORE);
      last = score;
      if (score === undefined) continue;
      if (set.set(name, score)) added++;
      else if (score !== old) updated++;
    }
  } finally {
    if (added + updated > 0) ask.touch(1, incr ? 'zincr' : 'zadd');
  }
  if (!incr) ask.reply.integer(ch ? added + updated : added);
  else if (last === undefined) ask.reply.nil();
  else ask.reply.score(last, ask.shortest);
}

function zrem(ask: CommandContext): void {
  const set = ask.get(1, SortedContent);
  let removed = 0;
  for (let index = 2; index < ask.count; index++) if (set?.delete(ask.text(index)) === true) removed++;
  if (set !== undefined && removed > 0) ask.changed(1, set, 'zrem');
  ask.reply.integer(removed);
}

function popSome(set: SortedContent, max: boolean, count: number): Member[] {
  const many = Math.min(count, set.size);
  const popped = set.removeRanks(max ? set.size - many : 0, many);
  return max ? popped.reverse() : popped;
}

function zpop(max: boolean) {
  return parsed(parsePop, (ask, { count }) => {
    const set = ask.get(1, SortedContent);
    const popped = set === undefined ? [] : popSome(set, max, count ?? 1);
    if (set !== undefined && popped.length > 0) ask.changed(1, set, max ? 'zpopmax' : 'zpopmin');
    const isNested = ask.reply.protocol === 3 && count !== undefined;
    ask.reply.array(isNested ? popped.length : popped.length * 2);
    replyMembers(ask, popped, isNested);
  });
}

/** Writes names and scores, each pair as an array of its own or one after the other. */
function replyMembers(ask: CommandContext, members: readonly Member[], isNested: boolean): void {
  for (const { name, score } of members) {
    if (isNested) ask.reply.array(2);
    ask.reply.bulk(name);
    ask.reply.score(score, ask.shortest);
  }
}

/** Writes the reply of a range or a combination: names, with their scores if the client asks for them. */
export function replyRange(ask: CommandContext, members: readonly Member[], withScores: boolean): void {
  const isNested = ask.reply.protocol === 3 && withScores;
  ask.reply.array(withScores && !isNested ? members.length * 2 : members.length);
  if (withScores) replyMembers(ask, members, isNested);
  else for (const { name } of members) ask.reply.bulk(name);
}

function zmpop(ask: CommandContext, { keys, where, count, seconds }: MultiplePop<'min' | 'max'>): void {
  for (let index = keys[0]; index <= keys[1]; index++) {
    const set = ask.get(index, SortedContent);
    if (set === undefined) continue;
    const popped = popSome(set, where === 'max', count);
    ask.changed(index, set, where === 'max' ? 'zpopmax' : 'zpopmin');
    ask.reply.array(2);
    ask.reply.bulk(ask.text(index));
    ask.reply.array(popped.length);
    replyMembers(ask, popped, true);
    return;
  }
  waitOr(ask, inMilliseconds(seconds), nilArray, {
    keys: ask.args.slice(keys[0], keys[1] + 1),
    kind: SortedContent,
    only: (at) => multiplePopOf(ask, keys, at),
  });
}

/** BZPOPMIN, BZPOPMAX key … timeout */
function bzpop(max: boolean) {
  return parsed(parseTimeout, (ask, seconds) => {
    for (let index = 1; index < ask.count - 1; index++) {
      const set = ask.get(index, SortedContent);
      if (set === undefined) continue;
      ask.reply.array(3);
      ask.reply.bulk(ask.text(index));
      replyMembers(ask, popSome(set, max, 1), false);
      ask.changed(index, set, max ? 'zpopmax' : 'zpopmin');
      return;
    }
    waitForOne(ask, seconds, SortedContent);
  });
}

function replyScore(ask: CommandContext, score: number | undefined): void {
  if (score === undefined) ask.reply.nil();
  else ask.reply.score(score, ask.shortest);
}

function zscore(ask: CommandContext): void {
  replyScore(ask, ask.get(1, SortedContent)?.scores.get(ask.text(2)));
}

function zmscore(ask: CommandContext): void {
  const set = ask.get(1, SortedContent);
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) replyScore(ask, set?.scores.get(ask.text(index)));
}

function zcard(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, SortedContent)?.size ?? 0);
}

function zrank(isReversed: boolean) {
  return parsed(parseZrank, (ask, withScore) => {
    const set = ask.get(1, SortedContent);
    const name = ask.text(2);
    const score = set?.scores.get(name);
    if (set === undefined || score === undefined) {
      if (withScore) ask.reply.nilArray();
      else ask.reply.nil();
      return;
    }
    const rank = set.rankOf({ name, score });
    if (withScore) ask.reply.array(2);
    ask.reply.integer(isReversed ? set.size - 1 - rank : rank);
    if (withScore) ask.reply.score(score, ask.shortest);
  });
}

function zrandmember(ask: CommandContext, { count, withValues }: RandomRequest): void {
  const set = ask.get(1, SortedContent);
  if (count === undefined) {
    ask.reply.bulkOrNil(set?.scores.random(ask.random));
    return;
  }
  if (set === undefined) {
    ask.reply.array(0);
    return;
  }
  const names =
    count < 0
      ? Array.from({ length: -count }, () => set.scores.random(ask.random))
      : chosenNames(set.scores, Math.min(count, set.size), ask.random);
  const chosen = names.map((name) => ({ name, score: set.scores.get(name)! }));
  replyRange(ask, count >= set.size ? [...set.order] : chosen, withValues);
}

export const SORTED_SET_ANSWERS: StoreHandlers = {
  zadd,
  zincrby: zadd,
  zrem,
  zpopmin: zpop(false),
  zpopmax: zpop(true),
  zmpop: parsed((ask) => parseMultiplePop(ask, EXTREMES), zmpop),
  bzpopmin: bzpop(false),
  bzpopmax: bzpop(true),
  bzmpop: parsed((ask) => parseMultiplePop(ask, EXTREMES), zmpop),
  zscore,
  zmscore,
  zcard,
  zrank: zrank(false),
  zrevrank: zrank(true),
  zrandmember: parsed((ask) => parseRandom(ask, 'WITHSCORES'), zrandmember),
};
