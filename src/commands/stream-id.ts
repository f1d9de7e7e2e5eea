/** The time of a stream entry and its number within the millisecond, exact up to 2^53. */
export interface StreamId {
  readonly ms: number;
  readonly seq: number;
}

export const LEAST_ID: StreamId = { ms: 0, seq: 0 };
export const GREATEST_ID: StreamId = { ms: Infinity, seq: Infinity };

export function compareIds(left: StreamId, right: StreamId): number {
  return left.ms === right.ms ? left.seq - right.seq : left.ms - right.ms;
}

/** Parses "ms-seq", or "ms" with `missing` as the second part; returns undefined for other texts. */
export function parseId(text: string, missing: number): StreamId | undefined {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (match === null) return undefined;
  return { ms: Number(match[1]), seq: match[2] === undefined ? missing : Number(match[2]) };
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

export function idLength({ ms, seq }: StreamId): number {
  return `${ms}-${seq}`.length;
}
