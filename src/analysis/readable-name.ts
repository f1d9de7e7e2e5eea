import { latin1Bytes } from '../base/index.js';

/** A key's bytes (a character each) as text for people: UTF-8 if it is, and nothing in it that a terminal would obey. */
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

/** Controls, and what changes the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
