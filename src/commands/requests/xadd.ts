import { NOT_AN_INTEGER, SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { RequestReader } from '../request-reader.js';
import { meaningAt, type RequestWords } from '../request-words.js';
import { compareIds, INVALID_ID, LEAST_ID, parseId, type StreamId, strictId } from '../stream-id.js';
import { type EntryReferences, REFERENCES } from './entry-references.js';

/** The parts of XADD and XTRIM that today's servers have and older ones lack. */
export interface StreamOptions {
  /** Whether there are KEEPREF, DELREF and ACKED. */
  readonly references: boolean;
  /** Whether XADD has IDMP and IDMPAUTO. */
  readonly requests: boolean;
}

/** A request of a producer, which is carried out once. */
export interface ProducerRequest {
  /** The place of the producer's name. */
  readonly producer: number;
  /** The place of the request's name; 0 if a digest of the entry names it. */
  readonly name: number;
}

export interface Trimming {
  readonly length: number | undefined;
  readonly before: StreamId | undefined;
  readonly isApproximate: boolean;
  /** The most entries that are removed; 0 for any number. */
  readonly limit: number;
  /** The place of the length or id. */
  readonly argument: number;
  readonly references: EntryReferences;
}

export interface XaddRequest {
  readonly trimming: Trimming | undefined;
  readonly makesStream: boolean;
  readonly request: ProducerRequest | undefined;
  /** The place of the id, which fields and values follow. */
  readonly id: number;
}

/** XADD key [NOMKSTREAM] [KEEPREF | …] [IDMPAUTO producer | IDMP producer request] [MAXLEN … | MINID …] id field value … */
export function parseXadd(
  words: RequestWords,
  nodeEntries: number,
  options: StreamOptions,
): XaddRequest | string {
  const reader = new TrimReader(words, 2, options);
  let makesStream = true;
  while (reader.hasMore) {
    if (reader.takesTrimming() || reader.takesRequest()) continue;
    if (!reader.takes('NOMKSTREAM')) break;
    makesStream = false;
  }
  const { index: id } = reader;
  const text = id < words.count ? words.text(id) : '';
  const isId = text === '*' || parseId(text.replace(/-\*$/, ''), 0) !== undefined;
  if (!isId && id < words.count) reader.refuse(INVALID_ID);
  if (reader.request !== undefined && id < words.count && !text.startsWith('*')) {
    reader.refuse(`${SYNTAX_ERROR}, IDMP/IDMPAUTO can be used only with auto-generated IDs`);
  }
  const trimming = reader.finish(nodeEntries);
  const fields = words.count - id - 1;
  if (fields < 2 || fields % 2 === 1) reader.refuse(wrongArity(words.name));
  const given = parseId(text, 0);
  if (given !== undefined && compareIds(given, LEAST_ID) === 0) {
    reader.refuse('ERR The ID specified in XADD must be greater than 0-0');
  }
  return reader.error ?? { trimming, makesStream, request: reader.request, id };
}

/** XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT n] [KEEPREF | DELREF | ACKED] */
export function parseXtrim(
  words: RequestWords,
  nodeEntries: number,
  options: StreamOptions,
): Trimming | string {
  const reader = new TrimReader(words, 2, options);
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
  #references: EntryReferences | undefined;
  request: ProducerRequest | undefined;
  readonly #options: StreamOptions;

  constructor(words: RequestWords, index: number, options: StreamOptions) {
    super(words, index);
    this.#options = options;
  }

  /** Whether the next words are about trimming. */
  takesTrimming(): boolean {
    const isLength = this.takes('MAXLEN', 1);
    if (isLength || this.takes('MINID', 1)) this.#takeThreshold(isLength);
    else if (this.takes('LIMIT', 1)) this.#limit = this.#notNegative('LIMIT');
    else return this.#takesReferences();
    return true;
  }

  #takesReferences(): boolean {
    const { words, index } = this;
    if (!this.#options.references || this.#references !== undefined) return false;
    this.#references = meaningAt(words, index, REFERENCES);
    if (this.#references !== undefined) this.index++;
    return this.#references !== undefined;
  }

  /** Whether the next words name a request of a producer. */
  takesRequest(): boolean {
    if (!this.#options.requests) return false;
    if (this.takes('IDMPAUTO', 1)) this.#takeRequest('IDMPAUTO', 1);
    else if (this.takes('IDMP', 2)) this.#takeRequest('IDMP', 2);
    else return false;
    return true;
  }

  #takeRequest(option: string, words: 1 | 2): void {
    if (this.request !== undefined) this.refuse(`${SYNTAX_ERROR}, IDMP/IDMPAUTO specified multiple times`);
    const producer = this.take();
    if (this.words.text(producer) === '') {
      this.refuse(`${SYNTAX_ERROR}, ${option} requires a non-empty producer ID`);
    }
    const name = words === 2 ? this.take() : 0;
    if (name > 0 && this.words.text(name) === '') {
      this.refuse(`${SYNTAX_ERROR}, ${option} requires a non-empty idempotent ID`);
    }
    this.request = { producer, name };
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
      references: this.#references ?? 'kept',
    };
  }
}

/** Returns the entries of a hundred listpacks, within a limit. */
function defaultLimit(nodeEntries: number): number {
  return Math.min(nodeEntries > 0 ? 100 * nodeEntries : 10_000, 1_000_000);
}
