/*
 * The length of a HyperLogLog's string depends on its 16,384 registers, which stay runs while these are short enough. A
 * run of zeros takes one byte up to 64 registers, and two above. A run of up to 4 equal values takes one byte.
 */

export const HLL_HEADER = 16;
export const HLL_DENSE_BYTES = HLL_HEADER + (16_384 * 6) / 8;
const REGISTERS = 16_384;
const MAX_ONE_BYTE_ZEROS = 64;
const MAX_VALUE_RUN = 4;
const MAX_SPARSE_VALUE = 32;
/** Number of runs, from the one before a change, among which equal neighbours are joined. */
const JOINED_RUNS = 5;

export interface Run {
  length: number;
  value: number;
  /** Whether the string ends within the run, whose second byte is missing. */
  readonly isCut?: boolean;
}

/** Result of adding an element. A string from elsewhere may be corrupt: it lacks the element's register. */
export type HllChange = 'same' | 'changed' | 'too-large' | 'corrupt';

export class HyperLogLog {
  isDense = false;
  /** Length of the sparse string, header included. */
  bytes = HLL_HEADER + 2;
  /** Capacity of the string after it first grew; 0 before. */
  room = 0;
  readonly registers = new Map<number, number>();
  #runs: Run[] = [{ length: REGISTERS, value: 0 }];

  /** Returns the HyperLogLog of sparse runs, which are corrupt unless they cover all registers. */
  static ofRuns(runs: readonly Run[]): HyperLogLog {
    const hll = new HyperLogLog();
    hll.#runs = [...runs];
    hll.bytes = runs.reduce((sum, run) => sum + bytesOf(run), HLL_HEADER);
    let register = 0;
    for (const { length, value } of runs) {
      if (value > 0) for (let at = register; at < register + length; at++) hll.registers.set(at, value);
      register += length;
    }
    return hll;
  }

  /** Returns a dense HyperLogLog of registers that are not 0. */
  static ofRegisters(registers: Iterable<readonly [register: number, value: number]>): HyperLogLog {
    const hll = new HyperLogLog();
    hll.becomeDense();
    for (const [register, value] of registers) hll.registers.set(register, value);
    return hll;
  }

  /** Whether its runs do not cover the registers exactly. */
  get isCorrupt(): boolean {
    return !this.isDense && this.#runs.reduce((sum, { length }) => sum + length, 0) !== REGISTERS;
  }

  /** Returns all registers as runs of equal values; empty if dense. */
  get runs(): readonly Readonly<Run>[] {
    return this.#runs;
  }

  /** Raises a register to at least `value`. Returns 'too-large' if the runs would pass `maxBytes`. */
  raise(register: number, value: number, maxBytes: number): HllChange {
    if ((this.registers.get(register) ?? 0) >= value) return 'same';
    const change = this.isDense ? 'changed' : this.#raiseSparse(register, value, maxBytes);
    if (change === 'changed') this.registers.set(register, value);
    return change;
  }

  becomeDense(): void {
    this.isDense = true;
    this.#runs = [];
  }

  copy(): HyperLogLog {
    const copy = new HyperLogLog();
    copy.isDense = this.isDense;
    copy.bytes = this.bytes;
    copy.#runs = this.#runs.map((run) => ({ ...run }));
    for (const [register, value] of this.registers) copy.registers.set(register, value);
    return copy;
  }

  #raiseSparse(register: number, value: number, maxBytes: number): HllChange {
    if (value > MAX_SPARSE_VALUE) return 'too-large';
    let at = 0;
    let first = 0;
    while (at < this.#runs.length && register >= first + this.#runs[at]!.length) {
      first += this.#runs[at++]!.length;
    }
    const run = this.#runs[at];
    if (run === undefined) return 'corrupt';
    if (run.length === 1) {
      run.value = value;
    } else {
      const pieces = [
        { length: register - first, value: run.value },
        { length: 1, value },
        { length: first + run.length - 1 - register, value: run.value },
      ].filter(({ length }) => length > 0);
      const growth = pieces.reduce((sum, piece) => sum + bytesOf(piece), 0) - bytesOf(run);
      if (growth > 0 && this.bytes + growth > maxBytes) return 'too-large';
      this.#runs.splice(at, 1, ...pieces);
      this.bytes += growth;
    }
    this.#join(Math.max(0, at - 1));
    return 'changed';
  }

  #join(from: number): void {
    let at = from;
    for (let looked = 0; looked < JOINED_RUNS && at < this.#runs.length; looked++) {
      const run = this.#runs[at]!;
      const next = this.#runs[at + 1];
      const fits = next !== undefined && run.value !== 0 && next.value === run.value;
      if (fits && run.length + next.length <= MAX_VALUE_RUN) {
        next.length += run.length;
        this.#runs.splice(at, 1);
        this.bytes--;
      } else {
        at++;
      }
    }
  }
}

function bytesOf({ length, value, isCut }: Run): number {
  if (isCut === true) return 1;
  return value === 0 && length > MAX_ONE_BYTE_ZEROS ? 2 : 1;
}

/** Returns an element's register, which is the low bits of its hash, and its value: the number of zeros above them. */
export function placeOf(element: Uint8Array): { register: number; value: number } {
  const hash = murmur64(element);
  const register = Number(hash & 0x3fffn);
  let rest = (hash >> 14n) | (1n << 50n);
  let value = 1;
  for (; (rest & 1n) === 0n; rest >>= 1n) value++;
  return { register, value };
}

const M = 0xc6a4a7935bd1e995n;
const SEED = 0xadc83b19n;

/** MurmurHash64A (Austin Appleby, public domain). */
function murmur64(bytes: Uint8Array): bigint {
  let hash = SEED ^ BigInt.asUintN(64, BigInt(bytes.length) * M);
  const whole = bytes.length & ~7;
  for (let at = 0; at < whole; at += 8) {
    let word = BigInt.asUintN(64, littleEndian(bytes, at, 8) * M);
    word ^= word >> 47n;
    word = BigInt.asUintN(64, word * M);
    hash = BigInt.asUintN(64, (hash ^ word) * M);
  }
  if (whole < bytes.length) {
    hash = BigInt.asUintN(64, (hash ^ littleEndian(bytes, whole, bytes.length - whole)) * M);
  }
  hash ^= hash >> 47n;
  hash = BigInt.asUintN(64, hash * M);
  return hash ^ (hash >> 47n);
}

function littleEndian(bytes: Uint8Array, from: number, count: number): bigint {
  let word = 0n;
  for (let at = count - 1; at >= 0; at--) word = (word << 8n) | BigInt(bytes[from + at]!);
  return word;
}
