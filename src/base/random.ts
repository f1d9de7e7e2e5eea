/**
 * The only source of random numbers: sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. It is small
 * and fast and passes PractRand. It works on 32-bit words only, so that every machine and runtime draws the same
 * numbers.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  /** The limit of the last call of `below`, and the first word that would favour some results for it. */
  #limit = 1;
  #unbiased = 0x100000000;

  /** Creates a generator; only the low 32 bits of `seed` count. */
  constructor(seed: number) {
    const next = splitmix32(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    // The published seeding discards 12 rounds, after which nearby seeds no longer resemble each other.
    for (let round = 0; round < 12; round++) this.word();
  }

  /** Returns a uniform word in 0 .. 2^32 - 1. */
  word(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Returns a uniform number in 0 .. limit - 1, for 1 <= limit <= 2^32; without modulo bias. */
  below(limit: number): number {
    if (limit !== this.#limit) {
      this.#limit = limit;
      this.#unbiased = 0x100000000 - (0x100000000 % limit);
    }
    let word = this.word();
    while (word >= this.#unbiased) word = this.word();
    return word % limit;
  }

  /** Returns a uniform number in [0, 1), in steps of 2^-32. */
  share(): number {
    return this.word() / 0x100000000;
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
