import { meaningAt, multiplePop, NOT_AN_INTEGER } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';
import { type End, ListValue, TemporaryObject } from '../values/index.js';
import {
  addModel,
  clampedRange,
  integerAt,
  modelAt,
  modelOr,
  needleAt,
  orReplyError,
  positiveAt,
  timeoutAt,
  useFirst,
  waitForKeys,
  wordsOf,
} from './container-call.js';

/** The list that argument `index` names; undefined if there is none, in which case `absent` replies. */
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
    prepare(call, list, 2, call.argc - 1);
    for (let index = 2; index < call.argc; index++) list.push(needleAt(call, index), end);
    call.reply.integer(list.size);
    call.dirty += call.argc - 2;
  };
}

function prepare(call: Call, list: ListValue, from: number, to: number): void {
  let bytes = 0;
  for (let index = from; index <= to; index++) bytes += call.length(index);
  list.prepare(bytes, to - from + 1);
}

/** listElementsRemoved */
function removed(call: Call, row: number, list: ListValue, count: number): void {
  if (list.size === 0) call.deleteKey(row);
  else list.settle();
  call.dirty += count;
}

/**
 * listTypePop: the element as an object. A quicklist makes no string of an integer, and makes the object of one only
 * when the element is gone.
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
  return (call) => {
    const hasCount = call.argc > 2;
    const count = hasCount ? positiveAt(call, 2) : 1;
    if (count === undefined) return;
    const row = call.lookupWrite(1);
    const list = listAt(call, row, () => (hasCount ? call.reply.nilArray() : call.reply.nil()));
    if (list === undefined) return;
    if (hasCount) {
      popRange(call, row, list, end, count);
      return;
    }
    call.reply.bulk(popObject(call, list, end));
    call.values.scratch.popped.free(call.values);
    removed(call, row, list, 1);
  };
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

/** LMPOP numkeys key … LEFT|RIGHT [COUNT n] */
function lmpop(call: Call): void {
  const at = call.spec.name === 'blmpop' ? 2 : 1;
  const seconds = at === 2 ? timeoutAt(call, 1) : 0;
  const many = seconds === undefined ? undefined : orReplyError(call, multiplePop(wordsOf(call), at, ENDS));
  if (seconds === undefined || many === undefined) return;
  const { count, where: end } = many;
  const keys = [at + 1, at + many.keys] as const;
  const isDone = useFirst(call, keys, ListValue, (list, row, index) => {
    call.reply.array(2);
    call.reply.bulk(call.length(index));
    popRange(call, row, list, end, count);
    // Propagated as LPOP or RPOP of the key, and how many.
    call.args.rewrite(3, [index]);
  });
  if (isDone) return;
  const nothing = () => call.reply.nilArray();
  if (at === 2) waitForKeys(call, keys, ListValue, seconds, nothing);
  else nothing();
}

/** BLPOP, BRPOP: of the first list that has something, or waits for one. */
function blockingPop(end: End): (call: Call) => void {
  return (call) => {
    const seconds = timeoutAt(call, call.argc - 1);
    if (seconds === undefined) return;
    const keys = [1, call.argc - 2] as const;
    const isDone = useFirst(call, keys, ListValue, (list, row, index) => {
      call.reply.array(2);
      call.reply.bulk(call.length(index));
      call.reply.bulk(popObject(call, list, end));
      call.values.scratch.popped.free(call.values);
      removed(call, row, list, 1);
    });
    if (!isDone) waitForKeys(call, keys, ListValue, seconds, () => call.reply.nilArray());
  };
}

const ENDS: Readonly<Record<string, End>> = { LEFT: 'head', RIGHT: 'tail' };

function endAt(call: Call, index: number): End | undefined {
  const end = meaningAt(call, index, ENDS);
  if (end === undefined) call.reply.syntaxError();
  return end;
}

function lmove(call: Call): void {
  const from = endAt(call, 3);
  const to = from === undefined ? undefined : endAt(call, 4);
  if (from !== undefined && to !== undefined) move(call, from, to, call.spec.name === 'blmove' ? 5 : 0);
}

/** `timeout` is the argument that says how long to wait for the source; 0: not at all. */
function move(call: Call, from: End, to: End, timeout = 0): void {
  const space = call.values;
  const seconds = timeout === 0 ? 0 : timeoutAt(call, timeout);
  if (seconds === undefined) return;
  const row = call.lookupWrite(1);
  const source = listAt(call, row, () => {
    const nothing = () => call.reply.nil();
    if (timeout === 0) nothing();
    else waitForKeys(call, [1, 1], ListValue, seconds, nothing);
  });
  if (source === undefined) return;
  const targetRow = call.lookupWrite(2);
  let target = targetRow === 0 ? undefined : modelAt(call, targetRow, ListValue);
  if (targetRow !== 0 && target === undefined) return;
  const kept = source.peek(from);
  const length = space.contents.length(kept);
  // The element's text outlives its place in the source.
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

function linsert(call: Call): void {
  const after = call.is(2, 'AFTER');
  if (!after && !call.is(2, 'BEFORE')) {
    call.reply.syntaxError();
    return;
  }
  const list = listAt(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (list === undefined) return;
  prepare(call, list, 4, 4);
  const { heap } = call;
  const iterators = newListIterators(call, list);
  const index = list.indexOf(needleAt(call, 3));
  if (index >= 0) list.insert(index, needleAt(call, 4), after);
  for (const iterator of iterators) heap.free(iterator);
  call.reply.integer(index < 0 ? -1 : list.size);
  if (index >= 0) call.dirty++;
}

/** listTypeIterator and the quicklist's own, in the order in which they are freed. */
export function newListIterators(call: Call, list: ListValue): number[] {
  const { sizes } = call.version;
  const own = call.values.temporary(sizes.listTypeIterator);
  return list.encoding === 'quicklist' ? [call.values.temporary(sizes.quicklistIterator), own] : [own];
}

function lset(call: Call): void {
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.error('ERR no such key'));
  if (list === undefined) return;
  const given = integerAt(call, 2);
  if (given === undefined) return;
  prepare(call, list, 3, 3);
  const index = given < 0 ? list.size + given : given;
  if (index < 0 || index >= list.size) {
    call.reply.error('ERR index out of range');
    return;
  }
  list.replace(index, needleAt(call, 3));
  list.settle();
  call.reply.status();
  call.dirty++;
}

function lrem(call: Call): void {
  const count = integerAt(call, 2);
  if (count === undefined) return;
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.integer(0));
  if (list === undefined) return;
  const iterators = newListIterators(call, list);
  const gone = list.remove(needleAt(call, 3), Math.abs(count), count < 0 ? 'tail' : 'head');
  for (const iterator of iterators) call.heap.free(iterator);
  if (gone > 0) removed(call, row, list, gone);
  call.reply.integer(gone);
}

