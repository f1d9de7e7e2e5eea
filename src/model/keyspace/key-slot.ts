import { latin1Bytes } from '../../base/index.js';

/** The slot of a key in a cluster is the CRC-16 (XMODEM) of its name, or of the text between the first { and }. */
export const SLOTS = 16_384;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const POLYNOMIAL = 0x1021;
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

export function keySlot(bytes: Uint8Array, from: number, length: number): number {
  const end = from + length;
  let crc = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === OPEN) return tagSlot(bytes, from, end, at);
    crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ byte]!) & 0xffff;
  }
  return crc % SLOTS;
}

/** Slots from the first to the last one. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
}

export const ALL_SLOTS: SlotRange = { first: 0, last: SLOTS - 1 };

const WILDCARDS = [...'*?[\\'].map((sign) => sign.charCodeAt(0));

/** Returns the slot that all names of a glob pattern are in; undefined if they can be in any. */
export function patternSlot(pattern: Uint8Array): number | undefined {
  const wildcard = pattern.findIndex((byte) => WILDCARDS.includes(byte));
  const literal = wildcard < 0 ? pattern : pattern.subarray(0, wildcard);
  const open = literal.indexOf(OPEN);
  const hasTag = open >= 0 && literal.indexOf(CLOSE, open) > open + 1;
  return wildcard < 0 || hasTag ? keySlot(literal, 0, literal.length) : undefined;
}

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Returns the first of the shortest names, of letters and digits, that is in a slot. */
export function slotTag(slot: number): string {
  for (let length = 1; ; length++) {
    for (const name of namesOf(length)) {
      if (keySlot(latin1Bytes(name), 0, length) === slot) return name;
    }
  }
}

/** Yields all names of letters and digits that are so long. */
function* namesOf(length: number): Generator<string> {
  if (length === 0) {
    yield '';
    return;
  }
  for (const start of namesOf(length - 1)) for (const letter of LETTERS) yield start + letter;
}

/** Returns the slot of a name with a { at `open`. */
function tagSlot(bytes: Uint8Array, from: number, end: number, open: number): number {
  let close = open + 1;
  while (close < end && bytes[close] !== CLOSE) close++;
  const isTag = close < end && close > open + 1;
  return (isTag ? crc16(bytes, open + 1, close) : crc16(bytes, from, end)) % SLOTS;
}

function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) {
    crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ bytes[at]!]!) & 0xffff;
  }
  return crc;
}
