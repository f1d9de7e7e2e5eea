import { latin1 } from '../base/index.js';
import { BULK, INTEGER, STATUS } from './protocol-bytes.js';

/** The reply of a server to a subscription command. */
export interface Confirmation {
  /** The command's name in lower case. */
  readonly name: string;
  /** Number of the subscriptions afterwards: to channels and patterns together, or to shard channels. */
  readonly count: number;
}

const CONFIRMED: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
]);
/** The name, the channel, and the count. */
const CONFIRMATION_ELEMENTS = 3;

/** Number of bytes that are kept of a first element; all words that matter are shorter. */
const WORD_BYTES = 16;
/** Number of digits of a count. */
const COUNT_BYTES = 15;

/** Reads the first word of an array, and the count of a confirmation. */
export class ArrayStart {
  readonly #bytes = new Uint8Array(WORD_BYTES);
  #length = 0;
  #elements = 0;
  #index = 0;
  #isTaken = false;
  #count = '';

  open(elements: number): void {
    this.#length = 0;
    this.#elements = elements;
    this.#index = 0;
    this.#isTaken = false;
    this.#count = '';
  }

  begun(type: number): void {
    if (this.#index === 0) this.#isTaken = type === BULK || type === STATUS;
    else this.#isTaken = this.#index === 2 && type === INTEGER && this.#mayConfirm;
  }

  content(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#isTaken) return;
    if (this.#index > 0) {
      this.#count += latin1(bytes, from, Math.min(to, from + COUNT_BYTES + 1 - this.#count.length));
      return;
    }
    for (let at = from; at < to && this.#length < WORD_BYTES; at++) this.#bytes[this.#length++] = bytes[at]!;
  }

  ended(): void {
    this.#index++;
    this.#isTaken = false;
  }

  /** The first bytes of the first element, if it is a status or a string; else empty. */
  get word(): string {
    return latin1(this.#bytes, 0, this.#length);
  }

  /** Whether no further element matters. */
  get isRead(): boolean {
    return this.#index > 0 && !this.#mayConfirm;
  }

  get confirmation(): Confirmation | undefined {
    if (this.#count === '' || this.#count.length > COUNT_BYTES || !/^\d+$/.test(this.#count))
      return undefined;
    return { name: this.word, count: Number(this.#count) };
  }

  get #mayConfirm(): boolean {
    return this.#elements === CONFIRMATION_ELEMENTS && CONFIRMED.has(this.word);
  }
}
