import { Slice } from '../../input/index.js';
import { LookupKey, numberText, type ValueContext, valueLength } from '../values/index.js';

const FILLER = 0x78;

/** Gives the strings of containers as slices of a file. Letters stand for bytes that the model does not keep. */
export class SavedStrings {
  readonly #space: ValueContext;
  readonly #needle = new LookupKey();
  #letters = new Uint8Array(0);

  constructor(space: ValueContext) {
    this.#space = space;
  }

  /** Fills a slice with a kept string. One of which only the first bytes are known has its hashes, too. */
  kept(slot: number, slice: Slice): Slice {
    const { contents } = this.#space;
    const known = contents.known(slot);
    const { length, hash, secondHash } = contents.point(slot, this.#needle);
    const own = slice.own(length);
    own.set(known);
    if (known.length === length) return slice;
    own.fill(FILLER, known.length, length);
    slice.hashes = { hash, secondHash };
    return slice;
  }

  /** Fills a slice with the value of a hash field: its text if it may be a number, else letters. */
  value(code: number, slice: Slice): Slice {
    const { contents } = this.#space;
    const text = numberText(contents, code);
    return text === undefined ? this.letters(valueLength(contents, code), slice) : ownBytes(text, slice);
  }

  letters(length: number, slice: Slice): Slice {
    if (this.#letters.length < length) this.#letters = new Uint8Array(Math.max(length, 1024)).fill(FILLER);
    slice.view(this.#letters, 0, length);
    return slice;
  }
}

/** Fills a slice with a copy of bytes. */
export function ownBytes(bytes: Uint8Array, slice: Slice): Slice {
  slice.own(bytes.length).set(bytes);
  return slice;
}

/** Returns a slice of which only the length matters, such as that of a listpack. */
export function blobOf(bytes: number): Slice {
  const slice = new Slice();
  slice.view(NONE, 0, bytes);
  return slice;
}

const NONE = new Uint8Array();
