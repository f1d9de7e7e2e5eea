const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_LE_MARK = [0xff, 0xfe];
const UTF16_BE_MARK = [0xfe, 0xff];

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Returns the encoding of a text by its byte order mark or, as JSON and logs begin with ASCII, by its first bytes. */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  const begins = (mark: readonly number[]) => mark.every((byte, index) => bytes[index] === byte);
  if (begins(UTF16_LE_MARK)) return 'utf-16le';
  if (begins(UTF16_BE_MARK)) return 'utf-16be';
  const pairs = [0, 2].filter((at) => at + 1 < bytes.length);
  const isWide = (ascii: 0 | 1) =>
    pairs.length > 0 && pairs.every((at) => isAscii(bytes[at + ascii]!) && bytes[at + 1 - ascii] === 0);
  if (isWide(0)) return 'utf-16le';
  return isWide(1) ? 'utf-16be' : 'utf-8';
}

/** Whether a byte is a printable character of ASCII, a tab or a line end. */
function isAscii(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Returns the number of bytes of a UTF-8 byte order mark at the beginning: 3, or 0 if there is none. */
export function markBytes(bytes: Uint8Array): number {
  return UTF8_MARK.every((byte, index) => bytes[index] === byte) ? UTF8_MARK.length : 0;
}

/** Returns a text in UTF-8 or UTF-16 without its byte order mark. */
export function decodedText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}
