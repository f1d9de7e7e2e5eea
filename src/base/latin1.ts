/** Text of one character for each byte, both ways: what names and protocols are handled as. */

/** Arguments that a call can have for sure. */
const PIECE = 4096;

export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (to - from <= PIECE) {
    return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  }
  let text = '';
  for (let at = from; at < to; at += PIECE) text += latin1(bytes, at, Math.min(at + PIECE, to));
  return text;
}

/** What is beyond a byte loses its upper bits. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
