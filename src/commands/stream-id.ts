/** The time of a stream entry and its number within the millisecond, exact up to 2^53. */
export interface StreamId {
  readonly ms: number;
  readonly seq: number;
}

export const LEAST_ID: StreamId = { ms: 0, seq: 0 };
export const GREATEST_ID: StreamId = { ms: Infinity, seq: Infinity };

export const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';

const MAX_PART = '18446744073709551615';

export function compareIds(left: StreamId, right: StreamId): number {
  return left.ms === right.ms ? left.seq - right.seq : left.ms - right.ms;
}

/** Parses "ms-seq", or "ms" with `missing` as the second part; returns undefined for other texts. */
export function parseId(text: string, missing: number): StreamId | undefined {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (match === null) return undefined;
  const [, ms = '', seq] = match;
  if (isTooLarge(ms) || (seq !== undefined && isTooLarge(seq))) return undefined;
  return { ms: Number(ms), seq: seq === undefined ? missing : Number(seq) };
}

function isTooLarge(digits: string): boolean {
  return digits.length === MAX_PART.length && digits > MAX_PART;
}

/** Returns the id as parseId does, or the error. */
export function strictId(text: string, missing = 0): StreamId | string {
  return parseId(text, missing) ?? INVALID_ID;
}

/** Returns an end of a range: "-", "+", an id, or "(" and an id; or the error. */
export function rangeId(text: string, isStart: boolean): StreamId | string {
  if (text === '-') return LEAST_ID;
  if (text === '+') return GREATEST_ID;
  const isOpen = text.startsWith('(') && text.length > 1;
  const id = strictId(isOpen ? text.slice(1) : text, isStart ? 0 : Infinity);
  if (typeof id === 'string' || !isOpen) return id;
  return isStart ? idAfter(id) : (idBefore(id) ?? 'ERR invalid end ID for the interval');
}

export function idAfter({ ms, seq }: StreamId): StreamId {
  return seq === Infinity ? { ms: ms + 1, seq: 0 } : { ms, seq: seq + 1 };
}

function idBefore({ ms, seq }: StreamId): StreamId | undefined {
  if (seq > 0) return { ms, seq: seq === Infinity ? Number.MAX_SAFE_INTEGER : seq - 1 };
  return ms === 0 ? undefined : { ms: ms - 1, seq: Infinity };
}

/**
 * Returns the id of a new entry: "*" is by the clock, "ms-*" the next of that millisecond. Returns undefined if it is
 * no id.
 */
export function newId(text: string, last: StreamId, nowMs: number): StreamId | undefined {
  if (text === '*') {
    const ms = Math.floor(nowMs);
    return ms > last.ms ? { ms, seq: 0 } : idAfter(last);
  }
  if (!text.endsWith('-*')) return parseId(text, 0);
  const id = parseId(text.slice(0, -2), 0);
  return id !== undefined && id.ms === last.ms ? { ms: last.ms, seq: last.seq + 1 } : id;
}

/** Returns the key of an entry in a radix tree: both parts, most significant byte first. */
export function idKey({ ms, seq }: StreamId): Uint8Array {
  const key = new Uint8Array(16);
  const view = new DataView(key.buffer);
  view.setUint32(0, Math.floor(ms / 2 ** 32));
  view.setUint32(4, ms % 2 ** 32);
  view.setUint32(8, Math.floor(seq / 2 ** 32));
  view.setUint32(12, seq % 2 ** 32);
  return key;
}

export function idText({ ms, seq }: StreamId): string {
  return `${partText(ms)}-${partText(seq)}`;
}

export function idLength(id: StreamId): number {
  return idText(id).length;
}

function partText(part: number): string {
  return part === Infinity ? MAX_PART : `${part}`;
}
