/** Undoes what mail, URLs, secrets and dumps do to a whole text: quoted-printable, percent encoding, base64, hexadecimal. */

/** A shorter text without blanks can be a word. */
const MIN_BASE64 = 64;

/** A line end that quoted-printable adds to a long line. */
const SOFT_BREAK = /^.{70,75}=\r?$/m;

/** Lines of `hexdump -C` and `xxd`: an address, up to 16 bytes, and the same as text. */
const DUMP_LINE = /^[\da-f]{8}(?::| {2}) ?((?:[\da-f]{2,4} {1,2})+) *(?:\|.{1,16}\||.{1,16})$/;
/** The line that `hexdump -C` ends with. */
const DUMP_END = /^[\da-f]{8}$/;

export function decoded(text: string): string {
  if (/=0D=0A|=3[AD]\d/.test(text) || SOFT_BREAK.test(text)) return fromQuotedPrintable(text);
  if (/%0A/i.test(text) && /%3A/i.test(text)) return fromPercent(text);
  const dumped = fromDump(text);
  if (dumped !== null) return dumped;
  const bare = text.replaceAll(/\s/g, '');
  if (bare.length >= MIN_BASE64 && bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare)) {
    return fromBase64(bare) ?? text;
  }
  return text;
}

function fromQuotedPrintable(text: string): string {
  return text
    .replaceAll(/=[ \t]*\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function fromPercent(text: string): string {
  // Forms write blanks as plus signs.
  const blanked = /%20|\S[ \t]+\S/.test(text) ? text : text.replaceAll('+', ' ');
  return blanked.replaceAll(/%([0-9A-F]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Returns the text that base64 stands for; null if it stands for bytes that are no text. */
function fromBase64(text: string): string | null {
  const bytes = atob(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they show that the bytes are no text
  return /[\x00-\x08\x0e-\x1a]/.test(bytes) ? null : bytes;
}

/** Returns the text of a dump of bytes; null if a line is of none, or lines are missing. */
function fromDump(text: string): string | null {
  const lines = text.trimEnd().split(/\r?\n/);
  const bytes: number[] = [];
  for (const line of lines) {
    if (DUMP_END.test(line)) continue;
    const hex = DUMP_LINE.exec(line)?.[1];
    if (hex === undefined || Number.parseInt(line.slice(0, 8), 16) !== bytes.length) return null;
    for (const pair of hex.match(/[\da-f]{2}/g)!.slice(0, 16)) bytes.push(Number.parseInt(pair, 16));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
