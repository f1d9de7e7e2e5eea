import {
  elementsIn,
  INDEX_OUT_OF_RANGE,
  type IndexRange,
  integerAt,
  LIST_ENDS,
  type ListMove,
  type LposRequest,
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
import type { Call, Handlers } from '../server/index.js';
import { type End, ListValue, TemporaryObject } from '../values/index.js';
import { addModel, modelAt, modelOr, needleAt, useFirst, waitForKeys } from './container-call.js';
import { orReplyError, parsed } from './parsed.js';

/** Returns the list of a row; without a row `absent` replies. */
function listAt(call: Call, row: number, absent: () => void): ListValue | undefined {
  return modelOr(call, row, ListValue, absent);
}

function newList(call: Call, index: number): ListValue {
  const list = new ListValue(call.values);
  addModel(call, index, list);
  return list;
}

/** LPUSH, RPUSH; with `onlyExisting` LPUSHX, RPUSHX. */
function push(end: End, onlyExisting: boolean): (call: Call) => void {
  return (call) => {
    const row = call.lookupWrite(1);
    if (row === 0 && onlyExisting) {
      call.reply.integer(0);
      return;
    }
    const list = row === 0 ? newList(call, 1) : modelAt(call, row, ListValue);
    if (list === undefined) return;
    prepare(call, list, 2, call.count - 1);
    for (let index = 2; index < call.count; index++) list.push(needleAt(call, index), end);
    call.reply.integer(list.size);
    call.dirty += call.count - 2;
  };
}

function prepare(call: Call, list: ListValue, from: number, to: number): void {
  let bytes = 0;
  for (let index = from; index <= to; index++) bytes += call.length(index);
  list.prepare(bytes, to - from + 1);
}

/** listElementsRemoved: deletes an empty list's key, or settles the list. */
function removed(call: Call, row: number, list: ListValue, count: number): void {
  if (list.size === 0) call.deleteKey(row);
  else list.settle();
  call.dirty += count;
}

/**
 * listTypePop: takes an element out as an object. For an integer, a quicklist makes no string but an integer object,
 * and only after it removes the element.
 */
function popObject(call: Call, list: ListValue, end: End): number {
  const space = call.values;
  const { popped } = space.scratch;
  const kept = list.peek(end);
  const length = space.contents.length(kept);
  if (list.encoding === 'quicklist' && TemporaryObject.isInteger(space, kept)) {
    const text = space.contents.known(kept).slice();
    list.pop(end);
    popped.makeInteger(space, text);
  } else {
    popped.makeString(space, length);
    list.pop(end);
  }
  return length;
}

function pop(end: End): (call: Call) => void {
  return parsed(parseListPop, (call, { count }) => {
    const row = call.lookupWrite(1);
    const list = listAt(call, row, () => (count === undefined ? call.reply.nil() : call.reply.nilArray()));
    if (list === undefined) return;
    if (count !== undefined) {
      popRange(call, row, list, end, count);
      return;
    }
    replyPopped(call, row, list, end, (length) => call.reply.bulk(length));
  });
}

/** Pops one element. The object that holds it is freed after the reply. */
function replyPopped(
  call: Call,
  row: number,
  list: ListValue,
  end: End,
  reply: (length: number) => void,
): void {
  const { dropsListBeforeReply } = call.version.containers;
  const length = popObject(call, list, end);
  if (dropsListBeforeReply) removed(call, row, list, 1);
  reply(length);
  call.values.scratch.popped.free(call.values);
  if (!dropsListBeforeReply) removed(call, row, list, 1);
}

function popRange(call: Call, row: number, list: ListValue, end: End, count: number): void {
  if (count === 0) {
    call.reply.array(0);
    return;
  }
  const many = Math.min(count, list.size);
  const first = end === 'head' ? 0 : list.size - many;
  replyRange(call, list, first, many);
  list.deleteRange(first, many, end === 'tail');
  removed(call, row, list, many);
}

const lmpop = parsed(
  (call) => parseMultiplePop(call, LIST_ENDS),
  (call, { keys, where, count, seconds }) => {
    const isDone = useFirst(call, keys, ListValue, (list, row, index) => {
      call.reply.array(2);
      call.reply.bulk(call.length(index));
      popRange(call, row, list, where, count);
      // The propagation is LPOP or RPOP with the key and the count.
      call.args.rewrite(3, [index]);
    });
    if (!isDone) waitForKeys(call, keys, ListValue, seconds, () => call.reply.nilArray());
  },
);

/** BLPOP, BRPOP: pop from the first list that exists, or wait for one. */
function blockingPop(end: End): (call: Call) => void {
  return parsed(parseTimeout, (call, seconds) => {
    const keys = [1, call.count - 2] as const;
    const isDone = useFirst(call, keys, ListValue, (list, row, index) => {
      replyPopped(call, row, list, end, (length) => {
        call.reply.array(2);
        call.reply.bulk(call.length(index));
        call.reply.bulk(length);
      });
    });
    if (!isDone) waitForKeys(call, keys, ListValue, seconds, () => call.reply.nilArray());
  });
}

function move(call: Call, { from, to, seconds }: ListMove): void {
  const space = call.values;
  const row = call.lookupWrite(1);
  const source = listAt(call, row, () =>
    waitForKeys(call, [1, 1], ListValue, seconds, () => call.reply.nil()),
  );
  if (source === undefined) return;
  const targetRow = call.lookupWrite(2);
  let target = targetRow === 0 ? undefined : modelAt(call, targetRow, ListValue);
  if (targetRow !== 0 && target === undefined) return;
  const kept = source.peek(from);
  const length = space.contents.length(kept);
  // A copy of the element's text stays valid after the source drops the element.
  const text = space.contents.copy(kept);
  call.aimAt(1);
  popObject(call, source, from);
  call.aimAt(2);
  target ??= newList(call, 2);
  target.prepare(length, 1);
  target.push(space.contents.point(text, space.scratch.element), to);
  space.contents.release(text);
  call.reply.bulk(length);
  if (!space.policy.listpackLists) space.scratch.popped.free(space);
  call.aimAt(1);
  removed(call, row, source, 1);
  if (space.policy.listpackLists) space.scratch.popped.free(space);
}

function linsert(call: Call, after: number): void {
  const list = listAt(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (list === undefined) return;
  prepare(call, list, 4, 4);
  const iterators = newListIterators(call, list);
  const index = list.indexOf(needleAt(call, 3));
  if (index >= 0) list.insert(index, needleAt(call, 4), after === 1);
  for (const iterator of iterators) call.values.endIterator(iterator);
  call.reply.integer(index < 0 ? -1 : list.size);
  if (index >= 0) call.dirty++;
}

/** Allocates a listTypeIterator and the quicklist's own, and returns them in the order in which they are freed. */
export function newListIterators(call: Call, list: ListValue): number[] {
  const { sizes } = call.version;
  const own = call.values.iterator(sizes.listTypeIterator);
  // There is no iterator over no node.
  const hasNodes = list.encoding === 'quicklist' && list.size > 0;
  return hasNodes ? [call.values.iterator(sizes.quicklistIterator), own] : [own];
}

function lset(call: Call): void {
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.error(NO_SUCH_KEY));
  if (list === undefined) return;
  const given = orReplyError(call, integerAt(call, 2));
  if (given === undefined) return;
  prepare(call, list, 3, 3);
  const index = given < 0 ? list.size + given : given;
  if (index < 0 || index >= list.size) {
    call.reply.error(INDEX_OUT_OF_RANGE);
    return;
  }
  list.replace(index, needleAt(call, 3));
  list.settle();
  call.reply.status();
  call.dirty++;
}

function lrem(call: Call, count: number): void {
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.integer(0));
  if (list === undefined) return;
  const iterators = newListIterators(call, list);
  const gone = list.remove(needleAt(call, 3), Math.abs(count), count < 0 ? 'tail' : 'head');
  for (const iterator of iterators) call.values.endIterator(iterator);
  if (gone > 0) removed(call, row, list, gone);
  call.reply.integer(gone);
}

