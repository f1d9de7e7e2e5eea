import { latin1, latin1Bytes } from '../../base/index.js';
import { type BitOperation, highestWrite, parseBitfield } from '../../commands/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { requireKeepable, rewrite } from './strings.js';

function bitfield(ask: CommandContext, operations: readonly BitOperation[]): void {
  const key = ask.find(1);
  const value = contentOf(key, StringContent);
  const highest = highestWrite(operations);
  if (highest < 0 && ask.name === 'bitfield') ask.noteRead(1, key);
  const bytes = highest >= 0 ? bytesFor(value, highest) : latin1Bytes(value?.text ?? '');
  ask.reply.array(operations.length);
  for (const operation of operations) carryOut(ask, bytes, operation);
  if (highest >= 0) rewrite(ask, value, latin1(bytes), 'setbit', false);
}

function carryOut({ reply }: CommandContext, bytes: Uint8Array, operation: BitOperation): void {
  const { kind, offset, bits, isSigned } = operation;
  const old = load(bytes, offset, bits, isSigned);
  if (kind === 'get') {
    reply.integer(old);
    return;
  }
  // For an unsigned field, a negative number is read as an unsigned one of 64 bits.
  const given = kind === 'set' && !isSigned ? BigInt.asUintN(64, operation.value) : operation.value;
  const wanted = kind === 'set' ? given : old + given;
  const next = fitted(wanted, operation);
  if (next === undefined) reply.nil();
  else {
    store(bytes, offset, bits, next);
    reply.integer(kind === 'set' ? old : next);
  }
}

/** Returns the number that a field stores for a value, by its overflow rule; undefined if the field stays unchanged. */
function fitted(value: bigint, { bits, isSigned, overflow }: BitOperation): bigint | undefined {
  const least = isSigned ? -(1n << BigInt(bits - 1)) : 0n;
  const greatest = isSigned ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  if (value >= least && value <= greatest) return value;
  if (overflow === 'fail') return undefined;
  if (overflow === 'saturate') return value < least ? least : greatest;
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** Returns the bytes of a string, extended with zeros to hold the bit at `offset`. */
function bytesFor(value: StringContent | undefined, offset: number): Uint8Array {
  const bytes = latin1Bytes(value?.text ?? '');
  const length = Math.floor(offset / 8) + 1;
  if (bytes.length >= length) return bytes;
  requireKeepable(length);
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
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

const handler = parsed((ask) => parseBitfield(ask, ask.maxBytes), bitfield);

export const BITFIELD_ANSWERS: StoreHandlers = { bitfield: handler, bitfield_ro: handler };
