import { allocateColumns, type OpChunk } from './operation.js';

/** Copies the operations [from, to) of a chunk into a new chunk with its own buffer, which can be transferred. */
export function copyOfRange(chunk: OpChunk, from: number, to: number): OpChunk {
  const columns = allocateColumns(to - from);
  columns.what.set(chunk.what.subarray(from, to));
  columns.handle.set(chunk.handle.subarray(from, to));
  columns.size.set(chunk.size.subarray(from, to));
  return { firstPosition: chunk.firstPosition + from, length: to - from, ...columns };
}