function ltrim(call: Call, range: IndexRange): void {
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.status());
  if (list === undefined) return;
  const { size } = list;
  const kept = elementsIn(range, size) ?? { first: size, count: 0 };
  const right = size - kept.first - kept.count;
  list.deleteRange(0, kept.first);
  list.deleteRange(list.size - right, right, true);
  removed(call, row, list, kept.first + right);
  call.reply.status();
}

function lrange(call: Call, range: IndexRange): void {
  const list = listAt(call, call.lookupRead(1), () => call.reply.array(0));
  if (list === undefined) return;
  const places = elementsIn(range, list.size);
  if (places === undefined) call.reply.array(0);
  else replyRange(call, list, places.first, places.count);
}

function replyRange(call: Call, list: ListValue, first: number, count: number): void {
  const space = call.values;
  call.reply.array(count);
  const { sizes, commands } = call.version;
  const typed = commands.rangesByIterator ? space.iterator(sizes.listTypeIterator) : 0;
  const iterator = list.encoding === 'quicklist' ? space.iterator(sizes.quicklistIterator) : 0;
  for (const kept of list.slice(first, count)) call.reply.bulk(space.contents.length(kept));
  for (const handle of [iterator, typed]) space.endIterator(handle);
}

function llen(call: Call): void {
  const list = listAt(call, call.lookupRead(1), () => call.reply.integer(0));
  if (list !== undefined) call.reply.integer(list.size);
}

