/** Bytes of a listpack node by list-max-listpack-size -1 to -5. */
const BYTES_BY_LEVEL = [4096, 8192, 16_384, 32_768, 65_536] as const;
/** Largest node in bytes where the limit is a number of entries. */
const SAFE_BYTES = 8192;
/** Estimated bytes of one more entry beside its text. */
const ENTRY_OVERHEAD = 8;

/** The limits of a node that list-max-listpack-size sets, in bytes or in entries. */
export interface NodeLimit {
  readonly bytes: number;
  readonly entries: number;
}

/** quicklistNodeLimit */
export function nodeLimit(setting: number): NodeLimit {
  if (setting >= 0) return { bytes: Infinity, entries: Math.max(setting, 1) };
  const level = Math.min(-setting, BYTES_BY_LEVEL.length);
  return { bytes: BYTES_BY_LEVEL[level - 1]!, entries: Infinity };
}

/** quicklistNodeExceedsLimit */
export function exceeds(limit: NodeLimit, bytes: number, entries: number): boolean {
  if (limit.entries === Infinity) return bytes > limit.bytes;
  return bytes > SAFE_BYTES || entries > limit.entries;
}

/** Whether a list of one node may be a listpack, within the limits divided by `share`. */
export function fitsListpack(limit: NodeLimit, bytes: number, entries: number, share: number): boolean {
  return bytes <= Math.floor(limit.bytes / share) && entries <= Math.floor(limit.entries / share);
}

/** Returns whether an element of `length` bytes fits into a node. */
export function fitsNode(limit: NodeLimit, bytes: number, entries: number, length: number): boolean {
  return !exceeds(limit, bytes + length + ENTRY_OVERHEAD, entries + 1);
}

/**
 * Returns whether an element has a node of its own (isLargeElement). `fixed` is the threshold of servers that have
 * one, else 0.
 */
export function isLarge(limit: NodeLimit, fixed: number, length: number): boolean {
  if (fixed > 0) return length >= fixed;
  return length > (limit.entries === Infinity ? limit.bytes : SAFE_BYTES);
}
