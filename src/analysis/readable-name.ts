import { latin1Bytes, visible } from '../base/index.js';

/**
 * Returns a key's name as printable text. `name` has a character for each byte. It is decoded as UTF-8 if it is valid,
 * and characters that would control a terminal are escaped.
 */
export function readableName(name: string): string {
  return visible(decoded(name), Number.POSITIVE_INFINITY);
}

function decoded(name: string): string {
  const bytes = latin1Bytes(name);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return name;
  }
}
