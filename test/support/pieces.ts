import type { Random } from '#slablab/src/base/index.js';
/** Bytes as a file or a connection may deliver them. */
export async function* inPieces(bytes: Uint8Array, random?: Random): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = random === undefined ? bytes.length : random.below(2) * random.below(5000);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

export async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}
