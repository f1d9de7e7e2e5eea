import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { decodeFrame, type FrameHead } from './frame-body.js';
import { frameHeadFrom, headerFrom, parseJson, resultFrom } from './json-bodies.js';
import type { Frame } from './recording.js';
import { bytesOf } from './recording-columns.js';
import { BadContent } from './recording-errors.js';
import { bodyOf, REMEDY_WRITER, type Refusals, readRecords, type StoredRecord } from './records.js';

/** The sections of a recording, in order. The columns of a sweep are not decoded yet. */
export type Section =
  | { readonly kind: 'header'; readonly about: RunHeader; readonly info: BuildInfo }
  | { readonly kind: 'sweep'; readonly head: FrameHead; readonly columns: StoredRecord }
  | { readonly kind: 'result'; readonly result: RunResult };

/** A limit of the memory that a reader uses. It is checked before memory is allocated. */
export class Budget {
  #left: number;

  constructor(
    readonly bytes: number,
    private readonly refusals: Refusals,
  ) {
    this.#left = bytes;
  }

  take(bytes: number, record: Pick<StoredRecord, 'number' | 'byte'>): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    const wanted = `takes ${mib(this.bytes - this.#left)} of memory with what is before it`;
    throw this.refusals.of(record, 'too-large', `${wanted}, of ${mib(this.bytes)} that it may`);
  }
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** Yields the sections of a recording up to the result. Each is complete, and its JSON is checked. */
export async function* readSections(
  bytes: AsyncIterable<Uint8Array>,
  refusals: Refusals,
  budget: Budget,
): AsyncGenerator<Section, void> {
  let head: FrameHead | undefined;
  for await (const record of readRecords(bytes, refusals)) {
    const { tag, number } = record;
    const isExpected =
      number === 0 ? tag === 'HEAD' : tag !== 'HEAD' && (tag === 'COLS') === (head !== undefined);
    if (!isExpected) throw refusals.of(record, 'damaged', `\`${tag}\` cannot be here`, REMEDY_WRITER);
    if (tag === 'COLS') {
      yield { kind: 'sweep', head: head!, columns: record };
      head = undefined;
      continue;
    }
    budget.take(record.bodyBytes, record);
    const body = await bodyOf(record, refusals);
    const section = withRecordNamed(record, refusals, () => jsonSection(tag, parseJson(body)));
    if ('kind' in section) yield section;
    else head = section;
  }
}

function jsonSection(tag: 'HEAD' | 'FRAM' | 'RSLT', value: unknown): Section | FrameHead {
  switch (tag) {
    case 'HEAD':
      return { kind: 'header', ...headerFrom(value) };
    case 'FRAM':
      return frameHeadFrom(value);
    case 'RSLT':
      return { kind: 'result', result: resultFrom(value) };
  }
}

/** Maximum of bytes of a decoded number. */
const MAX_NUMBER_BYTES = 4;

/** Decodes a frame. */
export async function frameFrom(
  head: FrameHead,
  columns: StoredRecord,
  info: BuildInfo,
  refusals: Refusals,
  budget: Budget,
): Promise<Frame> {
  const declared = bytesOf(head.columns);
  if (declared !== columns.bodyBytes) {
    const found = `its columns are ${columns.bodyBytes} bytes, where the frame says ${declared}`;
    throw refusals.of(columns, 'damaged', found, REMEDY_WRITER);
  }
  budget.take(
    head.columns.reduce((sum, { count }) => sum + count * MAX_NUMBER_BYTES, declared),
    columns,
  );
  const body = await bodyOf(columns, refusals);
  return withRecordNamed(columns, refusals, () => decodeFrame(head, body, info));
}

/** Runs `work`. A BadContent becomes a RecordingError that names the record. */
function withRecordNamed<Result>(record: StoredRecord, refusals: Refusals, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadContent)) throw error;
    throw refusals.of(record, 'damaged', error.message, REMEDY_WRITER);
  }
}
