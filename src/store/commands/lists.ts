import {
  elementsIn,
  INDEX_OUT_OF_RANGE,
  type IndexRange,
  integerAt,
  LIST_ENDS,
  type ListEnd,
  type ListMove,
  type LposRequest,
  type MultiplePop,
  NO_SUCH_KEY,
  parseIndexRange,
  parseLinsert,
  parseListPop,
  parseLpos,
  parseMove,
  parseMultiplePop,
  parseTailToHead,
  parseTimeout,
} from '../../commands/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { ListContent } from '../values.js';
import type { Wait } from '../waiters.js';
import { inMilliseconds, nilArray, waitOr } from './waiting.js';

const PUSHED = { head: 'lpush', tail: 'rpush' } as const;
const POPPED = { head: 'lpop', tail: 'rpop' } as const;

function push(end: ListEnd, onlyExisting: boolean) {
  return (ask: CommandContext): void => {
    let list = ask.get(1, ListContent);
    if (list === undefined) {
      if (onlyExisting) {
        ask.reply.integer(0);
        return;
      }
      list = new ListContent(ask.limits);
      ask.add(1, list);
    }
    for (let index = 2; index < ask.count; index++) pushOne(list, end, ask.text(index));
    ask.touch(1, PUSHED[end]);
    ask.reply.integer(list.size);
  };
}

function pushOne({ items }: ListContent, end: ListEnd, item: string): void {
  if (end === 'head') items.insert(0, item);
  else items.push(item);
}

function popSome({ items }: ListContent, end: ListEnd, count: number): string[] {
  if (end === 'head') return items.remove(0, count);
  const many = Math.min(count, items.size);
  return items.remove(items.size - many, many).reverse();
}

function pop(end: ListEnd) {
  return parsed(parseListPop, (ask, { count }) => {
    const list = ask.get(1, ListContent);
    if (list === undefined) {
      if (count === undefined) ask.reply.nil();
      else ask.reply.nilArray();
      return;
    }
    const popped = popSome(list, end, count ?? 1);
    if (popped.length > 0) ask.changed(1, list, POPPED[end]);
    if (count === undefined) ask.reply.bulkOrNil(popped[0]);
    else ask.reply.bulks(popped);
  });
}

function lmpop(ask: CommandContext, { keys, where, count, seconds }: MultiplePop<ListEnd>): void {
  for (let index = keys[0]; index <= keys[1]; index++) {
    const list = ask.get(index, ListContent);
    if (list === undefined) continue;
    ask.reply.array(2);
    ask.reply.bulk(ask.text(index));
    ask.reply.bulks(popSome(list, where, count));
    ask.changed(index, list, POPPED[where]);
    return;
  }
  waitOr(ask, inMilliseconds(seconds), nilArray, {
    keys: ask.args.slice(keys[0], keys[1] + 1),
    kind: ListContent,
    only: (at) => multiplePopOf(ask, keys, at),
  });
}

/** Returns BLMPOP or BZMPOP for one of its keys. */
export function multiplePopOf(
  { args }: CommandContext,
  [first, last]: MultiplePop<unknown>['keys'],
  at: number,
): string[] {
  return [args[0]!, args[1]!, '1', args[first + at]!, ...args.slice(last + 1)];
}

/** BLPOP, BRPOP key … timeout */
function blpop(end: ListEnd) {
  return parsed(parseTimeout, (ask, seconds) => {
    for (let index = 1; index < ask.count - 1; index++) {
      const list = ask.get(index, ListContent);
      if (list === undefined) continue;
      ask.reply.bulks([ask.text(index), ...popSome(list, end, 1)]);
      ask.changed(index, list, POPPED[end]);
      return;
    }
    waitForOne(ask, seconds, ListContent);
  });
}

/** Waits for the first of the keys that has an element, for commands whose words are keys and a timeout. */
export function waitForOne(ask: CommandContext, seconds: number, kind: Wait['kind']): void {
  const [name = '', ...keys] = ask.args.slice(0, -1);
  waitOr(ask, inMilliseconds(seconds), nilArray, {
    keys,
    kind,
    only: (at) => [name, keys[at]!, ask.text(ask.count - 1)],
  });
}

function move(ask: CommandContext, { from, to, seconds }: ListMove): void {
  const source = ask.get(1, ListContent);
  if (source === undefined) {
    waitOr(ask, inMilliseconds(seconds), (reply) => reply.nil(), {
      keys: [ask.text(1)],
      kind: ListContent,
      only: () => ask.args,
    });
    return;
  }
  let target = ask.get(2, ListContent);
  if (target === undefined) {
    target = new ListContent(ask.limits);
    ask.add(2, target);
  }
  const [item] = popSome(source, from, 1) as [string];
  pushOne(target, to, item);
  ask.touch(2, PUSHED[to]);
  ask.changed(1, source, POPPED[from]);
  ask.reply.bulk(item);
}

