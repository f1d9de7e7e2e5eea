/**
 * The checkpoint of a sweep, from which it can be resumed. It has JSON lines: a header that identifies the grid, then a
 * record for each finished cell. Each is synced to disk before the next. An incomplete last line is ignored.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../base/index.js';
import type { SweepCell } from './sweep-result.js';

const JOURNAL_SCHEMA = 'slablab.sweep-journal/1';

export interface JournalHeader {
  readonly schema: typeof JOURNAL_SCHEMA;
  /** SHA-256 of everything that determines the results. */
  readonly digest: string;
  readonly cells: number;
}

export interface JournalContents {
  readonly header: JournalHeader;
  readonly cells: ReadonlyMap<number, SweepCell>;
  /** Bytes up to the end of the last complete line. */
  readonly wholeBytes: number;
  readonly isCut: boolean;
}

export function journalHeader(decides: unknown, cells: number): JournalHeader {
  const digest = createHash('sha256').update(JSON.stringify(decides)).digest('hex');
  return { schema: JOURNAL_SCHEMA, digest, cells };
}

/** Reads a journal; undefined if there is none, or no complete header. Throws an InputError if it is damaged. */
export async function readJournal(path: string): Promise<JournalContents | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  const [first, ...records] = bytes.toString('utf8', 0, wholeBytes).split('\n').slice(0, -1);
  if (first === undefined) return undefined;
  const header = parseLine(path, 1, first, isHeader);
  const cells = new Map<number, SweepCell>();
  records.forEach((record, index) => {
    const cell = parseLine(path, index + 2, record, isCell);
    if (cell.cell >= header.cells || cells.has(cell.cell)) {
      throw damaged(path, index + 2, `cell ${cell.cell} of ${header.cells} is out of place`);
    }
    cells.set(cell.cell, cell);
  });
  return { header, cells, wholeBytes, isCut: wholeBytes < bytes.length };
}

export class JournalWriter {
  private constructor(private readonly file: FileHandle) {}

  /** Creates a journal, and replaces an existing one. */
  static async create(path: string, header: JournalHeader): Promise<JournalWriter> {
    const journal = new JournalWriter(await open(path, 'w'));
    await journal.#append(header);
    await syncDirectory(dirname(path));
    return journal;
  }

  /** Continues a journal after its last complete record. */
  static async continue(path: string, { wholeBytes }: JournalContents): Promise<JournalWriter> {
    const file = await open(path, 'r+');
    await file.truncate(wholeBytes);
    const end = new JournalWriter(file);
    end.#position = wholeBytes;
    return end;
  }

  #position = 0;

  add(cell: SweepCell): Promise<void> {
    return this.#append(cell);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.file.close();
  }

  #last = Promise.resolve();

  /** Appends a record after all earlier ones, since workers finish at any time. */
  #append(record: object): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    this.#last = this.#last.then(async () => {
      for (let written = 0; written < line.length; ) {
        const { bytesWritten } = await this.file.write(line, written, undefined, this.#position);
        written += bytesWritten;
        this.#position += bytesWritten;
      }
      await this.file.datasync();
    });
    return this.#last;
  }
}

function parseLine<T>(path: string, line: number, text: string, isOne: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, line, (error as Error).message);
  }
  if (isOne(value)) return value;
  throw damaged(path, line, 'not a record of this version');
}

function isHeader(value: unknown): value is JournalHeader {
  const { schema, digest, cells } = Object(value) as Partial<JournalHeader>;
  return schema === JOURNAL_SCHEMA && typeof digest === 'string' && Number.isInteger(cells);
}

function isCell(value: unknown): value is SweepCell {
  const { cell, values, timing } = Object(value) as Partial<SweepCell>;
  return Number.isInteger(cell) && typeof values === 'object' && typeof timing === 'object';
}

function damaged(path: string, line: number, what: string): InputError {
  return new InputError(`${path}: line ${line}: ${what}; delete the journal to start over`);
}

/** Syncs a directory, without which the name of a new file is not durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
