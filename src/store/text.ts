import { latin1 } from '../base/index.js';

const SHORT = 64;
/** Arguments that a function call surely takes. */
const PIECE = 8192;

/** Bytes as text in which each character is one byte: what names and values are kept as, whatever they mean. */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) return latin1(bytes, 0, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
}
