import { latin1 } from '../../base/index.js';
import {
  type PopRequest,
  parsePop,
  parseRandom,
  parseSintercard,
  type RandomRequest,
} from '../../commands/index.js';
import { type ChosenMember, withFingerprint } from '../../model/index.js';
import { chosenNames } from '../chosen-names.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { SetContent } from '../values.js';

function sadd(ask: CommandContext): void {
  const count = ask.count - 2;
  let set = ask.get(1, SetContent);
  if (set === undefined) {
    set = new SetContent(ask.limits, ask.text(2), count);
    ask.add(1, set);
  } else {
    set.prepare(count);
  }
  let added = 0;
  for (let index = 2; index < ask.count; index++) if (set.add(ask.text(index))) added++;
  if (added > 0) ask.touch(1, 'sadd');
  ask.reply.integer(added);
}

function srem(ask: CommandContext): void {
  const set = ask.get(1, SetContent);
  let removed = 0;
  for (let index = 2; index < ask.count; index++)
    if (set?.members.delete(ask.text(index)) === true) removed++;
  if (set !== undefined && removed > 0) ask.changed(1, set, 'srem');
  ask.reply.integer(removed);
}

function smove(ask: CommandContext): void {
  const key = ask.find(1);
  if (key === undefined) {
    ask.reply.integer(0);
    return;
  }
  const source = ask.get(1, SetContent)!;
  let target = ask.get(2, SetContent);
  const member = ask.text(3);
  if (source === target) {
    ask.reply.integer(source.members.has(member) ? 1 : 0);
    return;
  }
  if (!source.members.delete(member)) {
    ask.reply.integer(0);
    return;
  }
  ask.changed(1, source, 'srem');
  if (target === undefined) {
    target = new SetContent(ask.limits, member);
    ask.add(2, target);
  }
  if (target.add(member)) ask.touch(2, 'sadd');
  ask.reply.integer(1);
}

function sismember(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, SetContent)?.members.has(ask.text(2)) === true ? 1 : 0);
}

function smismember(ask: CommandContext): void {
  const set = ask.get(1, SetContent);
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) {
    ask.reply.integer(set?.members.has(ask.text(index)) === true ? 1 : 0);
  }
}

function scard(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, SetContent)?.size ?? 0);
}

function smembers(ask: CommandContext): void {
  replySet(ask, ask.get(1, SetContent)?.all() ?? []);
}

function replySet({ reply }: CommandContext, members: readonly string[]): void {
  reply.set(members.length);
  for (const member of members) reply.bulk(member);
}

function spop(ask: CommandContext, { count }: PopRequest): void {
  const set = ask.get(1, SetContent);
  if (set === undefined || count === 0) {
    if (count === undefined) ask.reply.nil();
    else ask.reply.set(0);
    return;
  }
  const popped = choose(ask, set, Math.min(count ?? 1, set.size));
  for (const member of popped) set.members.delete(member);
  ask.changed(1, set, 'spop');
  if (count === undefined) ask.reply.bulk(popped[0]!);
  else replySet(ask, popped);
}

/** Returns the members to pop: those that the model chose, or the store's own choice, or all of them in set order. */
function choose(ask: CommandContext, set: SetContent, count: number): string[] {
  const { popped } = ask;
  if (popped !== undefined && popped.length > 0) {
    return popped.splice(0, count).flatMap((member) => textOfChosen(set, member));
  }
  if (count === set.size) return set.all();
  return chosenNames(set.members, count, ask.random);
}

function textOfChosen({ members }: SetContent, member: ChosenMember): string | [] {
  return member instanceof Uint8Array ? latin1(member) : (withFingerprint(members.names(), member) ?? []);
}

function srandmember(ask: CommandContext, { count }: RandomRequest): void {
  const set = ask.get(1, SetContent);
  if (set === undefined) {
    if (count === undefined) ask.reply.nil();
    else ask.reply.array(0);
  } else if (count === undefined) {
    ask.reply.bulk(set.members.random(ask.random));
  } else if (count < 0) {
    ask.reply.array(-count);
    for (let left = -count; left > 0; left--) ask.reply.bulk(set.members.random(ask.random));
  } else {
    ask.reply.bulks(count >= set.size ? set.all() : chosenNames(set.members, count, ask.random));
  }
}

function sources(ask: CommandContext, from: number, to: number): (SetContent | undefined)[] {
  const found: (SetContent | undefined)[] = [];
  for (let index = from; index <= to; index++) found.push(ask.get(index, SetContent));
  return found;
}

type Operation = 'union' | 'inter' | 'diff';

function combine(operation: Operation, stores: boolean) {
  return (ask: CommandContext): void => {
    const sets = sources(ask, stores ? 2 : 1, ask.count - 1);
    if (!stores) {
      const result = combined(operation, sets);
      replySet(ask, operation === 'inter' ? result : inSetOrder(ask, result));
      return;
    }
    const result = stored(ask, combined(operation, sets));
    ask.storeAt(1, result, `s${operation}store`);
    ask.reply.integer(result.size);
  };
}

/** Returns the members in the order in which the server finds them. */
function combined(operation: Operation, sets: (SetContent | undefined)[]): string[] {
  const [first, ...others] = sets;
  if (operation === 'union') return [...new Set(sets.flatMap((set) => set?.all() ?? []))];
  if (operation === 'diff') {
    return (first?.all() ?? []).filter((name) => !others.some((set) => set?.members.has(name)));
  }
  const present = sets.filter((set) => set !== undefined).sort((left, right) => left.size - right.size);
  if (present.length < sets.length) return [];
  const [smallest, ...rest] = present;
  return (smallest?.all() ?? []).filter((name) => rest.every((set) => set.members.has(name)));
}

function stored(ask: CommandContext, names: readonly string[]): SetContent {
  const set = new SetContent(ask.limits, undefined);
  for (const name of names) set.add(name);
  return set;
}

/** Returns the names in set order, because a server collects unions and differences in a set first. */
function inSetOrder(ask: CommandContext, names: readonly string[]): string[] {
  return stored(ask, names).all();
}

const sintercard = parsed(parseSintercard, (ask, { keys, limit }) => {
  const { length } = combined('inter', sources(ask, 2, 1 + keys));
  ask.reply.integer(limit === 0 ? length : Math.min(limit, length));
});

export const SET_ANSWERS: StoreHandlers = {
  sadd,
  srem,
  smove,
  spop: parsed(parsePop, spop),
  sismember,
  smismember,
  scard,
  smembers,
  srandmember: parsed(parseRandom, srandmember),
  sunion: combine('union', false),
  sunionstore: combine('union', true),
  sinter: combine('inter', false),
  sinterstore: combine('inter', true),
  sdiff: combine('diff', false),
  sdiffstore: combine('diff', true),
  sintercard,
};
