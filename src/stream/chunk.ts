import { allocateColumns, type OpChunk } from './operation.js';

/** Operations `from` to `to` (exclusive, counted within the chunk), in columns of their own: a chunk is a transferable. */
export function copyOfRange(chunk: OpChunk, from: number, to: number): OpChunk {
  const columns = allocateColumns(to - from);
  columns.what.set(chunk.what.subarray(from, to));
  columns.handle.set(chunk.handle.subarray(from, to));
  columns.size.set(chunk.size.subarray(from, to));
  return { firstPosition: chunk.firstPosition + from, length: to - from, ...columns };
}
