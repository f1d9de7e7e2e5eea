/** Returns all parts as one, in order. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return filled(new Uint8Array(lengthOf(parts)), parts);
}

/** Returns all parts as one, in order. */
export function concatWords(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  return filled(new Uint32Array(lengthOf(parts)), parts);
}

function lengthOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function filled<Of extends Uint8Array | Uint32Array>(
  whole: Of,
  parts: readonly (Uint8Array | Uint32Array)[],
): Of {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
