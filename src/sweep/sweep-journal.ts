/**
 * The checkpoint of a sweep, from which it can be resumed. It has JSON lines: a header that identifies the grid, then a
 * record for each finished cell. Each is synced to disk before the next. A line that is torn costs only its cell.
 */
import { createHash } from 'node:crypto';
import { InputError, parsedJson } from '../base/index.js';
import { OutputError, OutputFile, readOwnFile, syncDirectoryOf } from '../output/node.js';
import type { Objective } from './figures.js';
import type { GridOutline } from './grid/grid.js';
import type { Shard } from './shard.js';
import type { SweepCell } from './sweep-result.js';

const JOURNAL_SCHEMA = 'slablab.sweep-journal/1';
/** Each record begins with this, also one that follows a torn record on the same line. */
const RECORD_START = '{"cell":';
const NEWLINE = 0x0a;

export interface JournalHeader {
  readonly schema: typeof JOURNAL_SCHEMA;
  /** SHA-256 of everything that determines the results. */
  readonly digest: string;
  readonly cells: number;
  /** Present in the journal of a part of a sweep. */
  readonly shard?: ShardHeader;
}

/** Describes a part of a sweep, so that the parts are merged without the sweep's command line. */
export interface ShardHeader extends Shard {
  /** The numbers of its cells. */
  readonly own: readonly number[];
  readonly bestBy: Objective;
  readonly tolerance?: number | undefined;
  readonly outline: GridOutline;
}

export interface JournalContents {
  readonly header: JournalHeader;
  readonly cells: ReadonlyMap<number, SweepCell>;
  /** The numbers of the lines that are no records. A last line without an end is not one of them. */
  readonly damagedLines: readonly number[];
  /** Whether the last line has no end. */
  readonly isCut: boolean;
}

export function journalHeader(decides: unknown, cells: number): JournalHeader {
  const digest = createHash('sha256').update(JSON.stringify(decides)).digest('hex');
  return { schema: JOURNAL_SCHEMA, digest, cells };
}

/**
 * Reads a journal; undefined if there is none, or no complete header. Throws an InputError if the header is damaged,
 * without which nothing says what the records belong to. Of each cell, the contents have what `keep` returns.
 */
export async function readJournal(
  path: string,
  keep: (cell: SweepCell) => SweepCell = (cell) => cell,
): Promise<JournalContents | undefined> {
  const bytes = await readOwnFile(path);
  if (bytes === undefined) return undefined;
  const lines = linesOf(bytes);
  const { value: first } = lines.next();
  if (first === undefined) return undefined;
  const header = headerIn(path, first);
  const cells = new Map<number, SweepCell>();
  const damagedLines: number[] = [];
  let number = 1;
  for (const line of lines) {
    number++;
    const from = startOfRecord(line);
    const cell = parsed(line.slice(from));
    const isUsable = isCell(cell) && cell.cell < header.cells && !cells.has(cell.cell);
    if (isUsable) cells.set(cell.cell, keep(cell));
    if (!isUsable || from > 0) damagedLines.push(number);
  }
  return { header, cells, damagedLines, isCut: bytes.length > 0 && bytes.at(-1) !== NEWLINE };
}

/** Yields the lines that have an end, of which one at a time is a text. */
function* linesOf(bytes: Buffer): Generator<string, undefined> {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

/** Writes the journal of a running sweep, in one file that appears with its header and the records so far. */
export class JournalWriter {
  #last = Promise.resolve();
  /** Lines that could not be written, for which the next record tries again. */
  #waiting: Buffer[] = [];
  #failure: OutputError | undefined;

  private constructor(
    private readonly file: OutputFile,
    private readonly header: JournalHeader,
    private readonly numbers: number[],
  ) {}

  /** Creates a journal with the cells of an earlier one, which it replaces. */
  static async create(
    path: string,
    header: JournalHeader,
    cells: Iterable<SweepCell> = [],
  ): Promise<JournalWriter> {
    const file = await OutputFile.create(path);
    const numbers: number[] = [];
    try {
      await file.write(lineOf(header));
      for (const cell of cells) {
        await file.write(lineOf(cell));
        numbers.push(cell.cell);
      }
      await file.sync();
      await file.publish();
      await syncDirectoryOf(path);
    } catch (error) {
      await file.abandon();
      throw error;
    }
    return new JournalWriter(file, header, numbers);
  }

  /** Appends a record after all earlier ones, since workers finish at any time. One that cannot be written waits. */
  add(cell: SweepCell): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#waiting.push(lineOf(cell));
      this.numbers.push(cell.cell);
      await this.#writeWaiting();
    });
    return this.#last;
  }

  /** Ends the journal, and returns why it lacks cells, if it does. */
  async close(): Promise<OutputError | undefined> {
    await this.#last;
    if (this.#waiting.length > 0) await this.#writeWaiting();
    await this.file.close();
    if (this.#failure === undefined) return undefined;
    const lacks = `${this.#failure.message}; the journal lacks ${this.#waiting.length} finished cells`;
    return new OutputError(`${lacks}, which --resume runs again`);
  }

  /** Replaces a journal that was closed by one in the order of the grid, which does not depend on who ran the cells. */
  async sort(cells: Iterable<SweepCell>): Promise<void> {
    if (this.numbers.every((number, index) => index === 0 || number > this.numbers[index - 1]!)) return;
    const kept = new Set(this.numbers);
    const sorted = await JournalWriter.create(this.file.path, this.header, those(kept, cells));
    await sorted.close();
  }

  async #writeWaiting(): Promise<void> {
    try {
      for (let line = this.#waiting[0]; line !== undefined; line = this.#waiting[0]) {
        await this.file.write(line);
        this.#waiting.shift();
      }
      await this.file.sync();
      this.#failure = undefined;
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#failure = error;
    }
  }
}

function* those(numbers: ReadonlySet<number>, cells: Iterable<SweepCell>): Generator<SweepCell> {
  for (const cell of cells) if (numbers.has(cell.cell)) yield cell;
}

function lineOf(record: object): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

function headerIn(path: string, line: string): JournalHeader {
  const header = parsed(line);
  if (isHeader(header)) return header;
  throw new InputError(
    `${path}: line 1: not the header of a journal of this version; delete the journal to start over`,
  );
}

/** Returns where the last record of a line begins. Of two on one line, the first was torn. */
function startOfRecord(line: string): number {
  return Math.max(0, line.lastIndexOf(RECORD_START));
}

/** Returns what a JSON text says, or undefined if it is none. */
function parsed(text: string): unknown {
  try {
    return parsedJson(text);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is JournalHeader {
  const { schema, digest, cells } = Object(value) as Partial<JournalHeader>;
  return schema === JOURNAL_SCHEMA && typeof digest === 'string' && Number.isInteger(cells);
}

function isCell(value: unknown): value is SweepCell {
  const { cell, values, timing } = Object(value) as Partial<SweepCell>;
  return Number.isSafeInteger(cell) && cell! >= 0 && typeof values === 'object' && typeof timing === 'object';
}
