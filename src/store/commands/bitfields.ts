import { latin1, latin1Bytes } from '../../base/index.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { bitOffset, bytesFor } from './bits.js';
import { rewrite } from './strings.js';

type Overflow = 'WRAP' | 'SAT' | 'FAIL';

interface Operation {
  readonly kind: 'GET' | 'SET' | 'INCRBY';
  readonly isSigned: boolean;
  readonly bits: number;
  readonly offset: number;
  readonly value: bigint;
  readonly overflow: Overflow;
}

function bitfield(isReadOnly: boolean) {
  return (ask: CommandContext): void => {
    const operations = operationsOf(ask);
    const writes = operations.filter(({ kind }) => kind !== 'GET');
    if (isReadOnly && writes.length > 0) ask.refuse('ERR BITFIELD_RO only supports the GET subcommand');
    const value = ask.get(1, StringContent);
    const highest = writes.reduce((most, { offset, bits }) => Math.max(most, offset + bits - 1), 0);
    const bytes = writes.length > 0 ? bytesFor(value, highest) : latin1Bytes(value?.text ?? '');
    ask.reply.array(operations.length);
    for (const operation of operations) carryOut(ask, bytes, operation);
    if (writes.length > 0) rewrite(ask, value, latin1(bytes), false);
  };
}

function carryOut({ reply }: CommandContext, bytes: Uint8Array, operation: Operation): void {
  const { kind, offset, bits, isSigned } = operation;
  const old = load(bytes, offset, bits, isSigned);
  if (kind === 'GET') {
    reply.integer(old);
    return;
  }
  // An unsigned field is set to what is left of a negative number's bits.
  const given = kind === 'SET' && !isSigned ? BigInt.asUintN(64, operation.value) : operation.value;
  const wanted = kind === 'SET' ? given : old + given;
  const next = fitted(wanted, operation);
  if (next === undefined) reply.nil();
  else {
    store(bytes, offset, bits, next);
    reply.integer(kind === 'SET' ? old : next);
  }
}

/** What a field holds instead of a number that is too large for it; undefined: it stays as it is. */
function fitted(value: bigint, { bits, isSigned, overflow }: Operation): bigint | undefined {
  const least = isSigned ? -(1n << BigInt(bits - 1)) : 0n;
  const greatest = isSigned ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  if (value >= least && value <= greatest) return value;
  if (overflow === 'FAIL') return undefined;
  if (overflow === 'SAT') return value < least ? least : greatest;
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function load(bytes: Uint8Array, offset: number, bits: number, isSigned: boolean): bigint {
  let value = 0n;
  for (let at = offset; at < offset + bits; at++) {
    const byte = bytes[Math.floor(at / 8)] ?? 0;
    value = (value << 1n) | BigInt((byte >>> (7 - (at % 8))) & 1);
  }
  return isSigned ? BigInt.asIntN(bits, value) : value;
}

function store(bytes: Uint8Array, offset: number, bits: number, value: bigint): void {
  let rest = BigInt.asUintN(bits, value);
  for (let at = offset + bits - 1; at >= offset; at--, rest >>= 1n) {
    const index = Math.floor(at / 8);
    const mask = 0x80 >>> (at % 8);
    const byte = bytes[index]!;
    bytes[index] = (rest & 1n) === 1n ? byte | mask : byte & ~mask;
  }
}

const INVALID_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';

function operationsOf(ask: CommandContext): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = 'WRAP';
  for (let index = 2; index < ask.count; index++) {
    const left = ask.count - index - 1;
    if (ask.is(index, 'OVERFLOW') && left >= 1) {
      overflow = overflowAt(ask, ++index);
      continue;
    }
    const kind = (['GET', 'SET', 'INCRBY'] as const).find((word) => ask.is(index, word));
    const size = kind === 'GET' ? 2 : 3;
    if (kind === undefined || left < size) throw syntaxError();
    const { isSigned, bits } = fieldType(ask, index + 1);
    const offset = bitOffset(ask, index + 2, bits);
    const value = kind === 'GET' ? 0n : ask.int64(index + 3);
    operations.push({ kind, isSigned, bits, offset, value, overflow });
    index += size;
  }
  return operations;
}

function overflowAt(ask: CommandContext, index: number): Overflow {
  for (const word of ['WRAP', 'SAT', 'FAIL'] as const) if (ask.is(index, word)) return word;
  return ask.refuse('ERR Invalid OVERFLOW type specified');
}

function fieldType(ask: CommandContext, index: number): { isSigned: boolean; bits: number } {
  const [, sign, digits] = /^([iu])([1-9]\d?)$/.exec(ask.text(index)) ?? [];
  const bits = Number(digits);
  const isSigned = sign === 'i';
  if (sign === undefined || bits > (isSigned ? 64 : 63)) ask.refuse(INVALID_TYPE);
  return { isSigned, bits };
}

export const BITFIELD_ANSWERS: StoreHandlers = {
  bitfield: bitfield(false),
  bitfield_ro: bitfield(true),
};
