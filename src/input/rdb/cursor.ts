import { type InputError, plural, refusal } from '../../base/index.js';
import type { ByteWindow } from '../../resp/index.js';
import { Slice } from '../slice.js';
import { BlobChecker } from './blob.js';
import { decompressLzf, MAX_LZF_RATIO } from './lzf.js';
import { StringEncoding } from './rdb-format.js';

const REMEDY_TRUNCATED = 'the file was cut short: copy or save it again';
const REMEDY_DAMAGED = 'the file is damaged: copy or save it again';

/** Reads the atoms of the format: lengths, strings, times. Every error names the byte and the key. */
export class RdbCursor {
  readonly window: ByteWindow;
  /** Returns what is being read, for messages: "key \"a\"", "the header". It is called only for errors. */
  context: () => string = () => 'the header';
  /** The encoding of the last string. */
  stringEncoding: 'raw' | 'integer' | 'lzf' = 'raw';
  /** Whether the last `#length` returned a string encoding. */
  #isEncoding = false;
  readonly checker = new BlobChecker();
  /** The slice of the last string, which the next one refills. */
  readonly scratch = new Slice();
  /** The slice of the last blob, which the next one refills. */
  readonly blob = new Slice();
  readonly #skipped = new Slice();

  constructor(window: ByteWindow) {
    this.window = window;
  }

  get position(): number {
    return this.window.position;
  }

  damaged(found: string, byte = this.position): InputError {
    return refusal(this.window.name, byte, `${found} (reading ${this.context()})`, REMEDY_DAMAGED);
  }

  unsupported(found: string, remedy: string, byte = this.position): InputError {
    return refusal(this.window.name, byte, `${found} (reading ${this.context()})`, remedy);
  }

  /** Reads `count` bytes, and steps past them. Returns their start in the window. */
  take(count: number): number {
    const { window } = this;
    if (window.end - window.at < count && !this.#fill(count)) {
      const missing = `${plural(count, 'byte')} ${count === 1 ? 'is' : 'are'} missing`;
      const found = `${missing} from byte ${this.position} on`;
      throw refusal(window.name, window.read, `${found} (reading ${this.context()})`, REMEDY_TRUNCATED);
    }
    const start = window.at;
    window.at = start + count;
    return start;
  }

