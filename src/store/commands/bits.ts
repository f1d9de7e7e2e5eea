import { latin1, latin1Bytes } from '../../base/index.js';
import {
  type BitRange,
  bitOffset,
  bytesIn,
  isReversed,
  parseBit,
  parseBitcount,
  parseBitop,
  parseBitposRange,
  parseSetbit,
  type SetbitRequest,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { requireKeepable, rewrite } from './strings.js';

function setbit(ask: CommandContext, { offset, bit }: SetbitRequest): void {
  const value = ask.get(1, StringContent);
  const at = Math.floor(offset / 8);
  requireKeepable(at + 1);
  const text = (value?.text ?? '').padEnd(at + 1, '\0');
  const byte = text.charCodeAt(at);
  const mask = 0x80 >>> (offset % 8);
  const changed = String.fromCharCode(bit === 1 ? byte | mask : byte & ~mask);
  rewrite(ask, value, text.slice(0, at) + changed + text.slice(at + 1), 'setbit', false);
  ask.reply.integer((byte & mask) === 0 ? 0 : 1);
}

function getbit(ask: CommandContext, offset: number): void {
  const text = ask.get(1, StringContent)?.text ?? '';
  const at = Math.floor(offset / 8);
  ask.reply.integer(at < text.length ? (text.charCodeAt(at) >>> (7 - (offset % 8))) & 1 : 0);
}

/** Returns the bits of a string that a range selects. */
function bitsIn(range: BitRange, length: number): { readonly first: number; readonly end: number } {
  const unit = range.inBits ? 1 : 8;
  const { first, count } = bytesIn(range, (length * 8) / unit);
  return { first: first * unit, end: (first + count) * unit };
}

function bitcount(ask: CommandContext): void {
  const text = ask.get(1, StringContent)?.text;
  const range = text === undefined ? undefined : ask.allowed(parseBitcount(ask));
  if (text === undefined || range === undefined || isReversed(range)) {
    ask.reply.integer(0);
    return;
  }
  const { first, end } = bitsIn(range, text.length);
  let count = 0;
  for (let at = first; at < end; at++) count += bitAt(text, at);
  ask.reply.integer(count);
}

function bitAt(text: string, at: number): number {
  return (text.charCodeAt(Math.floor(at / 8)) >>> (7 - (at % 8))) & 1;
}

function bitpos(ask: CommandContext, bit: number): void {
  const text = ask.get(1, StringContent)?.text;
  if (text === undefined) {
    ask.reply.integer(bit === 1 ? -1 : 0);
    return;
  }
  const range = ask.allowed(parseBitposRange(ask));
  const { first, end } = bitsIn(range, text.length);
  let at = first;
  while (at < end && bitAt(text, at) !== bit) at++;
  // Zeros follow the end of a string, unless the range has an end.
  const isFound = at < end || (bit === 0 && !range.hasEnd && first < end);
  ask.reply.integer(isFound ? at : -1);
}

function bitop(ask: CommandContext, operation: (left: number, right: number) => number): void {
  const sources: Uint8Array[] = [];
  for (let index = 3; index < ask.count; index++) {
    sources.push(latin1Bytes(ask.get(index, StringContent)?.text ?? ''));
  }
  const length = sources.reduce((longest, source) => Math.max(longest, source.length), 0);
  const result = new Uint8Array(length);
  const [first = result, ...others] = sources;
  for (let at = 0; at < length; at++) {
    let byte = first[at] ?? 0;
    if (ask.is(1, 'NOT')) byte = operation(byte, byte);
    for (const source of others) byte = operation(byte, source[at] ?? 0);
    result[at] = byte;
  }
  if (length === 0) ask.remove(2);
  else ask.put(2, new StringContent(latin1(result), 'raw'), 'set');
  ask.reply.integer(length);
}

export const BIT_ANSWERS: StoreHandlers = {
  setbit: parsed((ask) => parseSetbit(ask, ask.maxBytes), setbit),
  getbit: parsed((ask) => bitOffset(ask, 2, ask.maxBytes), getbit),
  bitcount,
  bitpos: parsed(parseBit, bitpos),
  bitop: parsed(parseBitop, bitop),
};
