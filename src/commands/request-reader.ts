import { NOT_AN_INTEGER, SYNTAX_ERROR } from './error-texts.js';
import { integerAt, positiveAt } from './request-numbers.js';
import { meaningAt, type RequestWords } from './request-words.js';

/**
 * Reads a request from word `index` on. The first error stays and ends the reading. Later results mean nothing, so a
 * parser checks `error` once, at its end.
 */
export class RequestReader {
  error: string | undefined;

  constructor(
    readonly words: RequestWords,
    public index: number,
  ) {}

  get hasMore(): boolean {
    return this.error === undefined && this.index < this.words.count;
  }

  /** Steps over a word if it is `word` and at least `values` words follow it. */
  takes(word: string, values = 0): boolean {
    const { words, index } = this;
    if (index + values >= words.count || !words.is(index, word)) return false;
    this.index++;
    return true;
  }

  /** Steps over the next word and returns its place. */
  take(): number {
    return this.index++;
  }

  text(): string {
    return this.words.text(this.index++);
  }

  integer(message = NOT_AN_INTEGER): number {
    return this.orError(integerAt(this.words, this.index++, message), 0);
  }

  positive(message: string): number {
    return this.orError(positiveAt(this.words, this.index++, message), 0);
  }

  /** Steps over the next word and returns its meaning. A word without a meaning is an error. */
  oneOf<Meaning>(
    meanings: Readonly<Record<string, Meaning>>,
    otherwise: Meaning,
    message = SYNTAX_ERROR,
  ): Meaning {
    const meaning = meaningAt(this.words, this.index++, meanings);
    if (meaning === undefined) this.refuse(message);
    return meaning ?? otherwise;
  }

  /** Returns a result; if it is an error, keeps the error and returns `otherwise`. */
  orError<Read>(read: Read | string, otherwise: Read): Read {
    if (typeof read !== 'string') return read;
    this.refuse(read);
    return otherwise;
  }

  refuse(message = SYNTAX_ERROR): void {
    this.error ??= message;
  }
}