function ltrim(call: Call): void {
  const start = integerAt(call, 2);
  const end = start === undefined ? undefined : integerAt(call, 3);
  if (start === undefined || end === undefined) return;
  const row = call.lookupWrite(1);
  const list = listAt(call, row, () => call.reply.status());
  if (list === undefined) return;
  const { size } = list;
  const kept = clampedRange(start, end, size) ?? { first: size, count: 0 };
  const right = size - kept.first - kept.count;
  list.deleteRange(0, kept.first);
  list.deleteRange(list.size - right, right, true);
  removed(call, row, list, kept.first + right);
  call.reply.status();
}

function lrange(call: Call): void {
  const start = integerAt(call, 2);
  const end = start === undefined ? undefined : integerAt(call, 3);
  if (start === undefined || end === undefined) return;
  const list = listAt(call, call.lookupRead(1), () => call.reply.array(0));
  if (list === undefined) return;
  const range = clampedRange(start, end, list.size);
  if (range === undefined) call.reply.array(0);
  else replyRange(call, list, range.first, range.count);
}

function replyRange(call: Call, list: ListValue, first: number, count: number): void {
  const space = call.values;
  call.reply.array(count);
  const { sizes, commands } = call.version;
  const typed = commands.rangesByIterator ? space.temporary(sizes.listTypeIterator) : 0;
  const iterator = list.encoding === 'quicklist' ? space.temporary(sizes.quicklistIterator) : 0;
  for (const kept of list.slice(first, count)) call.reply.bulk(space.contents.length(kept));
  for (const handle of [iterator, typed]) if (handle !== 0) call.heap.free(handle);
}

function llen(call: Call): void {
  const list = listAt(call, call.lookupRead(1), () => call.reply.integer(0));
  if (list !== undefined) call.reply.integer(list.size);
}

function lindex(call: Call): void {
  const list = listAt(call, call.lookupRead(1), () => call.reply.nil());
  if (list === undefined) return;
  const given = integerAt(call, 2);
  if (given === undefined) return;
  const kept = list.at(given < 0 ? list.size + given : given);
  if (kept === 0) call.reply.nil();
  else call.reply.bulk(call.values.contents.length(kept));
}

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN length] */
function lpos(call: Call): void {
  let rank = 1;
  let count: number | undefined;
  let longest = Infinity;
  for (let index = 3; index < call.argc; index += 2) {
    const value = index + 1 < call.argc ? call.integer(index + 1) : undefined;
    const isRank = call.is(index, 'RANK');
    const isCount = call.is(index, 'COUNT');
    if (index + 1 === call.argc || !(isRank || isCount || call.is(index, 'MAXLEN'))) {
      call.reply.syntaxError();
      return;
    }
    if (value === undefined || (isRank ? value === 0 : value < 0)) {
      call.reply.error(lposComplaint(call, index, value));
      return;
    }
    if (isRank) rank = value;
    else if (isCount) count = value;
    else longest = value === 0 ? Infinity : value;
  }
  const list = listAt(call, call.lookupRead(1), () =>
    count === undefined ? call.reply.nil() : call.reply.array(0),
  );
  if (list === undefined) return;
  const iterators = newListIterators(call, list);
  const limit = count === undefined ? 1 : count === 0 ? Infinity : count;
  const found = list.positionsOf(needleAt(call, 2), rank, limit, longest);
  if (count !== undefined) call.reply.startDeferredArray();
  for (const position of found) call.reply.integer(position);
  for (const iterator of iterators) call.heap.free(iterator);
  if (count !== undefined) call.reply.endDeferredArray(found.length);
  else if (found.length === 0) call.reply.nil();
}

function lposComplaint(call: Call, index: number, value: number | undefined): string {
  if (!call.is(index, 'RANK')) return `ERR ${call.text(index).toUpperCase()} can't be negative`;
  if (value === undefined) return NOT_AN_INTEGER;
  return (
    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
    'or use negative to start from the end of the list'
  );
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
  lmove,
  blmove: lmove,
  rpoplpush: (call) => move(call, 'tail', 'head'),
  brpoplpush: (call) => move(call, 'tail', 'head', 3),
  linsert,
  lset,
  lrem,
  ltrim,
  lrange,
  llen,
  lindex,
  lpos,
};
