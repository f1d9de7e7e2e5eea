import { crc32, inflate, latin1 } from '../base/index.js';
import { ByteQueue } from './byte-queue.js';
import { type Damage, RecordingError } from './recording-errors.js';
import {
  decodeHead,
  HEAD_BYTES,
  MAX_EXPANSION,
  START_BYTES,
  startsWithMagic,
  TAGS,
  type Tag,
  VERSION,
  versionAt,
} from './recording-format.js';

/** A record whose checksums match. */
export interface StoredRecord {
  readonly tag: Tag;
  readonly number: number;
  /** First byte of its head in the file. */
  readonly byte: number;
  /** One past its last byte. */
  readonly end: number;
  /** Bytes of the body when inflated. */
  readonly bodyBytes: number;
  readonly stored: Uint8Array<ArrayBuffer>;
}

/** Makes RecordingErrors that name the place in the file and the remedy. */
export class Refusals {
  constructor(private readonly name: string) {}

  at(byte: number, damage: Damage, found: string, remedy = REMEDIES[damage]): RecordingError {
    return new RecordingError(damage, byte, `${this.name}: byte ${byte}: ${found}; ${remedy}`);
  }

  of(
    { number, byte }: Pick<StoredRecord, 'number' | 'byte'>,
    damage: Damage,
    found: string,
    remedy?: string,
  ) {
    return this.at(byte, damage, `record ${number}: ${found}`, remedy);
  }
}

const REMEDIES: Record<Damage, string> = {
  'not-a-recording': 'write one with `slablab run … --out DIR`',
  newer: `this slablab reads version ${VERSION}: update it, or record the run again`,
  truncated: 'the file was cut short: copy it or record the run again',
  damaged: 'the file is damaged: copy it or record the run again',
  'too-large': 'record fewer sweeps (a larger --sweep-every), or read one at a time (openRecording)',
};

/** Yields the records of a file as their bytes arrive, up to the one that ends the file. */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  refusals: Refusals,
): AsyncGenerator<StoredRecord, void> {
  const queue = new ByteQueue(bytes);
  try {
    checkStart(await queue.take(START_BYTES), refusals);
    for (let number = 0, isLast = false; !isLast; number++) {
      const record = await readRecord(queue, number, refusals);
      yield record;
      isLast = record.tag === 'RSLT';
    }
    const end = queue.taken;
    const { length } = await queue.take(1);
    if (length > 0) {
      throw refusals.at(
        end,
        'damaged',
        'there is more behind the last record',
        'cut the file here, or copy it again',
      );
    }
  } finally {
    await queue.close();
  }
}

function checkStart(start: Uint8Array, refusals: Refusals): void {
  if (!startsWithMagic(start)) {
    const begin = latin1(start.subarray(0, 8));
    const what = start.length === 0 ? 'the file is empty' : `it begins with ${JSON.stringify(begin)}`;
    const isJson = begin.startsWith('{');
    throw refusals.at(
      0,
      'not-a-recording',
      `not a recording (.slabs): ${what}`,
      isJson ? 'if it is the result of a run, its recording is the .slabs file beside it' : undefined,
    );
  }
  if (start.length < START_BYTES) throw refusals.at(start.length, 'truncated', 'no version');
  const version = versionAt(start);
  if (version === 0) throw refusals.at(8, 'damaged', 'version 0');
  if (version > VERSION) throw refusals.at(8, 'newer', `recording (.slabs) of version ${version}`);
}

/** Reads again a record at a known place. */
export function recordAt(
  bytes: Uint8Array,
  { number, byte }: Pick<StoredRecord, 'number' | 'byte'>,
  refusals: Refusals,
): Promise<StoredRecord> {
  return readRecord(new ByteQueue(only(bytes), byte), number, refusals);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function readRecord(queue: ByteQueue, number: number, refusals: Refusals): Promise<StoredRecord> {
  const byte = queue.taken;
  const headBytes = await queue.take(HEAD_BYTES);
  const here = { number, byte };
  if (headBytes.length === 0) {
    throw refusals.of(here, 'truncated', 'the recording ends before its run does', REMEDY_UNFINISHED);
  }
  if (headBytes.length < HEAD_BYTES) throw refusals.of(here, 'truncated', 'half of a head');
  const head = decodeHead(headBytes);
  if (head === undefined) throw refusals.of(here, 'damaged', 'the checksum of its head does not match');
  const { storedBytes, bodyBytes, storedCheck } = head;
  if (head.number !== number) {
    throw refusals.of(here, 'damaged', `it says that it is record ${head.number}`, REMEDY_ORDER);
  }
  const tag = TAGS.find((known) => known === head.tag);
  if (tag === undefined) throw refusals.of(here, 'damaged', `a record \`${head.tag}\`, which nobody knows`);
  if (bodyBytes > (storedBytes + 1) * MAX_EXPANSION) {
    throw refusals.of(here, 'damaged', `${storedBytes} bytes cannot become ${bodyBytes}`);
  }
  const stored = await queue.take(storedBytes);
  if (stored.length < storedBytes) {
    throw refusals.of(here, 'truncated', `${stored.length} of its ${storedBytes} bytes`);
  }
  if (crc32(stored) !== storedCheck) {
    throw refusals.of(here, 'damaged', 'the checksum does not match what is stored');
  }
  return { tag, number, byte, end: queue.taken, bodyBytes, stored };
}

const REMEDY_UNFINISHED =
  'the run was ended from outside, or goes on, or the file was cut short: copy it or record the run again';
const REMEDY_ORDER = 'a record is missing, doubled or out of place: copy the file or record the run again';

export async function bodyOf(record: StoredRecord, refusals: Refusals): Promise<Uint8Array<ArrayBuffer>> {
  const body = await inflate(record.stored, record.bodyBytes);
  if (body !== undefined) return body;
  throw refusals.of(record, 'damaged', `it does not inflate to ${record.bodyBytes} bytes`, REMEDY_WRITER);
}

/** The remedy for an error that the writer made, since the checksums match. */
export const REMEDY_WRITER = 'correct the program that wrote it';
