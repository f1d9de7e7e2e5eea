import { LONGEST_WHOLE, LookupKey } from './lookup-key.js';

/** The length and hashes of a string too long to be kept whole. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: number;
  readonly secondHash: number;
}

/** A member that the model has chosen: its bytes if they are known, else its fingerprint. */
export type ChosenMember = Uint8Array | Fingerprint;

export function chosenMember(needle: LookupKey): ChosenMember {
  const { bytes, start, length } = needle;
  if (length <= LONGEST_WHOLE) return bytes.slice(start, start + length);
  return { length, hash: needle.hash, secondHash: needle.secondHash };
}

/** Returns the text that has the fingerprint; each character of a text is one byte. */
export function withFingerprint(texts: Iterable<string>, wanted: Fingerprint): string | undefined {
  const needle = new LookupKey();
  for (const text of texts) {
    if (text.length !== wanted.length) continue;
    const { hash, secondHash } = needle.setText(text);
    if (hash === wanted.hash && secondHash === wanted.secondHash) return text;
  }
  return undefined;
}