function lindex(call: Call): void {
  const list = listAt(call, call.lookupRead(1), () => call.reply.nil());
  if (list === undefined) return;
  const given = orReplyError(call, integerAt(call, 2));
  if (given === undefined) return;
  const space = call.values;
  const kept = list.at(given < 0 ? list.size + given : given);
  const iterators = newElementIterators(call, list, kept !== 0);
  if (kept === 0) call.reply.nil();
  else call.reply.bulk(space.contents.length(kept));
  for (const iterator of iterators) space.endIterator(iterator);
}

/**
 * The iterators of LINDEX. Versions with lists of one listpack have one for either encoding, and beside it one of a
 * quicklist that has the element.
 */
function newElementIterators({ version, values }: Call, list: ListValue, hasElement: boolean): number[] {
  const { containers, sizes } = version;
  const own = containers.listpackLists ? [values.iterator(sizes.listTypeIterator)] : [];
  const isFound = hasElement && list.encoding === 'quicklist';
  return isFound ? [values.iterator(sizes.quicklistIterator), ...own] : own;
}

function lpos(call: Call, { rank, count, maxLength }: LposRequest): void {
  const list = listAt(call, call.lookupRead(1), () =>
    count === undefined ? call.reply.nil() : call.reply.array(0),
  );
  if (list === undefined) return;
  const iterators = newListIterators(call, list);
  const limit = count === undefined ? 1 : count === 0 ? Infinity : count;
  const found = list.positionsOf(needleAt(call, 2), rank, limit, maxLength);
  if (count !== undefined) call.reply.startDeferredArray();
  for (const position of found) call.reply.integer(position);
  for (const iterator of iterators) call.values.endIterator(iterator);
  if (count !== undefined) call.reply.endDeferredArray(found.length);
  else if (found.length === 0) call.reply.nil();
}

export const LIST_COMMANDS: Handlers = {
  lpush: push('head', false),
  rpush: push('tail', false),
  lpushx: push('head', true),
  rpushx: push('tail', true),
  lpop: pop('head'),
  rpop: pop('tail'),
  lmpop,
  blmpop: lmpop,
  blpop: blockingPop('head'),
  brpop: blockingPop('tail'),
  lmove: parsed(parseMove, move),
  blmove: parsed(parseMove, move),
  rpoplpush: parsed(parseTailToHead, move),
  brpoplpush: parsed(parseTailToHead, move),
  linsert: parsed(parseLinsert, linsert),
  lset,
  lrem: parsed((call) => integerAt(call, 2), lrem),
  ltrim: parsed(parseIndexRange, ltrim),
  lrange: parsed(parseIndexRange, lrange),
  llen,
  lindex,
  lpos: parsed(parseLpos, lpos),
};
