import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../commands/index.js';
import { StructKind } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { growTo } from './strings.js';

/**
 * BITFIELD and BITFIELD_RO: what bits say is not modelled, how far they make the string reach is. The number that each
 * operation answers is taken to have one digit.
 */
function bitfield(call: Call): void {
  const operations = operationsOf(call);
  if (operations === undefined) return;
  const { count, array, highestWrite } = operations;
  const isRead = highestWrite < 0;
  const row = isRead ? call.lookupRead(1) : call.lookupWrite(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
  } else {
    if (!isRead) {
      growTo(call, row, Math.floor(highestWrite / 8) + 1);
      call.dirty++;
    }
    call.reply.array(count);
    for (let left = count; left > 0; left--) call.reply.integer(0);
  }
  if (array !== 0) call.heap.free(array);
}

interface Operations {
  readonly count: number;
  /** One more operation for each time that it was reallocated. */
  readonly array: number;
  /** The last bit that is written; -1: none is. */
  readonly highestWrite: number;
}

function operationsOf(call: Call): Operations | undefined {
  const { heap, version } = call;
  let array = 0;
  let count = 0;
  let highestWrite = -1;
  const refuse = (message: string) => {
    call.reply.error(message);
    if (array !== 0) heap.free(array);
    return undefined;
  };
  for (let index = 2; index < call.argc; ) {
    const left = call.argc - index - 1;
    const isGet = call.is(index, 'GET') && left >= 2;
    const isSet = call.is(index, 'SET') && left >= 3;
    const isIncrement = call.is(index, 'INCRBY') && left >= 3;
    if (call.is(index, 'OVERFLOW') && left >= 1) {
      if (!['WRAP', 'SAT', 'FAIL'].some((word) => call.is(index + 1, word))) {
        return refuse('ERR Invalid OVERFLOW type specified');
      }
      index += 2;
      continue;
    }
    if (!isGet && !isSet && !isIncrement) return refuse(SYNTAX_ERROR);
    const bits = bitsAt(call, index + 1);
    if (bits === undefined) return refuse(BAD_TYPE);
    const offset = offsetAt(call, index + 2, bits);
    if (offset === undefined) return refuse('ERR bit offset is not an integer or out of range');
    if (!isGet) {
      if (call.integer(index + 3) === undefined) return refuse(NOT_AN_INTEGER);
      if (call.spec.name === 'bitfield_ro') return refuse('ERR BITFIELD_RO only supports the GET subcommand');
      highestWrite = Math.max(highestWrite, offset + bits - 1);
    }
    count++;
    if (array === 0) array = heap.malloc(version.sizes.bitfieldOperation, StructKind.temporary);
    else heap.realloc(array, count * version.sizes.bitfieldOperation, StructKind.temporary);
    index += isGet ? 3 : 4;
  }
  return { count, array, highestWrite };
}

/** u8, i64, … as a number of bits. */
function bitsAt(call: Call, index: number): number | undefined {
  const found = /^([iu])(\d{1,2})$/i.exec(call.text(index));
  const bits = Number(found?.[2] ?? 0);
  const most = found?.[1]?.toLowerCase() === 'u' ? 63 : 64;
  return bits >= 1 && bits <= most ? bits : undefined;
}

/** A bit, or with # the place of so many fields of that width. */
function offsetAt(call: Call, index: number, bits: number): number | undefined {
  const text = call.text(index);
  const isCounted = text.startsWith('#');
  if (!/^#?\d{1,15}$/.test(text)) return undefined;
  const offset = isCounted ? Number(text.slice(1)) * bits : Number(text);
  return Math.floor(offset / 8) < call.settings.protoMaxBulkLen ? offset : undefined;
}

const BAD_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';

export const BITFIELD_COMMANDS: Handlers = {
  bitfield,
  bitfield_ro: bitfield,
};
