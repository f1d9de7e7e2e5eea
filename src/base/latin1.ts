/** Text with one character for each byte, which is how names, values and protocols are handled. */

/** The longest text for which concatenation is faster than a call with an argument for each byte. */
const SHORT = 32;
/** The longest text that is written a character at a time in less time than by an encoder. */
const LONG = 64;
const encoder = new TextEncoder();
/** A number of arguments that every engine accepts in a call. */
const PIECE = 4096;

/** Returns the bytes `from` to `end` as text. */
export function latin1(bytes: Uint8Array, from = 0, end = bytes.length): string {
  let text = '';
  let at = from;
  if (end - from <= SHORT) {
    for (; at + 4 <= end; at += 4) {
      text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
    }
    for (; at < end; at++) text += String.fromCharCode(bytes[at]!);
    return text;
  }
  for (; at < end; at += PIECE) {
    // Spreading a typed array takes ten times as long.
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, Math.min(at + PIECE, end)));
  }
  return text;
}

/** Returns the bytes of a text; a character beyond a byte loses its upper bits. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  writeLatin1(text, bytes);
  return bytes;
}

/** Writes the bytes of a text from `start` on. */
export function writeLatin1(text: string, into: Uint8Array, start = 0): void {
  if (text.length > LONG) {
    const { read, written } = encoder.encodeInto(text, into.subarray(start, start + text.length));
    // Only a text in ASCII has as many bytes as characters.
    if (read === text.length && written === text.length) return;
  }
  for (let at = 0; at < text.length; at++) into[start + at] = text.charCodeAt(at);
}

/** Whether each character is one byte in UTF-8. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Returns the bytes that a text has in UTF-8, with one character for each. */
export function utf8AsLatin1(text: string): string {
  return latin1(new TextEncoder().encode(text));
}
