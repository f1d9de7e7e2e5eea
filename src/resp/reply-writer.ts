import { InputError, KIB, latin1, latin1Bytes, writeLatin1 } from '../base/index.js';
import type { Protocol } from './protocol-bytes.js';
import { MAX_REPLY_TEXT } from './protocol-limits.js';

/** Limit of the elements of one array in a reply. */
const MOST_ELEMENTS = 1 << 24;
/** Text becomes bytes at this length, since long texts of many short pieces take a multiple of their bytes. */
const PIECE_BYTES = 16 * KIB;

/** Writes replies in the protocol of the client. Texts have a character for each byte. */
export class ReplyWriter {
  protocol: Protocol;
  readonly #refusal: (what: string) => Error;
  #pieces: (Uint8Array | string)[] = [];
  #pieceBytes = 0;
  #text = '';

  /** `refusal` makes the error for a reply over the limits. */
  constructor(
    protocol: Protocol = 2,
    refusal = (what: string): Error => new InputError(`${what}: ask for less`),
  ) {
    this.protocol = protocol;
    this.#refusal = refusal;
  }

  /** Returns the bytes written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.mark);
    let at = 0;
    for (const piece of [...this.#pieces, this.#text]) {
      if (typeof piece === 'string') writeLatin1(piece, bytes, at);
      else bytes.set(piece, at);
      at += piece.length;
    }
    this.returnTo(0);
    return bytes;
  }

  /** Returns a position for `returnTo`, in case a later part of the reply is refused. */
  get mark(): number {
    return this.#pieceBytes + this.#text.length;
  }

  /** Discards everything after a mark. */
  returnTo(mark: number): void {
    while (mark < this.#pieceBytes) {
      const piece = this.#pieces.pop()!;
      this.#pieceBytes -= piece.length;
      this.#text = typeof piece === 'string' ? piece : latin1(piece);
    }
    this.#text = this.#text.slice(0, mark - this.#pieceBytes);
  }

  #write(text: string): void {
    // MGET may ask for a value any number of times.
    if (this.mark + text.length > MAX_REPLY_TEXT)
      throw this.#refusal(`a reply of over ${MAX_REPLY_TEXT} bytes`);
    this.#text += text;
    if (this.#text.length < PIECE_BYTES) return;
    // A long text stays one, because it becomes bytes only if the reply is sent.
    this.#pieces.push(text.length < PIECE_BYTES ? latin1Bytes(this.#text) : this.#text);
    this.#pieceBytes += this.#text.length;
    this.#text = '';
  }

  #announce(type: string, count: number): void {
    if (count > MOST_ELEMENTS) throw this.#refusal(`a reply of over ${MOST_ELEMENTS} elements`);
    this.#write(`${type}${count}\r\n`);
  }

  status(text: string): void {
    this.#write(`+${oneLine(text)}\r\n`);
  }

  ok(): void {
    this.#write('+OK\r\n');
  }

  error(message: string): void {
    this.#write(`-${oneLine(message)}\r\n`);
  }

  integer(value: number | bigint): void {
    this.#write(`:${value}\r\n`);
  }

  bulk(text: string): void {
    this.#write(`$${text.length}\r\n`);
    this.#write(text);
    this.#write('\r\n');
  }

  bulkOrNil(text: string | undefined): void {
    if (text === undefined) this.nil();
    else this.bulk(text);
  }

  nil(): void {
    this.#write(this.protocol === 2 ? '$-1\r\n' : '_\r\n');
  }

  nilArray(): void {
    this.#write(this.protocol === 2 ? '*-1\r\n' : '_\r\n');
  }

  array(count: number): void {
    this.#announce('*', count);
  }

  bulks(texts: readonly string[]): void {
    this.array(texts.length);
    for (const text of texts) this.bulk(text);
  }

  /** Announces `pairs` names, each followed by its value. */
  map(pairs: number): void {
    if (this.protocol === 2) this.#announce('*', pairs * 2);
    else this.#announce('%', pairs);
  }

  set(count: number): void {
    this.#announce(this.protocol === 2 ? '*' : '~', count);
  }

  /** Writes a number that is formatted already. */
  double(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#write(`,${text}\r\n`);
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) this.integer(value ? 1 : 0);
    else this.#write(value ? '#t\r\n' : '#f\r\n');
  }

  /** Writes an integer of any size. */
  bigNumber(digits: string): void {
    if (this.protocol === 2) this.bulk(digits);
    else this.#write(`(${digits}\r\n`);
  }

  /** Announces `pairs` attributes of the reply that follows. RESP2 has none. */
  attribute(pairs: number): void {
    this.#announce('|', pairs);
  }

  /** Announces a message that answers no command. RESP2 has none. */
  push(count: number): void {
    this.#announce('>', count);
  }

  /** Writes a text of several lines. */
  verbatim(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#write(`=${text.length + 4}\r\ntxt:${text}\r\n`);
  }
}

/** Replaces line ends by spaces as a server does, because one inside would end the reply. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, ' ');
}
