import { concatBytes } from '../base/index.js';

/** zlib streams (RFC 1950), with what Node and pages both have. */

export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(new CompressionStream('deflate'), bytes, Number.POSITIVE_INFINITY);
}

/** Undefined when the bytes are no zlib stream, or one of another length; no more than that is ever held. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const inflated = await through(new DecompressionStream('deflate'), bytes, length);
    return inflated.length === length ? inflated : undefined;
  } catch (error) {
    // Both say with a TypeError what they stumble over; zlib's own errors have a code.
    if (error instanceof TypeError || (error as { code?: unknown }).code !== undefined) return undefined;
    throw error;
  }
}

async function through(
  transform: GenericTransformStream,
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer: WritableStreamDefaultWriter<Uint8Array> = transform.writable.getWriter();
  const reader: ReadableStreamDefaultReader<Uint8Array> = transform.readable.getReader();
  // What goes wrong here goes wrong in reading, too, and is reported there.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    pieces.push(next.value);
    if (length > limit) {
      await reader.cancel();
      break;
    }
  }
  return concatBytes(pieces);
}
