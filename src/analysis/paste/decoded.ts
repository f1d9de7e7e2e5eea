/** Undoes what mail, URLs and secrets do to a whole text: quoted-printable, percent encoding, base64. */

/** A shorter text without blanks can be a word. */
const MIN_BASE64 = 64;

export function decoded(text: string): string {
  if (/=0D=0A|=3A\d/.test(text)) return fromQuotedPrintable(text);
  if (/%0A/i.test(text) && /%3A/i.test(text)) return fromPercent(text);
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
  return text.replaceAll(/%([0-9A-F]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Returns the text that base64 stands for; null if it stands for bytes that are no text. */
function fromBase64(text: string): string | null {
  const bytes = atob(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they show that the bytes are no text
  return /[\x00-\x08\x0e-\x1a]/.test(bytes) ? null : bytes;
}
