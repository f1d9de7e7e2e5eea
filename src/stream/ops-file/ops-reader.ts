import { allocateColumns, type OpChunk } from '../operation.js';
import { fill, type OpsBytes, REMEDY_DAMAGED, REMEDY_WRITER } from './ops-bytes.js';
import { MAGIC, NAMES_TAG, startsWithMagic, toHostOrder } from './ops-format.js';
import { type OpsHeader, readHeader } from './ops-header.js';
import type { OpsMetadata } from './ops-metadata.js';
import { type OpsRecord, OpsRecords } from './ops-records.js';
import { type NamedOwner, type OpsNames, parseNames } from './owner-names.js';
import { unpackOperations } from './pack-operations.js';

/** Reads an `.ops` file chunk by chunk. Every error is an InputError with the file, the byte and the remedy. */
export class OpsFileReader {
  readonly metadata: OpsMetadata;
  readonly #path: string;
  readonly #file: OpsBytes;
  readonly #header: OpsHeader;

  private constructor(path: string, file: OpsBytes, header: OpsHeader) {
    this.#path = path;
    this.#file = file;
    this.#header = header;
    this.metadata = header.metadata;
  }

  /** Reads the header of a file. `path` is its name in messages. */
  static async open(path: string, file: OpsBytes): Promise<OpsFileReader> {
    try {
      return new OpsFileReader(path, file, await readHeader(path, file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Yields the chunks, each in its own buffer. */
  async *chunks(): AsyncGenerator<OpChunk, void> {
    const records = this.#records();
    let peakAt = 0;
    let operations = 0;
    for (let record = await records.next(); record !== undefined; record = await records.next()) {
      // Names are checked where they stand, so that damage in them is never passed over.
      if (record.tag === NAMES_TAG)
        peakAt = namesOf(records, record, await records.body(record)).peakAt ?? peakAt;
      else yield await chunkOf(records, record);
      operations += record.count;
      records.pass(record);
    }
    if (peakAt > operations) {
      throw records.refuse(
        `the names: \`peakAt\` is ${peakAt}, but the file has ${operations} operations`,
        REMEDY_WRITER,
      );
    }
  }

  /** Reads the names of owner tags, which may be anywhere in the file. Chunks are passed over. */
  async names(): Promise<OpsNames> {
    const owners: NamedOwner[] = [];
    let others: Omit<OpsNames, 'owners'> = {};
    const records = this.#records();
    for (let record = await records.next(); record !== undefined; record = await records.next()) {
      if (record.tag === NAMES_TAG) {
        const part = namesOf(records, record, await records.body(record));
        for (const owner of part.owners) owners.push(owner);
        others = { ...others, ...part };
      }
      records.pass(record);
    }
    return { ...others, owners };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #records(): OpsRecords {
    return new OpsRecords(this.#path, this.#file, this.#header.version, this.#header.end);
  }
}

async function chunkOf(records: OpsRecords, record: OpsRecord): Promise<OpChunk> {
  const { count, position, inflatedBytes, name } = record;
  if (inflatedBytes !== undefined) {
    const chunk = unpackOperations(await records.body(record), count, position);
    if (chunk !== undefined) return chunk;
    throw records.refuse(`${name} does not hold ${count} operations`, REMEDY_DAMAGED);
  }
  const columns = allocateColumns(count);
  const bytes = new Uint8Array(columns.what.buffer);
  await records.body(record, bytes);
  toHostOrder(bytes);
  return { firstPosition: position, length: count, ...columns };
}

function namesOf(records: OpsRecords, { name }: OpsRecord, json: Uint8Array): OpsNames {
  const names = parseNames(json);
  if (!('problem' in names)) return names;
  throw records.refuse(`${name}: ${names.problem}`, REMEDY_WRITER);
}

/** Whether a file is an .ops file by its name or by its first bytes. */
export async function isOpsFile(path: string, file: OpsBytes): Promise<boolean> {
  if (path.endsWith('.ops')) return true;
  const start = new Uint8Array(MAGIC.length);
  return (await fill(file, start, 0)) === start.length && startsWithMagic(start);
}
