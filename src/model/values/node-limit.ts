/** Bytes of a listpack node by list-max-listpack-size -1 to -5. */
const BYTES_BY_LEVEL = [4096, 8192, 16_384, 32_768, 65_536] as const;
/** Where the limit is a number of entries, a node is still no larger than this. */
const SAFE_BYTES = 8192;
/** What one more entry is thought to cost beside its text. */
const ENTRY_OVERHEAD = 8;

/** What list-max-listpack-size means: bytes, or entries. */
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

/** Does an element of `length` bytes fit into a node? */
export function fitsNode(limit: NodeLimit, bytes: number, entries: number, length: number): boolean {
  return !exceeds(limit, bytes + length + ENTRY_OVERHEAD, entries + 1);
}

/** isLargeElement: has it a node of its own? `fixed` is the threshold of servers that have one (0: none). */
export function isLarge(limit: NodeLimit, fixed: number, length: number): boolean {
  if (fixed > 0) return length >= fixed;
  return length > (limit.entries === Infinity ? limit.bytes : SAFE_BYTES);
}
