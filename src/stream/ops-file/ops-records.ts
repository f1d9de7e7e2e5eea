/** Reads the records of an `.ops` file after its header. */
import { crc32, type InputError, inflate } from '../../base/index.js';
import { OPERATION_BYTES } from '../operation.js';
import { fill, type OpsBytes, REMEDY_DAMAGED, REMEDY_TRUNCATED, refusal } from './ops-bytes.js';
import {
  CHUNK_TAG,
  decodeHead,
  decodeLengths,
  END_TAG,
  HEAD_BYTES,
  LENGTHS_BYTES,
  MAX_CHUNK_OPERATIONS,
  MAX_NAMES_BYTES,
  NAMES_TAG,
  PACKED_TAG,
  type PackedLengths,
  PLAIN_VERSION,
  type RecordHead,
} from './ops-format.js';
import { MAX_PACKED_BYTES, MIN_PACKED_BYTES } from './pack-operations.js';

/** A record: its head, and where its body is. */
export interface OpsRecord extends RecordHead {
  /** The record as messages name it. */
  readonly name: string;
  readonly bodyAt: number;
  readonly bodyBytes: number;
  /** Length of the inflated body; undefined if it is not packed. */
  readonly inflatedBytes: number | undefined;
}

/** Takes the records of a file one after the other, without their bodies. */
export class OpsRecords {
  readonly #path: string;
  readonly #file: OpsBytes;
  readonly #version: number;
  #at: number;
  #records = 0;
  #chunks = 0;
  #operations = 0;

  constructor(path: string, file: OpsBytes, version: number, at: number) {
    this.#path = path;
    this.#file = file;
    this.#version = version;
    this.#at = at;
  }

  /** Returns the next record; undefined after the end record, which is checked. */
  async next(): Promise<OpsRecord | undefined> {
    const head = await this.#head();
    if (head.position !== this.#operations) {
      throw this.refuse(
        `the record says ${head.position} operations precede it, but ${this.#operations} do`,
        'a chunk is missing, doubled or out of place; record the file again',
      );
    }
    if (head.tag === END_TAG) {
      await this.#checkEnd(head);
      return undefined;
    }
    const record = await this.#record(head);
    this.#records++;
    return record;
  }

  /** Returns the body of the record that `next` returned last, inflated. */
  async body(record: OpsRecord, target = new Uint8Array(record.bodyBytes)): Promise<Uint8Array<ArrayBuffer>> {
    const found = await fill(this.#file, target, record.bodyAt);
    if (found < target.length) {
      this.#at = record.bodyAt + found;
      throw this.refuse(`truncated in ${this.#described(record)}`, REMEDY_TRUNCATED);
    }
    if (crc32(target) !== record.bodyCheck) {
      throw this.refuse(
        record.tag === NAMES_TAG
          ? 'the checksum of the names does not match them'
          : `the checksum of ${record.name} does not match its operations`,
        REMEDY_DAMAGED,
      );
    }
    if (record.inflatedBytes === undefined) return target;
    const inflated = await inflate(target, record.inflatedBytes);
    if (inflated !== undefined) return inflated;
    throw this.refuse(`${record.name} does not inflate to ${record.inflatedBytes} bytes`, REMEDY_DAMAGED);
  }

  /** Moves to the record that follows `record`. */
  pass(record: OpsRecord): void {
    this.#at = record.bodyAt + record.bodyBytes;
    this.#operations += record.count;
    this.#chunks += Number(record.tag !== NAMES_TAG);
  }

  /** Returns the error of a problem in the current record. */
  refuse(found: string, remedy: string): InputError {
    return refusal(this.#path, this.#at, found, remedy);
  }

  #described({ name, tag, count }: OpsRecord): string {
    return tag === NAMES_TAG ? name : `${name} (${count} operations)`;
  }

  async #head(): Promise<RecordHead> {
    const chunk = this.#chunks + 1;
    const bytes = new Uint8Array(HEAD_BYTES);
    const found = await fill(this.#file, bytes, this.#at);
    if (found < HEAD_BYTES) {
      throw this.refuse(`truncated before chunk ${chunk} ended the file properly`, REMEDY_TRUNCATED);
    }
    const head = decodeHead(bytes);
    if (head === undefined) throw this.refuse(`the head of chunk ${chunk} fails its check`, REMEDY_DAMAGED);
    const isOfVersion2 = head.tag === PACKED_TAG || head.tag === NAMES_TAG;
    if (head.tag !== CHUNK_TAG && head.tag !== END_TAG && !(isOfVersion2 && this.#version > PLAIN_VERSION)) {
      throw this.refuse(`unknown record \`${head.tag}\``, REMEDY_DAMAGED);
    }
    const isChunk = head.tag === CHUNK_TAG || head.tag === PACKED_TAG;
    if (isChunk && (head.count < 1 || head.count > MAX_CHUNK_OPERATIONS)) {
      throw this.refuse(`a chunk of ${head.count} operations`, `a chunk has 1 to ${MAX_CHUNK_OPERATIONS}`);
    }
    if (head.tag === NAMES_TAG && head.count !== 0) {
      throw this.refuse(`names with a count of ${head.count}`, REMEDY_DAMAGED);
    }
    return head;
  }

  async #record(head: RecordHead): Promise<OpsRecord> {
    const name = head.tag === NAMES_TAG ? 'the names' : `chunk ${this.#chunks + 1}`;
    if (head.tag === CHUNK_TAG) {
      const bodyBytes = head.count * OPERATION_BYTES;
      return { ...head, name, bodyAt: this.#at + HEAD_BYTES, bodyBytes, inflatedBytes: undefined };
    }
    const { stored, inflated } = await this.#lengths(head, name);
    const bodyAt = this.#at + HEAD_BYTES + LENGTHS_BYTES;
    return { ...head, name, bodyAt, bodyBytes: stored, inflatedBytes: inflated };
  }

  async #lengths(head: RecordHead, name: string): Promise<PackedLengths> {
    const bytes = new Uint8Array(LENGTHS_BYTES);
    const found = await fill(this.#file, bytes, this.#at + HEAD_BYTES);
    if (found < LENGTHS_BYTES) throw this.refuse(`truncated in the lengths of ${name}`, REMEDY_TRUNCATED);
    const lengths = decodeLengths(bytes);
    if (lengths === undefined) throw this.refuse(`the lengths of ${name} fail their check`, REMEDY_DAMAGED);
    const { stored, inflated } = lengths;
    const [least, most] =
      head.tag === NAMES_TAG
        ? [0, MAX_NAMES_BYTES]
        : [MIN_PACKED_BYTES * head.count, MAX_PACKED_BYTES * head.count];
    // Bytes that cannot be deflated grow by a few in 64 KiB.
    if (inflated < least || inflated > most || stored > inflated + (inflated >>> 8) + 64) {
      throw this.refuse(`${name} has ${stored} bytes that inflate to ${inflated}`, REMEDY_DAMAGED);
    }
    return lengths;
  }

  async #checkEnd(head: RecordHead): Promise<void> {
    if (head.count !== this.#records || head.bodyCheck !== 0) {
      throw this.refuse(
        `the end record counts ${head.count} records, but ${this.#records} were read`,
        REMEDY_DAMAGED,
      );
    }
    this.#at += HEAD_BYTES;
    if ((await fill(this.#file, new Uint8Array(1), this.#at)) > 0) {
      throw this.refuse('there are bytes after the end record', 'cut the file here, or record it again');
    }
  }
}
