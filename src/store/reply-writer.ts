import { KIB, latin1, latin1Bytes, writeLatin1 } from '../base/index.js';
import { scoreReply } from '../model/index.js';
import { notSupported } from './reply-error.js';

export type Protocol = 2 | 3;

/** Limit of a reply in bytes, a little below the longest text of JavaScript engines. */
const MOST_BYTES = 500_000_000;
/** Limit of the elements of one array in a reply. */
const MOST_ELEMENTS = 1 << 24;
/** Text becomes bytes at this length, since long texts of many short pieces take a multiple of their bytes. */
const PIECE_BYTES = 16 * KIB;

/** Writes replies in the protocol of the client. Texts have a character for each byte. */
export class RespWriter {
  protocol: Protocol = 2;
  #pieces: (Uint8Array | string)[] = [];
  #pieceBytes = 0;
  #text = '';

  /** Returns the bytes written since the last call. */
  take(): Uint8Array {
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
    if (this.mark + text.length > MOST_BYTES) throw notSupported(`a reply of over ${MOST_BYTES} bytes`);
    this.#text += text;
    if (this.#text.length < PIECE_BYTES) return;
    // A long text stays one, because it becomes bytes only if the reply is sent.
    this.#pieces.push(text.length < PIECE_BYTES ? latin1Bytes(this.#text) : this.#text);
    this.#pieceBytes += this.#text.length;
    this.#text = '';
  }

  #announce(type: string, count: number): void {
    if (count > MOST_ELEMENTS) throw notSupported(`a reply of over ${MOST_ELEMENTS} elements`);
    this.#write(`${type}${count}\r\n`);
  }

  status(text: string): void {
    this.#write(`+${text}\r\n`);
  }

  ok(): void {
    this.#write('+OK\r\n');
  }

  /** Writes an error. Line ends become spaces, because they would end the reply. */
  error(message: string): void {
    this.#write(`-${message.replaceAll(/[\r\n]/g, ' ')}\r\n`);
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

  double(value: number, shortest: boolean): void {
    this.doubleText(scoreReply(value, shortest));
  }

  /** Writes a number that is formatted already. */
  doubleText(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#write(`,${text}\r\n`);
  }

  /** Writes a text of several lines. */
  verbatim(text: string): void {
    if (this.protocol === 2) this.bulk(text);
    else this.#write(`=${text.length + 4}\r\ntxt:${text}\r\n`);
  }
}
