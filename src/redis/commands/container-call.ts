import type { Call, CallServer } from '../call.js';
import { Needle } from '../containers/needle.js';
import { ContainerSpace } from '../containers/space.js';
import { type ValueModel, ValueType } from '../value-model.js';

const spaces = new WeakMap<CallServer, ContainerSpace>();
let lastServer: CallServer | undefined;
let lastSpace: ContainerSpace | undefined;

/** What all containers of the call's server share. */
export function spaceOf({ server }: Call): ContainerSpace {
  if (server === lastServer && lastSpace !== undefined) return lastSpace;
  let space = spaces.get(server);
  if (space === undefined) {
    const { heap, version, settings, resize, random } = server;
    space = new ContainerSpace(heap, version, settings, resize, random);
    spaces.set(server, space);
  }
  lastServer = server;
  lastSpace = space;
  return space;
}

/** Points `needle` at an argument. */
export function pointAt(needle: Needle, { command }: Call, index: number): Needle {
  return needle.set(command.bytes, command.start[index] as number, command.length[index] as number);
}

const argument = new Needle();

/** An argument as a needle that the next call of this function points elsewhere. */
export function needleAt(call: Call, index: number): Needle {
  return pointAt(argument, call, index);
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
  if (value === undefined) call.reply.error('ERR value is not an integer or out of range');
  return value;
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
