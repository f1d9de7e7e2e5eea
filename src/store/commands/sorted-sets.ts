import { EXTREMES, multiplePop } from '../../commands/index.js';
import { chosenNames } from '../chosen-names.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { type Member, SortedContent } from '../values.js';
import { randomCount } from './sets.js';

export interface AddOptions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

const NO_OPTIONS: AddOptions = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
const OPTION_WORDS = { NX: 'nx', XX: 'xx', GT: 'gt', LT: 'lt', CH: 'ch', INCR: 'incr' } as const;

/** ZADD with all its options, and ZINCRBY. */
function zadd(ask: CommandContext): void {
  const options = { ...NO_OPTIONS };
  let first = 2;
  for (; first < ask.count; first++) {
    const option = OPTION_WORDS[ask.text(first).toUpperCase() as keyof typeof OPTION_WORDS];
    if (option === undefined) break;
    options[option] = true;
  }
  const rest = ask.count - first;
  if (rest % 2 === 1 || rest === 0) throw syntaxError();
  checkOptions(ask, options, rest / 2);
  addScores(ask, options, scoresFrom(ask, first));
}

function zincrby(ask: CommandContext): void {
  addScores(ask, { ...NO_OPTIONS, incr: true }, scoresFrom(ask, 2));
}

function checkOptions(ask: CommandContext, { nx, xx, gt, lt, incr }: AddOptions, pairs: number): void {
  if (nx && xx) ask.refuse('ERR XX and NX options at the same time are not compatible');
  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    ask.refuse('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (incr && pairs > 1) ask.refuse('ERR INCR option supports a single increment-element pair');
}

function scoresFrom(ask: CommandContext, first: number): Member[] {
  const members: Member[] = [];
  for (let index = first; index < ask.count; index += 2) {
    members.push({ name: ask.text(index + 1), score: ask.float(index) });
  }
  return members;
}

/** zaddGenericCommand */
export function addScores(
  ask: CommandContext,
  options: Partial<AddOptions>,
  members: readonly Member[],
): void {
  const { incr = false, ch = false, xx = false } = options;
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
      const score = newScore(ask, options, given, old);
      last = score;
      if (score === undefined) continue;
      if (set.set(name, score)) added++;
      else if (score !== old) updated++;
    }
  } finally {
    if (added + updated > 0) ask.touch(1);
  }
  if (!incr) ask.reply.integer(ch ? added + updated : added);
  else if (last === undefined) ask.reply.nil();
  else ask.reply.double(last, ask.shortest);
}

/** The score that a member gets; undefined if the options leave it alone. */
function newScore(
  ask: CommandContext,
  { nx = false, xx = false, gt = false, lt = false, incr = false }: Partial<AddOptions>,
  given: number,
  old: number | undefined,
): number | undefined {
  if (old === undefined) return xx ? undefined : given;
  if (nx) return undefined;
  const score = incr ? old + given : given;
  if (Number.isNaN(score)) ask.refuse('ERR resulting score is not a number (NaN)');
  return (gt && score <= old) || (lt && score >= old) ? undefined : score;
}

function zrem(ask: CommandContext): void {
  const set = ask.get(1, SortedContent);
  let removed = 0;
  for (let index = 2; index < ask.count; index++) if (set?.delete(ask.text(index)) === true) removed++;
  if (set !== undefined && removed > 0) ask.changed(1, set);
  ask.reply.integer(removed);
}

function popSome(set: SortedContent, max: boolean, count: number): Member[] {
  const many = Math.min(count, set.size);
  const popped = set.removeRanks(max ? set.size - many : 0, many);
  return max ? popped.reverse() : popped;
}

function zpop(max: boolean) {
  return (ask: CommandContext): void => {
    if (ask.count > 3) throw syntaxError();
    const count = ask.has(2) ? ask.positive(2) : undefined;
    const set = ask.get(1, SortedContent);
    const popped = set === undefined ? [] : popSome(set, max, count ?? 1);
    if (set !== undefined && popped.length > 0) ask.changed(1, set);
    const isNested = ask.reply.protocol === 3 && count !== undefined;
    ask.reply.array(isNested ? popped.length : popped.length * 2);
    replyMembers(ask, popped, isNested);
  };
}

/** Names and scores, each pair as an array of its own or one after the other. */
function replyMembers(ask: CommandContext, members: readonly Member[], isNested: boolean): void {
  for (const { name, score } of members) {
    if (isNested) ask.reply.array(2);
    ask.reply.bulk(name);
    ask.reply.double(score, ask.shortest);
  }
}

/** What a range or a combination says: names, with their scores if they are asked for. */
export function replyRange(ask: CommandContext, members: readonly Member[], withScores: boolean): void {
  const isNested = ask.reply.protocol === 3 && withScores;
  ask.reply.array(withScores && !isNested ? members.length * 2 : members.length);
  if (withScores) replyMembers(ask, members, isNested);
  else for (const { name } of members) ask.reply.bulk(name);
}

function zmpop(ask: CommandContext): void {
  const { keys, where, count } = ask.allowed(multiplePop(ask, 1, EXTREMES));
  for (let index = 2; index < 2 + keys; index++) {
    const set = ask.get(index, SortedContent);
    if (set === undefined) continue;
    const popped = popSome(set, where === 'max', count);
    ask.changed(index, set);
    ask.reply.array(2);
    ask.reply.bulk(ask.text(index));
    ask.reply.array(popped.length);
    replyMembers(ask, popped, true);
    return;
  }
  ask.reply.nilArray();
}

function replyScore(ask: CommandContext, score: number | undefined): void {
  if (score === undefined) ask.reply.nil();
  else ask.reply.double(score, ask.shortest);
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
  return (ask: CommandContext): void => {
    const withScore = ask.has(3);
    if (withScore && (ask.count > 4 || !ask.is(3, 'WITHSCORE'))) throw syntaxError();
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
    if (withScore) ask.reply.double(score, ask.shortest);
  };
}

function zrandmember(ask: CommandContext): void {
  if (!ask.has(2)) {
    ask.reply.bulkOrNil(ask.get(1, SortedContent)?.scores.random(ask.random));
    return;
  }
  const count = randomCount(ask, 2);
  const withScores = ask.has(3);
  if (ask.count > 4 || (withScores && !ask.is(3, 'WITHSCORES'))) throw syntaxError();
  const set = ask.get(1, SortedContent);
  if (set === undefined) {
    ask.reply.array(0);
    return;
  }
  const names =
    count < 0
      ? Array.from({ length: -count }, () => set.scores.random(ask.random))
      : chosenNames(set.scores, Math.min(count, set.size), ask.random);
  const chosen = names.map((name) => ({ name, score: set.scores.get(name)! }));
  replyRange(ask, count >= set.size ? [...set.order] : chosen, withScores);
}

export const SORTED_SET_ANSWERS: StoreHandlers = {
  zadd,
  zincrby,
  zrem,
  zpopmin: zpop(false),
  zpopmax: zpop(true),
  zmpop,
  zscore,
  zmscore,
  zcard,
  zrank: zrank(false),
  zrevrank: zrank(true),
  zrandmember,
};
