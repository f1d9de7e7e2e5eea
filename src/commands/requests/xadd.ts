import { NOT_AN_INTEGER, SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { compareIds, INVALID_ID, LEAST_ID, parseId, type StreamId, strictId } from '../stream-id.js';

export interface Trimming {
  readonly length: number | undefined;
  readonly before: StreamId | undefined;
  readonly isApproximate: boolean;
  /** The most entries that are removed; 0 for any number. */
  readonly limit: number;
  /** The place of the length or id. */
  readonly argument: number;
}

export interface XaddRequest {
  readonly trimming: Trimming | undefined;
  readonly makesStream: boolean;
  /** The place of the id, which fields and values follow. */
  readonly id: number;
}

/** XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT n]] id field value … */
export function parseXadd(words: RequestWords, nodeEntries: number): XaddRequest | string {
  const reader = new TrimReader(words, 2);
  let makesStream = true;
  while (reader.hasMore) {
    if (reader.takesTrimming()) continue;
    if (!reader.takes('NOMKSTREAM')) break;
    makesStream = false;
  }
  const { index: id } = reader;
  const text = id < words.count ? words.text(id) : '';
  const isId = text === '*' || parseId(text.replace(/-\*$/, ''), 0) !== undefined;
  if (!isId && id < words.count) reader.refuse(INVALID_ID);
  const trimming = reader.finish(nodeEntries);
  const fields = words.count - id - 1;
  if (fields < 2 || fields % 2 === 1) reader.refuse(wrongArity(words.name));
  const given = parseId(text, 0);
  if (given !== undefined && compareIds(given, LEAST_ID) === 0) {
    reader.refuse('ERR The ID specified in XADD must be greater than 0-0');
  }
  return reader.error ?? { trimming, makesStream, id };
}

/** XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT n] */
export function parseXtrim(words: RequestWords, nodeEntries: number): Trimming | string {
  const reader = new TrimReader(words, 2);
  while (reader.hasMore) if (!reader.takesTrimming()) reader.refuse();
  const trimming = reader.finish(nodeEntries);
  return reader.error ?? trimming ?? `${SYNTAX_ERROR}, XTRIM must be called with a trimming strategy`;
}

class TrimReader extends RequestReader {
  #length: number | undefined;
  #before: StreamId | undefined;
  #isApproximate = false;
  #limit: number | undefined;
  #argument = 0;

  /** Whether the next words are about trimming. */
  takesTrimming(): boolean {
    const isLength = this.takes('MAXLEN', 1);
    if (isLength || this.takes('MINID', 1)) this.#takeThreshold(isLength);
    else if (this.takes('LIMIT', 1)) this.#limit = this.#notNegative('LIMIT');
    else return false;
    return true;
  }

  #takeThreshold(isLength: boolean): void {
    if (this.#argument > 0) {
      this.refuse(`${SYNTAX_ERROR}, MAXLEN and MINID options at the same time are not compatible`);
    }
    const sign = this.index + 1 < this.words.count ? this.words.text(this.index) : '';
    this.#isApproximate = sign === '~';
    if (sign === '~' || sign === '=') this.take();
    this.#argument = this.index;
    if (isLength) this.#length = this.#notNegative('MAXLEN');
    else this.#before = this.orError(strictId(this.text()), LEAST_ID);
  }

  #notNegative(option: string): number {
    const value = this.integer(NOT_AN_INTEGER);
    if (value < 0) this.refuse(`ERR The ${option} argument must be >= 0.`);
    return value;
  }

  /** Returns the trimming, if there is one. Incompatible options are an error. */
  finish(nodeEntries: number): Trimming | undefined {
    const limit = this.#limit;
    if (limit !== undefined && limit > 0 && this.#argument === 0) {
      this.refuse(`${SYNTAX_ERROR}, LIMIT cannot be used without specifying a trimming strategy`);
    }
    if (limit !== undefined && this.#argument === 0 && this.words.name === 'xtrim') return undefined;
    if (limit !== undefined && !this.#isApproximate) {
      this.refuse(`${SYNTAX_ERROR}, LIMIT cannot be used without the special ~ option`);
    }
    if (this.#argument === 0) return undefined;
    return {
      length: this.#length,
      before: this.#before,
      isApproximate: this.#isApproximate,
      limit: this.#isApproximate ? (limit ?? defaultLimit(nodeEntries)) : 0,
      argument: this.#argument,
    };
  }
}

/** Returns the entries of a hundred listpacks, within a limit. */
function defaultLimit(nodeEntries: number): number {
  return Math.min(nodeEntries > 0 ? 100 * nodeEntries : 10_000, 1_000_000);
}