function linsert(ask: CommandContext, after: number): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.integer(0);
    return;
  }
  const at = positions(list, ask.text(3), { skip: 0, most: 1, reverse: false, maxLength: Infinity })[0];
  if (at === undefined) {
    ask.reply.integer(-1);
    return;
  }
  list.items.insert(at + after, ask.text(4));
  ask.touch(1, 'linsert');
  ask.reply.integer(list.size);
}

function lset(ask: CommandContext): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) ask.refuse(NO_SUCH_KEY);
  const given = ask.allowed(integerAt(ask, 2));
  const index = given < 0 ? list.size + given : given;
  if (index < 0 || index >= list.size) ask.refuse(INDEX_OUT_OF_RANGE);
  list.items.replace(index, ask.text(3));
  ask.touch(1, 'lset');
  ask.reply.ok();
}

function lrem(ask: CommandContext, count: number): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.integer(0);
    return;
  }
  const most = count === 0 ? Infinity : Math.abs(count);
  const found = positions(list, ask.text(3), { skip: 0, most, reverse: count < 0, maxLength: Infinity });
  // Removal starts at the end, so that the remaining indexes stay valid.
  for (const at of found.sort((left, right) => right - left)) list.items.remove(at);
  if (found.length > 0) ask.changed(1, list, 'lrem');
  ask.reply.integer(found.length);
}

function ltrim(ask: CommandContext, range: IndexRange): void {
  const list = ask.get(1, ListContent);
  if (list !== undefined) {
    const kept = elementsIn(range, list.size) ?? { first: list.size, count: 0 };
    list.items.remove(kept.first + kept.count, list.size);
    list.items.remove(0, kept.first);
    ask.changed(1, list, 'ltrim');
  }
  ask.reply.ok();
}

function lrange(ask: CommandContext, range: IndexRange): void {
  const list = ask.get(1, ListContent);
  const places = elementsIn(range, list?.size ?? 0);
  ask.reply.bulks(places === undefined ? [] : (list?.items.slice(places.first, places.count) ?? []));
}

function lindex(ask: CommandContext): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.nil();
    return;
  }
  const index = ask.allowed(integerAt(ask, 2));
  ask.reply.bulkOrNil(list.items.at(index < 0 ? list.size + index : index));
}

function lpos(ask: CommandContext, { rank, count, maxLength }: LposRequest): void {
  const list = ask.get(1, ListContent);
  const most = count === 0 ? Infinity : (count ?? 1);
  const search = { skip: Math.abs(rank) - 1, most, reverse: rank < 0, maxLength };
  const found = list === undefined ? [] : positions(list, ask.text(2), search);
  if (count !== undefined) {
    ask.reply.array(found.length);
    for (const at of found) ask.reply.integer(at);
  } else if (found[0] === undefined) ask.reply.nil();
  else ask.reply.integer(found[0]);
}

interface Search {
  /** Number of matches to leave out. */
  readonly skip: number;
  readonly most: number;
  readonly reverse: boolean;
  /** Limit of the elements to compare. */
  readonly maxLength: number;
}

/** Returns the indexes of an element in a list, in the order of the search. */
function positions({ items, size }: ListContent, wanted: string, search: Search): number[] {
  const { most, reverse, maxLength } = search;
  const found: number[] = [];
  let { skip } = search;
  const looked = Math.min(size, maxLength);
  const first = reverse ? size - looked : 0;
  const part = items.slice(first, looked);
  for (let step = 0; step < looked && found.length < most; step++) {
    const at = reverse ? looked - 1 - step : step;
    if (part[at] !== wanted) continue;
    if (skip > 0) skip--;
    else found.push(first + at);
  }
  return found;
}

function llen(ask: CommandContext): void {
  ask.reply.integer(contentOf(ask.find(1), ListContent)?.size ?? 0);
}

export const LIST_ANSWERS: StoreHandlers = {
  lpush: push('head', false),
  rpush: push('tail', false),
  lpushx: push('head', true),
  rpushx: push('tail', true),
  lpop: pop('head'),
  rpop: pop('tail'),
  lmpop: parsed((ask) => parseMultiplePop(ask, LIST_ENDS), lmpop),
  lmove: parsed(parseMove, move),
  rpoplpush: parsed(parseTailToHead, move),
  blpop: blpop('head'),
  brpop: blpop('tail'),
  blmpop: parsed((ask) => parseMultiplePop(ask, LIST_ENDS), lmpop),
  blmove: parsed(parseMove, move),
  brpoplpush: parsed(parseTailToHead, move),
  linsert: parsed(parseLinsert, linsert),
  lset,
  lrem: parsed((ask) => integerAt(ask, 2), lrem),
  ltrim: parsed(parseIndexRange, ltrim),
  lrange: parsed(parseIndexRange, lrange),
  llen,
  lindex,
  lpos: parsed(parseLpos, lpos),
};
