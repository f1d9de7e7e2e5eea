/**
 * Names that the model puts into the buckets of the recorded servers. These chose buckets by SipHash-1-2 with a fixed seed,
 * and the model by a hash of its own. A name is replaced by one of its length whose hash ends in the same bits.
 */
import { hashOf } from '#slablab/src/base/index.js';

/** Bits of the largest bucket number in a recorded table. */
const BITS = 10;
const MASK = (1n << 64n) - 1n;
const SEED = new TextEncoder().encode('0123456789abcdef');

export class ServerNames {
  readonly #known = new Map<string, string>();
  #tried = 0;

  /** Returns the name that stands for a server's name. */
  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const wanted = Number(sipHash(new TextEncoder().encode(name)) & ((1n << BigInt(BITS)) - 1n));
    for (;;) {
      const end = (this.#tried++).toString(36).padStart(Math.min(6, name.length), '.');
      const candidate = name.slice(0, name.length - end.length) + end;
      const bytes = new TextEncoder().encode(candidate);
      if ((hashOf(bytes, 0, bytes.length) & ((1 << BITS) - 1)) !== wanted) continue;
      this.#known.set(name, candidate);
      return candidate;
    }
  }
}

/** SipHash with one round for each word and two at the end, as the servers compute it. */
function sipHash(bytes: Uint8Array): bigint {
  const seed = new DataView(SEED.buffer);
  const [low, high] = [seed.getBigUint64(0, true), seed.getBigUint64(8, true)];
  const state = [
    0x736f6d6570736575n ^ low,
    0x646f72616e646f6dn ^ high,
    0x6c7967656e657261n ^ low,
    0x7465646279746573n ^ high,
  ] as [bigint, bigint, bigint, bigint];
  const padded = new Uint8Array(Math.floor(bytes.length / 8) * 8 + 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) {
    const word = words.getBigUint64(at, true);
    state[3] ^= word;
    round(state);
    state[0] ^= word;
  }
  state[2] ^= 0xffn;
  round(state);
  round(state);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

function round(state: [bigint, bigint, bigint, bigint]): void {
  let [a, b, c, d] = state;
  a = (a + b) & MASK;
  b = rotated(b, 13n) ^ a;
  a = rotated(a, 32n);
  c = (c + d) & MASK;
  d = rotated(d, 16n) ^ c;
  a = (a + d) & MASK;
  d = rotated(d, 21n) ^ a;
  c = (c + b) & MASK;
  b = rotated(b, 17n) ^ c;
  c = rotated(c, 32n);
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function rotated(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & MASK;
}
