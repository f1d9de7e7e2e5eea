import { latin1 } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { LF, RespParser } from '../../resp/index.js';

/** Receives what a server sends to a replica. */
export interface ReplicaEvents {
  /** A line in answer to a command of the handshake; returns whether the image or the stream follows it. */
  answered(line: string): 'more answers' | 'image' | 'stream';
  /** Bytes of the image of the server's data. */
  image(bytes: Buffer): void;
  /** The end of the image, after which the stream follows. */
  imageEnded(): void;
  /** A command of the stream, whose bytes end at that offset from the beginning of the stream. */
  command(command: Command): void;
}

const EOF_MARK_BYTES = 40;
const EOF_PREFIX = '$EOF:';

/**
 * Reads what a server sends to a replica: answers, an image of its data, and a stream of commands. An image has its length
 * in front, or ends with a mark that its first line announces (replication.c: rdbSaveRioWithEOFMark).
 */
export class ReplicaProtocol {
  readonly #events: ReplicaEvents;
  #state: 'answers' | 'image head' | 'image' | 'stream' = 'answers';
  #line = Buffer.alloc(0);
  /** Bytes of the image that are missing; -1 if its end is marked. */
  #missing = 0;
  #mark = Buffer.alloc(0);
  /** The last bytes of a marked image, which may be the beginning of its mark. */
  #held = Buffer.alloc(0);
  #parser = new RespParser('the replication stream');

  constructor(events: ReplicaEvents) {
    this.#events = events;
  }

  /** The bytes of the stream whose commands are complete. */
  get streamBytes(): number {
    const parser = this.#parser;
    return parser.isIncomplete ? parser.commandAt : parser.window.position;
  }

  add(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#state === 'stream') {
        this.#stream(rest);
        return;
      }
      rest = this.#state === 'image' ? this.#image(rest) : this.#lineOf(rest);
    }
  }

  /** Takes bytes up to the end of a line. Returns those after it. */
  #lineOf(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LF);
    if (end < 0) {
      this.#line = Buffer.concat([this.#line, bytes]);
      return Buffer.alloc(0);
    }
    const line = latin1(Buffer.concat([this.#line, bytes.subarray(0, end)])).trimEnd();
    this.#line = Buffer.alloc(0);
    // A server sends empty lines while it prepares an image.
    if (line === '') return bytes.subarray(end + 1);
    if (this.#state === 'image head') this.#beginImage(line);
    else {
      const next = this.#events.answered(line);
      if (next === 'image') this.#state = 'image head';
      if (next === 'stream') this.#state = 'stream';
    }
    return bytes.subarray(end + 1);
  }

  #beginImage(line: string): void {
    if (line.startsWith(EOF_PREFIX) && line.length === EOF_PREFIX.length + EOF_MARK_BYTES) {
      this.#mark = Buffer.from(line.slice(EOF_PREFIX.length), 'latin1');
      this.#missing = -1;
    } else if (/^\$\d+$/.test(line)) {
      this.#missing = Number(line.slice(1));
    } else {
      throw new Error(`it sends '${line.slice(0, 60)}' where the length of its data is expected`);
    }
    this.#held = Buffer.alloc(0);
    this.#state = 'image';
  }

  #image(bytes: Buffer): Buffer {
    if (this.#missing < 0) return this.#markedImage(bytes);
    const part = bytes.subarray(0, this.#missing);
    this.#missing -= part.length;
    this.#events.image(part);
    if (this.#missing === 0) this.#endImage();
    return bytes.subarray(part.length);
  }

  #markedImage(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#held, bytes]);
    const end = all.indexOf(this.#mark);
    if (end < 0) {
      const whole = Math.max(0, all.length - EOF_MARK_BYTES + 1);
      this.#events.image(all.subarray(0, whole));
      this.#held = Buffer.from(all.subarray(whole));
      return Buffer.alloc(0);
    }
    this.#events.image(all.subarray(0, end));
    this.#endImage();
    return all.subarray(end + EOF_MARK_BYTES);
  }

  #endImage(): void {
    this.#state = 'stream';
    this.#events.imageEnded();
  }

  #stream(bytes: Buffer): void {
    this.#parser.feed(bytes);
    while (this.#parser.next()) this.#events.command(this.#parser.command);
  }
}
