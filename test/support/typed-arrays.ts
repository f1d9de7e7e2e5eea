/** Equal typed arrays are found equal by their bytes: element by element, Vitest takes seconds for a snapshot of a heap. */
import { expect } from 'vitest';

expect.addEqualityTesters([equalBytes]);

/** Returns true for equal arrays of one type; undefined leaves all else to Vitest. */
function equalBytes(one: unknown, other: unknown): true | undefined {
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) return undefined;
  if (one.constructor !== other.constructor || one.byteLength !== other.byteLength) return undefined;
  return Buffer.compare(bytesOf(one), bytesOf(other)) === 0 ? true : undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
