import { latin1, latin1Bytes } from '../../base/index.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { rewrite } from './strings.js';

const BIT_OFFSET = 'ERR bit offset is not an integer or out of range';
const BIT_VALUE = 'ERR bit is not an integer or out of range';

/** A position in a string; with `bits`, "#n" is the n-th of so many. */
export function bitOffset(ask: CommandContext, index: number, bits = 0): number {
  const text = ask.text(index);
  const isCounted = bits > 0 && text.startsWith('#');
  const given = Number(/^(?:0|-?[1-9]\d{0,18})$/.exec(isCounted ? text.slice(1) : text)?.[0] ?? Number.NaN);
  const offset = isCounted ? given * bits : given;
  if (!(offset >= 0) || Math.floor(offset / 8) >= ask.limits.settings.protoMaxBulkLen) ask.refuse(BIT_OFFSET);
  return offset;
}

/** The bytes of the string at key 1, with room for a bit at least. */
export function bytesFor(value: StringContent | undefined, offset: number): Uint8Array {
  const bytes = latin1Bytes(value?.text ?? '');
  const length = Math.floor(offset / 8) + 1;
  if (bytes.length >= length) return bytes;
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
}

function setbit(ask: CommandContext): void {
  const offset = bitOffset(ask, 2);
  const bit = ask.integer(3, BIT_VALUE);
  if (bit !== 0 && bit !== 1) ask.refuse(BIT_VALUE);
  const value = ask.get(1, StringContent);
  const bytes = bytesFor(value, offset);
  const at = Math.floor(offset / 8);
  const mask = 0x80 >>> (offset % 8);
  const old = (bytes[at]! & mask) === 0 ? 0 : 1;
  bytes[at] = bit === 1 ? bytes[at]! | mask : bytes[at]! & ~mask;
  rewrite(ask, value, latin1(bytes), false);
  ask.reply.integer(old);
}

function getbit(ask: CommandContext): void {
  const offset = bitOffset(ask, 2);
  const text = ask.get(1, StringContent)?.text ?? '';
  const at = Math.floor(offset / 8);
  ask.reply.integer(at < text.length ? (text.charCodeAt(at) >>> (7 - (offset % 8))) & 1 : 0);
}

interface BitRange {
  readonly first: number;
  /** Behind the last; not above the first: nothing. */
  readonly end: number;
}

/** A range of bytes or of bits as one of bits; ends below 0 count from the end. */
function bitRange(length: number, start: number, end: number, inBits: boolean): BitRange {
  const total = inBits ? length * 8 : length;
  const first = Math.max(0, start < 0 ? total + start : start);
  const last = Math.min(total - 1, Math.max(0, end < 0 ? total + end : end));
  return inBits ? { first, end: last + 1 } : { first: first * 8, end: (last + 1) * 8 };
}

function isInBits(ask: CommandContext, index: number): boolean {
  if (!ask.has(index) || ask.is(index, 'BYTE')) return false;
  if (ask.is(index, 'BIT')) return true;
  throw syntaxError();
}

function bitcount(ask: CommandContext): void {
  const text = ask.get(1, StringContent)?.text;
  if (text === undefined) {
    ask.reply.integer(0);
    return;
  }
  if (ask.count === 3 || ask.count > 5) throw syntaxError();
  let range: BitRange = { first: 0, end: text.length * 8 };
  if (ask.count > 3) {
    const start = ask.integer(2);
    const end = ask.integer(3);
    if (start < 0 && end < 0 && start > end) {
      ask.reply.integer(0);
      return;
    }
    range = bitRange(text.length, start, end, isInBits(ask, 4));
  }
  let count = 0;
  for (let at = range.first; at < range.end; at++) count += bitAt(text, at);
  ask.reply.integer(count);
}

function bitAt(text: string, at: number): number {
  return (text.charCodeAt(Math.floor(at / 8)) >>> (7 - (at % 8))) & 1;
}

function bitpos(ask: CommandContext): void {
  const bit = ask.integer(2);
  if (bit !== 0 && bit !== 1) ask.refuse('ERR The bit argument must be 1 or 0.');
  const text = ask.get(1, StringContent)?.text;
  if (text === undefined) {
    ask.reply.integer(bit === 1 ? -1 : 0);
    return;
  }
  if (ask.count > 6) throw syntaxError();
  const start = ask.has(3) ? ask.integer(3) : 0;
  const inBits = isInBits(ask, 5);
  const end = ask.has(4) ? ask.integer(4) : -1;
  const range = bitRange(text.length, start, end, inBits);
  let at = range.first;
  while (at < range.end && bitAt(text, at) !== bit) at++;
  // Behind the end of a string there are zeros, unless the range says where to stop.
  const isFound = at < range.end || (bit === 0 && !ask.has(4) && range.first < range.end);
  ask.reply.integer(isFound ? at : -1);
}

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  AND: (left, right) => left & right,
  OR: (left, right) => left | right,
  XOR: (left, right) => left ^ right,
};

function bitop(ask: CommandContext): void {
  const word = ask.text(1).toUpperCase();
  const operation = OPERATIONS[word];
  if (operation === undefined && word !== 'NOT') throw syntaxError();
  if (word === 'NOT' && ask.count !== 4) ask.refuse('ERR BITOP NOT must be called with a single source key.');
  const sources: Uint8Array[] = [];
  for (let index = 3; index < ask.count; index++) {
    sources.push(latin1Bytes(ask.get(index, StringContent)?.text ?? ''));
  }
  const length = sources.reduce((longest, source) => Math.max(longest, source.length), 0);
  const result = new Uint8Array(length);
  const [first = result, ...others] = sources;
  for (let at = 0; at < length; at++) {
    let byte = first[at] ?? 0;
    if (operation === undefined) byte = ~byte;
    else for (const source of others) byte = operation(byte, source[at] ?? 0);
    result[at] = byte;
  }
  if (length === 0) ask.remove(2);
  else ask.put(2, new StringContent(latin1(result), 'raw'));
  ask.reply.integer(length);
}

export const BIT_ANSWERS: StoreHandlers = {
  setbit,
  getbit,
  bitcount,
  bitpos,
  bitop,
};
