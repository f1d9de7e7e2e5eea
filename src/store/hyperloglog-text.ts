/**
 * Writes a HyperLogLog as the string of a server: a header, then runs of registers or all registers with 6 bits each.
 */
import { latin1, latin1Bytes, writeLatin1 } from '../base/index.js';
import { HLL_DENSE_BYTES, HLL_HEADER, HyperLogLog, type Run } from '../commands/index.js';

const REGISTERS = 16_384;
const BITS = 6;
/** Offset of the cached estimate. */
const ESTIMATE = 8;
/** Longest run of zeros that one byte encodes. */
const SHORT_RUN = 64;
/** Largest value of a register. */
const MOST = 51;
/** 1 / (2 ln 2) */
const ALPHA = 0.7213475204444817;

/** Returns the text of a HyperLogLog; it keeps the estimate of the text before, and marks it as stale. */
export function hyperLogLogText(hll: HyperLogLog, before: string | undefined): string {
  const bytes = hll.isDense ? dense(hll) : sparse(hll);
  bytes.set(latin1Bytes((before ?? '\0'.repeat(HLL_HEADER)).slice(ESTIMATE, HLL_HEADER)), ESTIMATE);
  writeLatin1('HYLL', bytes);
  bytes[4] = hll.isDense ? 0 : 1;
  bytes[HLL_HEADER - 1] = bytes[HLL_HEADER - 1]! | 0x80;
  return latin1(bytes);
}

/** Returns the HyperLogLog that a text is; undefined if it is none (hyperloglog.c: isHLLObjectOrReply). */
export function hyperLogLogOf(text: string): HyperLogLog | undefined {
  if (text.length < HLL_HEADER || !text.startsWith('HYLL')) return undefined;
  const encoding = text.charCodeAt(4);
  if (encoding === 0) return text.length === HLL_DENSE_BYTES ? denseOf(latin1Bytes(text)) : undefined;
  return encoding === 1 ? sparseOf(text) : undefined;
}

/** Returns the cached estimate; undefined if it is stale. */
export function cachedEstimate(text: string): bigint | undefined {
  if (text.charCodeAt(HLL_HEADER - 1) >= 0x80) return undefined;
  const bytes = latin1Bytes(text.slice(ESTIMATE, HLL_HEADER));
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

function denseOf(bytes: Uint8Array): HyperLogLog {
  const registers: [number, number][] = [];
  for (let register = 0; register < REGISTERS; register++) {
    const bit = register * BITS;
    const at = HLL_HEADER + (bit >>> 3);
    const value = ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >>> (bit & 7)) & ((1 << BITS) - 1);
    if (value > 0) registers.push([register, value]);
  }
  return HyperLogLog.ofRegisters(registers);
}

function sparseOf(text: string): HyperLogLog {
  const runs: Run[] = [];
  for (let at = HLL_HEADER; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) runs.push({ length: (code & 3) + 1, value: ((code >> 2) & 31) + 1 });
    else if (code < 0x40) runs.push({ length: code + 1, value: 0 });
    else {
      const isCut = ++at === text.length;
      runs.push({ length: (((code & 0x3f) << 8) | (text.charCodeAt(at) || 0)) + 1, value: 0, isCut });
    }
  }
  return HyperLogLog.ofRuns(runs);
}

/** Writes the estimate in 8 bytes, the lowest first; the highest bit, which marks a stale estimate, is clear. */
export function setCached(text: string, count: number): string {
  const bytes = new Uint8Array(HLL_HEADER - ESTIMATE);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(count), true);
  return text.slice(0, ESTIMATE) + latin1(bytes) + text.slice(HLL_HEADER);
}

function sparse(hll: HyperLogLog): Uint8Array {
  const bytes = new Uint8Array(hll.bytes);
  let at = HLL_HEADER;
  for (const { length, value, isCut } of hll.runs) {
    if (value > 0) bytes[at++] = 0x80 | ((value - 1) << 2) | (length - 1);
    else if (length <= SHORT_RUN) bytes[at++] = length - 1;
    else {
      bytes[at++] = 0x40 | ((length - 1) >>> 8);
      if (isCut !== true) bytes[at++] = (length - 1) & 0xff;
    }
  }
  return bytes;
}

function dense({ registers }: HyperLogLog): Uint8Array {
  const bytes = new Uint8Array(HLL_DENSE_BYTES);
  for (const [register, value] of registers) {
    const bit = register * BITS;
    const at = HLL_HEADER + (bit >>> 3);
    const shifted = value << (bit & 7);
    bytes[at] = bytes[at]! | (shifted & 0xff);
    if (shifted > 0xff) bytes[at + 1] = bytes[at + 1]! | (shifted >>> 8);
  }
  return bytes;
}

/** Estimates as the server does (Ertl, New cardinality estimation algorithms for HyperLogLog sketches, 2017). */
export function estimateOf(registers: ReadonlyMap<number, number>): number {
  const histogram = new Array<number>(MOST + 1).fill(0);
  for (const value of registers.values()) histogram[value] = histogram[value]! + 1;
  const zeros = REGISTERS - registers.size;
  let z = REGISTERS * tau((REGISTERS - histogram[MOST]!) / REGISTERS);
  for (let value = MOST - 1; value >= 1; value--) z = (z + histogram[value]!) * 0.5;
  z += REGISTERS * sigma(zeros / REGISTERS);
  return Math.round((ALPHA * REGISTERS * REGISTERS) / z);
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let x = share;
  let y = 1;
  let z = x;
  let before: number;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (before !== z);
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - x;
  let before: number;
  do {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  } while (before !== z);
  return z / 3;
}