  #fill(count: number): boolean {
    // This is checked first, so that a wrong length does not allocate memory.
    return count <= this.window.remaining && this.window.need(count);
  }

  byte(): number {
    const start = this.take(1);
    return this.window.bytes[start]!;
  }

  /** Reads a count or a length. Refuses numbers that no file can have. */
  length(what: string): number {
    const at = this.position;
    const value = this.#length();
    if (this.#isEncoding) throw this.damaged(`an encoded string where ${what} should be`, at);
    if (value > Number.MAX_SAFE_INTEGER) throw this.damaged(`${what}: ${value}`, at);
    return value;
  }

  /** Reads a number of elements that each take at least `bytesEach` bytes of the file. */
  count(what: string, bytesEach: number): number {
    const at = this.position;
    const count = this.length(what);
    if (count * bytesEach > this.window.remaining) {
      throw this.damaged(`${what}: ${count}, for which the rest of the file is too short`, at);
    }
    return count;
  }

  /** Reads a length with all of its 64 bits. */
  bigLength(what: string): bigint {
    const at = this.position;
    if (this.#peek() === 0x81) {
      this.take(1);
      return this.#data(8).getBigUint64(0);
    }
    const value = this.#length();
    if (this.#isEncoding) throw this.damaged(`an encoded string where ${what} should be`, at);
    return BigInt(value);
  }

  #peek(): number {
    this.take(1);
    this.window.at--;
    return this.window.bytes[this.window.at]!;
  }

  #length(): number {
    const { window } = this;
    const start = this.take(1);
    const first = window.bytes[start]!;
    this.#isEncoding = false;
    switch (first >>> 6) {
      case 0:
        return first;
      case 1: {
        const next = this.take(1);
        return ((first & 0x3f) << 8) | window.bytes[next]!;
      }
      case 2: {
        if (first === 0x80) return this.#data(4).getUint32(0);
        if (first === 0x81) return Number(this.#data(8).getBigUint64(0));
        throw this.damaged(`unknown length 0x${first.toString(16)}`, this.position - 1);
      }
      default:
        this.#isEncoding = true;
        return first & 0x3f;
    }
  }

  /** Reads a string. If it is stored raw, `into` becomes a view of the window. */
  string(into: Slice, what: string): Slice {
    const at = this.position;
    const length = this.#length();
    if (!this.#isEncoding) {
      this.stringEncoding = 'raw';
      if (length > this.window.remaining) {
        throw this.damaged(`${what} of ${length} bytes, for which the rest of the file is too short`, at);
      }
      const start = this.take(length);
      into.view(this.window.bytes, start, length);
      return into;
    }
    switch (length) {
      case StringEncoding.int8:
      case StringEncoding.int16:
      case StringEncoding.int32:
        this.stringEncoding = 'integer';
        into.integer(this.signed(1 << length));
        return into;
      case StringEncoding.lzf:
        this.stringEncoding = 'lzf';
        return this.#compressed(into, what, at);
      default:
        throw this.damaged(`${what} in the unknown string encoding ${length}`, at);
    }
  }

  /** Reads a string that stays valid until `release`. If it is a view, the window keeps its bytes. */
  heldString(into: Slice, what: string): void {
    this.string(into, what);
    if (into.bytes === this.window.bytes) this.window.hold = into.start;
  }

  /** Ends the hold of `heldString`, and points the slice to where its bytes are now. */
  release(held: Slice): void {
    const { window } = this;
    if (window.hold < 0) return;
    const { isInteger } = held;
    held.view(window.bytes, window.hold, held.length);
    held.isInteger = isInteger;
    window.hold = -1;
  }

  skipString(what: string): void {
    this.string(this.#skipped, what);
  }

  signed(bytes: number): number {
    const data = this.#data(bytes);
    if (bytes === 1) return data.getInt8(0);
    return bytes === 2 ? data.getInt16(0, true) : data.getInt32(0, true);
  }

  /** Reads a time in milliseconds, rounded to a double. */
  milliseconds(): number {
    return Number(this.#data(8).getBigInt64(0, true));
  }

  double(): number {
    return this.#data(8).getFloat64(0, true);
  }

  /** Reads the 16 bytes of a stream ID, big endian. */
  streamId(id: { ms: bigint; seq: bigint }): void {
    const data = this.#data(16);
    id.ms = data.getBigUint64(0);
    id.seq = data.getBigUint64(8);
  }

  /** Returns the next bytes. The buffer is read after `take`, which may replace it. */
  #data(count: number): DataView {
    const start = this.take(count);
    const { buffer, byteOffset } = this.window.bytes;
    return new DataView(buffer, byteOffset + start, count);
  }

  #compressed(into: Slice, what: string, at: number): Slice {
    const compressed = this.length(`the compressed length of ${what}`);
    const length = this.length(`the length of ${what}`);
    if (compressed > this.window.remaining) {
      throw this.damaged(`${what} of ${compressed} compressed bytes: the rest of the file is too short`, at);
    }
    if (length > compressed * MAX_LZF_RATIO || length === 0) {
      throw this.damaged(`${what}: ${compressed} compressed bytes cannot hold ${length}`, at);
    }
    const start = this.take(compressed);
    const { bytes } = this.window;
    const problem = decompressLzf(bytes, start, start + compressed, into.own(length), length);
    if (problem !== undefined) throw this.damaged(`${what}, compressed with LZF: ${problem}`, at);
    into.compressedLength = compressed;
    return into;
  }
}
