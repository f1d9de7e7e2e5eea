import { meaningAt, multiplePop, NOT_AN_INTEGER } from '../../commands/index.js';
import { clampedRange } from '../../model/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { ListContent } from '../values.js';

type End = 'left' | 'right';

function push(end: End, onlyExisting: boolean) {
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
    ask.touch(1);
    ask.reply.integer(list.size);
  };
}

function pushOne({ items }: ListContent, end: End, item: string): void {
  if (end === 'left') items.insert(0, item);
  else items.push(item);
}

function popSome({ items }: ListContent, end: End, count: number): string[] {
  if (end === 'left') return items.remove(0, count);
  const many = Math.min(count, items.size);
  return items.remove(items.size - many, many).reverse();
}

function pop(end: End) {
  return (ask: CommandContext): void => {
    if (ask.count > 3) ask.refuse(`ERR wrong number of arguments for '${ask.spec.name}' command`);
    const count = ask.has(2) ? ask.positive(2) : undefined;
    const list = ask.get(1, ListContent);
    if (list === undefined) {
      if (count === undefined) ask.reply.nil();
      else ask.reply.nilArray();
      return;
    }
    const popped = popSome(list, end, count ?? 1);
    if (popped.length > 0) ask.changed(1, list);
    if (count === undefined) ask.reply.bulkOrNil(popped[0]);
    else ask.reply.bulks(popped);
  };
}

const ENDS: Readonly<Record<string, End>> = { LEFT: 'left', RIGHT: 'right' };

function endAt(ask: CommandContext, index: number): End {
  const end = meaningAt(ask, index, ENDS);
  if (end === undefined) throw syntaxError();
  return end;
}

function lmpop(ask: CommandContext): void {
  const { keys, where, count } = ask.allowed(multiplePop(ask, 1, ENDS));
  for (let index = 2; index < 2 + keys; index++) {
    const list = ask.get(index, ListContent);
    if (list === undefined) continue;
    ask.reply.array(2);
    ask.reply.bulk(ask.text(index));
    ask.reply.bulks(popSome(list, where, count));
    ask.changed(index, list);
    return;
  }
  ask.reply.nilArray();
}

function move(ask: CommandContext, from: End, to: End): void {
  const source = ask.get(1, ListContent);
  if (source === undefined) {
    ask.reply.nil();
    return;
  }
  let target = ask.get(2, ListContent);
  if (target === undefined) {
    target = new ListContent(ask.limits);
    ask.add(2, target);
  }
  const [item] = popSome(source, from, 1) as [string];
  pushOne(target, to, item);
  ask.touch(2);
  ask.changed(1, source);
  ask.reply.bulk(item);
}

function lmove(ask: CommandContext): void {
  const from = endAt(ask, 3);
  move(ask, from, endAt(ask, 4));
}

function linsert(ask: CommandContext): void {
  const isAfter = ask.is(2, 'AFTER');
  if (!isAfter && !ask.is(2, 'BEFORE')) throw syntaxError();
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.integer(0);
    return;
  }
  const at = positions(list, ask.text(3), { skip: 0, most: 1, reverse: false, maxLength: 0 })[0];
  if (at === undefined) {
    ask.reply.integer(-1);
    return;
  }
  list.items.insert(isAfter ? at + 1 : at, ask.text(4));
  ask.touch(1);
  ask.reply.integer(list.size);
}

function lset(ask: CommandContext): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) ask.refuse('ERR no such key');
  const given = ask.integer(2);
  const index = given < 0 ? list.size + given : given;
  if (index < 0 || index >= list.size) ask.refuse('ERR index out of range');
  list.items.replace(index, ask.text(3));
  ask.touch(1);
  ask.reply.ok();
}

function lrem(ask: CommandContext): void {
  const count = ask.integer(2);
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.integer(0);
    return;
  }
  const most = count === 0 ? Infinity : Math.abs(count);
  const found = positions(list, ask.text(3), { skip: 0, most, reverse: count < 0, maxLength: 0 });
  // From the end on, so that what is left to remove stays where it is.
  for (const at of found.sort((left, right) => right - left)) list.items.remove(at);
  if (found.length > 0) ask.changed(1, list);
  ask.reply.integer(found.length);
}

function ltrim(ask: CommandContext): void {
  const start = ask.integer(2);
  const end = ask.integer(3);
  const list = ask.get(1, ListContent);
  if (list !== undefined) {
    const range = clampedRange(start, end, list.size) ?? { first: list.size, count: 0 };
    list.items.remove(range.first + range.count, list.size);
    list.items.remove(0, range.first);
    ask.changed(1, list);
  }
  ask.reply.ok();
}

function lrange(ask: CommandContext): void {
  const start = ask.integer(2);
  const end = ask.integer(3);
  const list = ask.get(1, ListContent);
  const range = clampedRange(start, end, list?.size ?? 0);
  ask.reply.bulks(range === undefined ? [] : (list?.items.slice(range.first, range.count) ?? []));
}

function lindex(ask: CommandContext): void {
  const list = ask.get(1, ListContent);
  if (list === undefined) {
    ask.reply.nil();
    return;
  }
  const index = ask.integer(2);
  ask.reply.bulkOrNil(list.items.at(index < 0 ? list.size + index : index));
}

function lpos(ask: CommandContext): void {
  let rank = 1;
  let count: number | undefined;
  let maxLength = 0;
  for (let index = 3; index < ask.count; index += 2) {
    if (!ask.has(index + 1)) throw syntaxError();
    if (ask.is(index, 'RANK')) {
      rank = rankAt(ask, index + 1);
    } else if (ask.is(index, 'COUNT')) {
      count = notNegative(ask, index + 1, "ERR COUNT can't be negative");
    } else if (ask.is(index, 'MAXLEN')) {
      maxLength = notNegative(ask, index + 1, "ERR MAXLEN can't be negative");
    } else {
      throw syntaxError();
    }
  }
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

const RANK_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
  'or use negative to start from the end of the list';

function rankAt(ask: CommandContext, index: number): number {
  const rank = ask.signedCount(index);
  if (rank === 0) ask.refuse(RANK_ZERO);
  return rank;
}

function notNegative(ask: CommandContext, index: number, message: string): number {
  const value = ask.integer(index, message);
  if (value < 0) ask.refuse(message === '' ? NOT_AN_INTEGER : message);
  return value;
}

interface Search {
  /** Matches to leave out. */
  readonly skip: number;
  readonly most: number;
  readonly reverse: boolean;
  /** Elements to look at; 0: all. */
  readonly maxLength: number;
}

/** Where an element is in a list, in the order of the search. */
function positions({ items, size }: ListContent, wanted: string, search: Search): number[] {
  const { most, reverse, maxLength } = search;
  const found: number[] = [];
  let { skip } = search;
  const looked = maxLength === 0 ? size : Math.min(size, maxLength);
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
  lpush: push('left', false),
  rpush: push('right', false),
  lpushx: push('left', true),
  rpushx: push('right', true),
  lpop: pop('left'),
  rpop: pop('right'),
  lmpop,
  lmove,
  rpoplpush: (ask) => move(ask, 'right', 'left'),
  linsert,
  lset,
  lrem,
  ltrim,
  lrange,
  llen,
  lindex,
  lpos,
};
