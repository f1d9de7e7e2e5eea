import { hashOf } from '../../base/index.js';
import { argumentBytes } from '../../commands/index.js';
import { type HashTable, type ValueModel, ValueType } from '../keyspace/index.js';
import type { Call } from '../server/index.js';
import type { LookupKey } from '../values/index.js';

/** Points `needle` at an argument. */
export function pointAt(needle: LookupKey, call: Call, index: number): LookupKey {
  const { command } = call;
  needle.set(command.bytes, command.start[index]!, command.length[index]!);
  return index === call.memberIndex ? needle.know(call.memberHash) : needle;
}

/** Returns an argument as a needle, which the next call of this function points elsewhere. */
export function needleAt(call: Call, index: number): LookupKey {
  return pointAt(call.values.scratch.argument, call, index);
}

/** Returns the value of a row if it is of the class; else replies with the error. */
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

/** Returns what modelAt returns for a row; without a row `absent` replies. */
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
 * Passes the first existing key among arguments `first` to `last` to `use`. A key of another kind replies with the
 * error instead. Returns false, without a reply, if no key exists.
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

/**
 * SREM, ZREM: removes the elements that the arguments from the second on name. Removing the last one deletes the
 * key.
 */
export function removeElements<Model extends ValueModel & { readonly table: HashTable | undefined }>(
  kind: abstract new (...parts: never[]) => Model,
  remove: (model: Model, element: LookupKey) => boolean,
): (call: Call) => void {
  return (call) => {
    const row = call.lookupWrite(1);
    const model = modelOr(call, row, kind, () => call.reply.integer(0));
    if (model === undefined) return;
    let removed = 0;
    call.values.removing(model, () => {
      for (let index = 2; index < call.count; index++) {
        if (!remove(model, needleAt(call, index))) continue;
        removed++;
        if (model.size === 0) {
          call.deleteKey(row);
          break;
        }
      }
    });
    call.reply.integer(removed);
    call.dirty += removed;
  };
}

export function isContainer(call: Call, row: number): boolean {
  return call.typeOf(row) !== ValueType.string;
}

/** Adds a new value under the key that argument `index` names, with its robj, name and entry. */
export function addModel(call: Call, index: number, model: ValueModel): void {
  call.add(index, call.newObject(), model);
}

/**
 * Calls `nothing`, or with `seconds` waits for a key of that kind among arguments `first` to `last`. Streams also wait
 * until `has` holds.
 */
export function waitForKeys<Model extends ValueModel>(
  call: Call,
  [first, last]: readonly [first: number, last: number],
  kind: abstract new (...parts: never[]) => Model,
  seconds: number | undefined,
  nothing: () => void,
  has: (model: Model, at: number) => boolean = () => true,
): void {
  if (seconds === undefined) {
    nothing();
    return;
  }
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
