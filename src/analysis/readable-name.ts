import { latin1Bytes } from '../base/index.js';

/**
 * Returns a key's name as printable text. `name` has a character for each byte. It is decoded as UTF-8 if it is valid,
 * and characters that would control a terminal are escaped.
 */
export function readableName(name: string): string {
  return decoded(name).replaceAll(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!;
    return `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

function decoded(name: string): string {
  const bytes = latin1Bytes(name);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return name;
  }
}

/** Control characters, and characters that change the direction of text or break lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
