import { latin1Bytes } from '../base/index.js';
import { scoreReply } from '../model/index.js';
import { ReplyError } from './reply-error.js';

export type Protocol = 2 | 3;

/** Limit of a reply, a little below the longest text of JavaScript engines, 2^29 - 24 characters. */
const MOST_CHARACTERS = 500_000_000;

/** Writes replies in the protocol of the client. Texts have a character for each byte. */
export class RespWriter {
  protocol: Protocol = 2;
  #text = '';

  /** Returns the bytes written since the last call. */
  take(): Uint8Array {
    const bytes = latin1Bytes(this.#text);
    this.#text = '';
    return bytes;
  }

  /** Returns a position for `returnTo`, in case a later part of the reply is refused. */
  get mark(): string {
    return this.#text;
  }

  returnTo(mark: string): void {
    this.#text = mark;
  }

  status(text: string): void {
    this.#text += `+${text}\r\n`;
  }

  ok(): void {
    this.#text += '+OK\r\n';
  }

  /** Writes an error. Line ends become spaces, because they would end the reply. */
  error(message: string): void {
    this.#text += `-${message.replaceAll(/[\r\n]/g, ' ')}\r\n`;
  }

  integer(value: number | bigint): void {
    this.#text += `:${value}\r\n`;
  }

  bulk(text: string): void {
    // MGET may ask for a value any number of times.
    if (this.#text.length + text.length > MOST_CHARACTERS) {
      throw new ReplyError(
        `ERR slablab serve without an upstream gives no reply of over ${MOST_CHARACTERS} bytes`,
      );
    }
    this.#text += `$${text.length}\r\n`;
    this.#text += text;
    this.#text += '\r\n';
  }

  bulkOrNil(text: string | undefined): void {
    if (text === undefined) this.nil();
    else this.bulk(text);
  }

  nil(): void {
    this.#text += this.protocol === 2 ? '$-1\r\n' : '_\r\n';
  }

  nilArray(): void {
    this.#text += this.protocol === 2 ? '*-1\r\n' : '_\r\n';
  }

  array(count: number): void {
    this.#text += `*${count}\r\n`;
  }

  bulks(texts: readonly string[]): void {
    this.array(texts.length);
    for (const text of texts) this.bulk(text);
  }

  /** Announces `pairs` names, each followed by its value. */
  map(pairs: number): void {
    this.#text += this.protocol === 2 ? `*${pairs * 2}\r\n` : `%${pairs}\r\n`;
  }

  set(count: number): void {
    this.#text += this.protocol === 2 ? `*${count}\r\n` : `~${count}\r\n`;
  }

  double(value: number, shortest: boolean): void {
    this.doubleText(scoreReply(value, shortest));
  }

  /** Writes a number that is formatted already. */
  doubleText(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#text += `,${text}\r\n`;
  }

  /** Writes a text of several lines. */
  verbatim(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#text += `=${text.length + 4}\r\ntxt:${text}\r\n`;
  }
}
