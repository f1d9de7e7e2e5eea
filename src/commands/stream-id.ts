import { parseInteger64 } from '../base/index.js';
import { echoed } from './error-texts.js';

/** A part of an id, exact up to 2^64 - 1. It is a bigint above 2^53 - 1, and only there, so that equal parts are identical. */
export type StreamIdPart = number | bigint;

/** The time of a stream entry and its number within the millisecond. */
export interface StreamId {
  readonly ms: StreamIdPart;
  readonly seq: StreamIdPart;
}

const MAX_PART = 18_446_744_073_709_551_615n;

export const LEAST_ID: StreamId = { ms: 0, seq: 0 };
export const GREATEST_ID: StreamId = { ms: MAX_PART, seq: MAX_PART };

export const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';

export function compareIds(left: StreamId, right: StreamId): number {
  return comparePartsOf(left.ms, right.ms) || comparePartsOf(left.seq, right.seq);
}

function comparePartsOf(left: StreamIdPart, right: StreamIdPart): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Returns a part, which must be less than 2^64. */
export function idPart(value: bigint): StreamIdPart {
  return value > Number.MAX_SAFE_INTEGER ? value : Number(value);
}

function partAfter(part: StreamIdPart): StreamIdPart {
  return part < Number.MAX_SAFE_INTEGER ? Number(part) + 1 : idPart(BigInt(part) + 1n);
}

function partBefore(part: StreamIdPart): StreamIdPart {
  return typeof part === 'number' ? part - 1 : idPart(part - 1n);
}

/** Returns the difference of two parts as an integer of 64 bits with a sign, rounded to a double. */
export function partDifference(part: StreamIdPart, from: StreamIdPart): number {
  if (typeof part === 'number' && typeof from === 'number') return part - from;
  return Number(BigInt.asIntN(64, BigInt(part) - BigInt(from)));
}

/** The longest text of an id. */
const LONGEST_ID = 127;

/** Parses "ms-seq", or "ms" with `missing` as the second part; returns undefined for other texts. */
export function parseId(text: string, missing: StreamIdPart): StreamId | undefined {
  if (text.length > LONGEST_ID) return undefined;
  const ended = echoed(text);
  const dash = ended.indexOf('-');
  const ms = parsePart(dash < 0 ? ended : ended.slice(0, dash));
  const seq = dash < 0 ? missing : parsePart(ended.slice(dash + 1));
  return ms === undefined || seq === undefined ? undefined : { ms, seq };
}

/** Parses a part as a server does (util.c: string2ull): what is not a plain integer is left to the C library. */
function parsePart(text: string): StreamIdPart | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, sign = '', digits] = /^[ \t-\r]*([+-]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined || parseInteger64(text)! < 0n) return undefined;
  const value = BigInt(digits);
  if (value > MAX_PART) return undefined;
  return idPart(sign === '-' ? BigInt.asUintN(64, -value) : value);
}

/** Returns the id as parseId does, or the error. */
export function strictId(text: string, missing: StreamIdPart = 0): StreamId | string {
  return parseId(text, missing) ?? INVALID_ID;
}

/** Returns an end of a range: "-", "+", an id, or "(" and an id; or the error. */
export function rangeId(text: string, isStart: boolean): StreamId | string {
  if (text === '-') return LEAST_ID;
  if (text === '+') return GREATEST_ID;
  const isOpen = text.startsWith('(') && text.length > 1;
  const id = strictId(isOpen ? text.slice(1) : text, isStart ? 0 : MAX_PART);
  if (typeof id === 'string' || !isOpen) return id;
  return isStart
    ? (idAfter(id) ?? 'ERR invalid start ID for the interval')
    : (idBefore(id) ?? 'ERR invalid end ID for the interval');
}

/** Returns the next id; undefined after the greatest one. */
export function idAfter({ ms, seq }: StreamId): StreamId | undefined {
  if (seq !== MAX_PART) return { ms, seq: partAfter(seq) };
  return ms === MAX_PART ? undefined : { ms: partAfter(ms), seq: 0 };
}

function idBefore({ ms, seq }: StreamId): StreamId | undefined {
  if (seq !== 0) return { ms, seq: partBefore(seq) };
  return ms === 0 ? undefined : { ms: partBefore(ms), seq: MAX_PART };
}

const ID_TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item';
const NO_IDS_LEFT = 'ERR The stream has exhausted the last possible ID, unable to add more items';
/** The error of a server when a millisecond has no numbers left, although no element is large. */
const NO_NUMBERS_LEFT = 'ERR Elements are too large to be stored';

/** Returns the id of a new entry, or the error: "*" is by the clock, "ms-*" the next of that millisecond. */
export function newId(text: string, last: StreamId, nowMs: number): StreamId | string {
  const next = idAfter(last);
  if (next === undefined) return NO_IDS_LEFT;
  if (text === '*') {
    const ms = Math.floor(nowMs);
    return ms > last.ms ? { ms, seq: 0 } : next;
  }
  const isNumbered = !text.endsWith('-*');
  const given = parseId(isNumbered ? text : text.slice(0, -2), 0);
  if (given === undefined) return INVALID_ID;
  if (!isNumbered && given.ms === last.ms) return next.ms === last.ms ? next : NO_NUMBERS_LEFT;
  return compareIds(given, last) > 0 ? given : ID_TOO_SMALL;
}

/** Returns the key of an entry in a radix tree: both parts, most significant byte first. */
export function idKey({ ms, seq }: StreamId): Uint8Array {
  const key = new Uint8Array(16);
  const view = new DataView(key.buffer);
  setPart(view, 0, ms);
  setPart(view, 8, seq);
  return key;
}

function setPart(view: DataView, at: number, part: StreamIdPart): void {
  if (typeof part === 'bigint') {
    view.setBigUint64(at, part);
    return;
  }
  view.setUint32(at, Math.floor(part / 2 ** 32));
  view.setUint32(at + 4, part % 2 ** 32);
}

export function idText({ ms, seq }: StreamId): string {
  return `${ms}-${seq}`;
}

export function idLength(id: StreamId): number {
  return idText(id).length;
}
