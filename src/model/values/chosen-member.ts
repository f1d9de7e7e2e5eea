import { LONGEST_WHOLE, LookupKey } from './lookup-key.js';

/** Of a string too long to be kept whole. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: number;
  readonly secondHash: number;
}

/** A member that the model has chosen, as far as it knows it. */
export type ChosenMember = Uint8Array | Fingerprint;

export function chosenMember(needle: LookupKey): ChosenMember {
  const { bytes, start, length } = needle;
  if (length <= LONGEST_WHOLE) return bytes.slice(start, start + length);
  return { length, hash: needle.hash, secondHash: needle.secondHash };
}

/** Which of these texts (each character is one byte) has the fingerprint. */
export function withFingerprint(texts: Iterable<string>, wanted: Fingerprint): string | undefined {
  const needle = new LookupKey();
  for (const text of texts) {
    if (text.length !== wanted.length) continue;
    const { hash, secondHash } = needle.setText(text);
    if (hash === wanted.hash && secondHash === wanted.secondHash) return text;
  }
  return undefined;
}
