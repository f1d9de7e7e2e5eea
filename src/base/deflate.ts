/** zlib streams (RFC 1950), through the Compression Streams API that both Node and browsers have. */
import { concatBytes } from './concat.js';

export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(new CompressionStream('deflate'), bytes, Number.POSITIVE_INFINITY);
}

/**
 * Inflates a zlib stream of exactly `length` bytes. Returns undefined for invalid bytes and for another length. At most
 * about `length` bytes are held.
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const inflated = await through(new DecompressionStream('deflate'), bytes, length);
    return inflated.length === length ? inflated : undefined;
  } catch (error) {
    // Both runtimes throw a TypeError for invalid bytes; errors of Node's zlib have a code.
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
  // An error of writing also fails the reads below, which report it.
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
