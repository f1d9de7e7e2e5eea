import { KeptBytes } from './kept-bytes.js';
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
  readonly #word = new KeptBytes(WORD_BYTES);
  readonly #count = new KeptBytes(COUNT_BYTES + 1);
  #elements = 0;
  #index = 0;
  /** Keeps the content of the element that is being read, if it matters. */
  #kept: KeptBytes | undefined;

  open(elements: number): void {
    this.#word.clear();
    this.#count.clear();
    this.#elements = elements;
    this.#index = 0;
  }

  begun(type: number): void {
    if (this.#index === 0 && (type === BULK || type === STATUS)) this.#kept = this.#word;
    else if (this.#index === 2 && type === INTEGER && this.#mayConfirm) this.#kept = this.#count;
    else this.#kept = undefined;
  }

  content(bytes: Uint8Array, from: number, to: number): void {
    this.#kept?.add(bytes, from, to);
  }

  ended(): void {
    this.#index++;
  }

  /** The first bytes of the first element, if it is a status or a string; else empty. */
  get word(): string {
    return this.#word.text;
  }

  /** Whether no further element matters. */
  get isRead(): boolean {
    return this.#index > 0 && !this.#mayConfirm;
  }

  get confirmation(): Confirmation | undefined {
    const { length } = this.#count;
    if (length === 0 || length > COUNT_BYTES) return undefined;
    const { text } = this.#count;
    if (!/^\d+$/.test(text)) return undefined;
    return { name: this.word, count: Number(text) };
  }

  get #mayConfirm(): boolean {
    return this.#elements === CONFIRMATION_ELEMENTS && CONFIRMED.has(this.word);
  }
}
