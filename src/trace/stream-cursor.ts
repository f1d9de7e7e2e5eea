import { closeSync, openSync, readSync } from 'node:fs';
import {
  BYTE_ORDER_MARK,
  HEAD_SITE,
  MAX_FRAMES,
  MAX_RECORD_BYTES,
  RAW_VERSION,
  RecordKind,
  STREAM_HEADER_BYTES,
  STREAM_MAGIC,
  WORD_BYTES,
} from './raw-format.js';

/**
 * Reads the records of one stream. The fields are those of the current record, so that a record needs no object. The
 * stream ends at a head of zero, at the end of the file, or at damage, which `problem` then describes.
 */
export class StreamCursor {
  problem: string | undefined;
  kind = 0;
  flags = 0;
  order = 0;
  pointer = 0;
  size = 0;
  site = 0;
  /** For a resize: the region before, and the order in which it was given up. */
  oldPointer = 0;
  orderBefore = 0;
  /** For an aligned call, log2 of its alignment; for a failed one, the kind of the call. */
  extra = 0;
  clockNs = 0;
  frames: number[] = [];
  /** The thread whose records these are. */
  thread = 0;

  readonly #path: string;
  readonly #fd: number;
  readonly #buffer: Buffer;
  #at = 0;
  #end = 0;
  #filePosition = 0;

  constructor(path: string, bufferBytes: number) {
    this.#path = path;
    this.#buffer = Buffer.allocUnsafe(Math.max(bufferBytes, 4 * MAX_RECORD_BYTES));
    this.#fd = openSync(path, 'r');
    this.#readHeader();
  }

  /** Moves to the next record. Returns false at the end. */
  next(): boolean {
    for (;;) {
      if (this.#end - this.#at < MAX_RECORD_BYTES) this.#fill();
      if (this.problem !== undefined || this.#end - this.#at < 2) return false;
      const first = this.#buffer[this.#at]!;
      if ((first & 31) === RecordKind.pad) this.#at++;
      else break;
    }
    return this.#decode();
  }

  close(): void {
    closeSync(this.#fd);
  }

  #decode(): boolean {
    const buffer = this.#buffer;
    const start = this.#at;
    const head = buffer[start]! | (buffer[start + 1]! << 8);
    if (head === 0) return false;
    const kind = head & 31;
    if (kind > RecordKind.site || kind === RecordKind.none)
      return this.#damaged(start, `record of kind ${kind}`);
    let at = start + 2;
    this.kind = kind;
    this.flags = head;
    const width = 1 << ((head >> 5) & 3);
    const before = this.order;
    this.order = before + this.#number(at, width);
    at += width;
    const pointerBytes = (head >> 7) & 7;
    if (pointerBytes > 0) {
      this.pointer += unzigzag(this.#number(at, pointerBytes)) * 8;
      at += pointerBytes;
    }
    const sizeBytes = (head >> 10) & 7;
    this.size = this.#number(at, sizeBytes);
    at += sizeBytes;
    this.site = 0;
    if ((head & HEAD_SITE) !== 0) {
      this.site = this.#number(at, 3);
      at += 3;
    }
    switch (kind) {
      case RecordKind.realloc:
      case RecordKind.rallocx: {
        const head = buffer[at++]!;
        const gapBytes = 1 << (head & 3);
        this.orderBefore = Math.max(before, this.order - this.#number(at, gapBytes));
        at += gapBytes;
        const oldBytes = (head >> 2) & 7;
        this.oldPointer = this.pointer + unzigzag(this.#number(at, oldBytes)) * 8;
        at += oldBytes;
        break;
      }
      case RecordKind.aligned:
      case RecordKind.failed:
        this.extra = buffer[at++]!;
        break;
      case RecordKind.clock:
        this.clockNs = this.#number(at, 8);
        at += 8;
        break;
      case RecordKind.thread:
        this.thread = this.size;
        break;
      case RecordKind.site: {
        const count = buffer[at++]!;
        if (count > MAX_FRAMES) return this.#damaged(start, `site of ${count} frames`);
        this.frames = Array.from({ length: count }, (_, index) => this.#number(at + 8 * index, 8));
        at += 8 * count;
        break;
      }
    }
    if (at > this.#end) return this.#damaged(start, 'record that the end of the file cuts off');
    if (!(this.pointer >= 0) || !(this.order <= Number.MAX_SAFE_INTEGER)) {
      return this.#damaged(start, 'record with an impossible address or order');
    }
    this.#at = at;
    return true;
  }

  #number(at: number, bytes: number): number {
    const buffer = this.#buffer;
    let low = 0;
    for (let i = Math.min(bytes, 4) - 1; i >= 0; i--) low = ((low << 8) | buffer[at + i]!) >>> 0;
    if (bytes <= 4) return low;
    let high = 0;
    for (let i = bytes - 1; i >= 4; i--) high = ((high << 8) | buffer[at + i]!) >>> 0;
    return high * 0x1_0000_0000 + low;
  }

  #readHeader(): void {
    this.#fill();
    const buffer = this.#buffer;
    if (this.#end === 0) return;
    if (this.#end < STREAM_HEADER_BYTES || buffer.toString('latin1', 0, 8) !== STREAM_MAGIC) {
      // A process that dies before its first record leaves a file of zeros.
      if (buffer.subarray(0, Math.min(this.#end, STREAM_HEADER_BYTES)).every((byte) => byte === 0)) {
        this.#end = 0;
        return;
      }
      this.#damaged(0, 'beginning that is no stream of a recording');
      return;
    }
    const mark = buffer.readUInt32LE(8);
    const version = buffer.readUInt16LE(12);
    const words = buffer[14]!;
    if (mark !== BYTE_ORDER_MARK)
      this.#damaged(8, 'byte order of another machine; record and replay on machines alike,');
    else if (words !== WORD_BYTES)
      this.#damaged(14, `word size of ${words} bytes, where ${WORD_BYTES} are read,`);
    else if (version !== RAW_VERSION) this.#damaged(12, `version ${version}, where ${RAW_VERSION} is read,`);
    this.#at = STREAM_HEADER_BYTES;
  }

  #fill(): void {
    const buffer = this.#buffer;
    buffer.copyWithin(0, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
    while (this.#end < buffer.length) {
      const count = readSync(this.#fd, buffer, this.#end, buffer.length - this.#end, this.#filePosition);
      if (count === 0) break;
      this.#end += count;
      this.#filePosition += count;
    }
  }

  #damaged(at: number, what: string): false {
    const place = this.#filePosition - this.#end + at;
    this.problem = `${this.#path}: byte ${place}: a ${what} ends what can be used of it`;
    return false;
  }
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
