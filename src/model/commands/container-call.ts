import { hashOf } from '../../base/index.js';
import { argumentBytes, NOT_AN_INTEGER, type RequestWords } from '../../commands/index.js';
import { type ValueModel, ValueType } from '../keyspace/index.js';
import type { Call } from '../server/index.js';
import type { LookupKey } from '../values/index.js';
/** Its arguments, for what reads requests. */
export function wordsOf(call: Call): RequestWords {
  return {
    count: call.argc,
    text: (index) => call.text(index),
    is: (index, word) => call.is(index, word),
  };
}

/** Points `needle` at an argument. */
export function pointAt(needle: LookupKey, call: Call, index: number): LookupKey {
  const { command } = call;
  needle.set(command.bytes, command.start[index]!, command.length[index]!);
  return index === call.memberIndex ? needle.know(call.memberHash) : needle;
}

/** An argument as a needle that the next call of this function points elsewhere. */
export function needleAt(call: Call, index: number): LookupKey {
  return pointAt(call.values.scratch.argument, call, index);
}

/** The value of a row, if it is of the class; else the error is said. */
export function modelAt<Model extends ValueModel>(
  call: Call,
  row: number,
  kind: abstract new (...parts: never[]) => Model,
): Model | undefined {
  const model = isContainer(call, row) ? call.modelOf(row) : undefined;
  if (model instanceof kind) return model;
  call.reply.wrongType();
  return undefined;
}

/** As modelAt; where there is no row, `absent` replies. */
export function modelOr<Model extends ValueModel>(
  call: Call,
  row: number,
  kind: abstract new (...parts: never[]) => Model,
  absent: () => void,
): Model | undefined {
  if (row !== 0) return modelAt(call, row, kind);
  absent();
  return undefined;
}

/**
 * Of the keys that arguments `first` to `last` name, the first that is there goes to `use`, unless it is of another kind
 * and the error is said. False if none is there, and nothing has been said.
 */
export function useFirst<Model extends ValueModel>(
  call: Call,
  [first, last]: readonly [first: number, last: number],
  kind: abstract new (...parts: never[]) => Model,
  use: (model: Model, row: number, index: number) => void,
): boolean {
  for (let index = first; index <= last; index++) {
    const row = call.lookupWrite(index);
    if (row === 0) continue;
    const model = modelAt(call, row, kind);
    if (model !== undefined) use(model, row, index);
    return true;
  }
  return false;
}

/** HDEL, SREM, ZREM: takes out what the arguments from the second on name, and the key with the last of it. */
export function removeElements<Model extends ValueModel>(
  kind: abstract new (...parts: never[]) => Model,
  remove: (model: Model, element: LookupKey) => boolean,
): (call: Call) => void {
  return (call) => {
    const row = call.lookupWrite(1);
    const model = modelOr(call, row, kind, () => call.reply.integer(0));
    if (model === undefined) return;
    let removed = 0;
    for (let index = 2; index < call.argc; index++) {
      if (!remove(model, needleAt(call, index))) continue;
      removed++;
      if (model.size === 0) {
        call.deleteKey(row);
        break;
      }
    }
    call.reply.integer(removed);
    call.dirty += removed;
  };
}

export function isContainer(call: Call, row: number): boolean {
  return call.typeOf(row) !== ValueType.string;
}

/** Adds a new value under the key that argument `index` names: its robj, its name, its entry. */
export function addModel(call: Call, index: number, model: ValueModel): void {
  call.add(index, call.newObject(), model);
}

/** A number that a handler cannot do without; says the error if it is none. */
export function integerAt(call: Call, index: number): number | undefined {
  const value = call.integer(index);
  if (value === undefined) call.reply.error(NOT_AN_INTEGER);
  return value;
}

/** As integerAt, of a number that must not be negative. */
export function positiveAt(call: Call, index: number): number | undefined {
  const value = call.integer(index);
  if (value !== undefined && value >= 0) return value;
  call.reply.error('ERR value is out of range, must be positive');
  return undefined;
}

/** What was read of its arguments; says the error if that is what it is. */
export function orReplyError<Read>(call: Call, read: Read | string): Exclude<Read, string> | undefined {
  if (typeof read !== 'string') return read as Exclude<Read, string>;
  call.reply.error(read);
  return undefined;
}

/** Seconds to wait, 0 for ever; says the error if the argument is none. */
export function timeoutAt(call: Call, index: number): number | undefined {
  const seconds = call.float(index);
  if (seconds !== undefined && seconds >= 0) return seconds;
  call.reply.error(
    seconds === undefined ? 'ERR timeout is not a float or out of range' : 'ERR timeout is negative',
  );
  return undefined;
}

/** Waits until one of the keys that arguments `first` to `last` name is of that kind; for streams also `has` it. */
export function waitForKeys<Model extends ValueModel>(
  call: Call,
  [first, last]: readonly [first: number, last: number],
  kind: abstract new (...parts: never[]) => Model,
  seconds: number,
  nothing: () => void,
  has: (model: Model, at: number) => boolean = () => true,
): void {
  const { server, keyspace, database, command } = call;
  const names: Uint8Array[] = [];
  for (let index = first; index <= last; index++) names.push(argumentBytes(command, index).slice());
  const isReady = () =>
    names.some((name, at) => {
      const db = server.databases[database]!;
      const row = db.peek(hashOf(name, 0, name.length), name, 0, name.length);
      if (row === 0 || keyspace.typeOf(row) === ValueType.string) return false;
      const model = keyspace.modelOf(row);
      return model instanceof kind && has(model, at);
    });
  call.waitFor(isReady, seconds, nothing);
}

/** From and to by index, negative ones from the end, cut to 0 .. size - 1; undefined if nothing is left. */
export function clampedRange(
  start: number,
  end: number,
  size: number,
): { readonly first: number; readonly count: number } | undefined {
  const first = Math.max(0, start < 0 ? size + start : start);
  const last = Math.min(size - 1, end < 0 ? size + end : end);
  return first > last || first >= size ? undefined : { first, count: last - first + 1 };
}

/** As many elements are not chosen again and again, as the answers of `serve` are not either. */
const MOST_CHOSEN = 10_000_000;

/** How many elements to choose at random; negative: with repetitions. Says the error if it is too large a number. */
export function randomCountAt(call: Call, index: number): number | undefined {
  const count = integerAt(call, index);
  if (count === undefined || count >= -MOST_CHOSEN) return count;
  call.reply.error('ERR value is out of range');
  return undefined;
}
