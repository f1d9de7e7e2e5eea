import { isAscii, writeLatin1 } from '../base/index.js';
import { type Command, emptyCommand } from './command.js';

/** Refills one Command with words, for workloads and tests. */
export class CommandWriter {
  readonly command: Command = emptyCommand();
  #end = 0;

  constructor() {
    this.command.bytes = new Uint8Array(1024);
  }

  /** Returns a command of words with one byte per character. */
  words(...words: readonly string[]): Command {
    this.start();
    for (const word of words) this.word(word);
    return this.command;
  }

  /** Fills the command with words of a client at a time. */
  ask(client: number, timeMs: number, words: readonly string[]): this {
    this.words(...words);
    this.command.client = client;
    this.command.timeMs = timeMs;
    return this;
  }

  /** Returns a command of words and one more argument, of which only the length matters. */
  filled(length: number, ...words: readonly string[]): Command {
    this.words(...words);
    this.filler(length);
    return this.command;
  }

  start(): void {
    this.command.argumentCount = 0;
    this.#end = 0;
  }

  word(text: string): void {
    const start = this.#open(text.length);
    writeLatin1(text, this.command.bytes, start);
  }

  /** Adds text, which becomes UTF-8, or bytes. */
  part(part: string | Uint8Array): void {
    if (typeof part !== 'string') this.#bytes(part);
    else if (isAscii(part)) this.word(part);
    else this.#bytes(new TextEncoder().encode(part));
  }

  /** Fills the command with parts of a client at a time, and returns it. */
  parts(parts: readonly (string | Uint8Array)[], client = 0, timeMs = 0): Command {
    this.start();
    for (const part of parts) this.part(part);
    this.command.client = client;
    this.command.timeMs = timeMs;
    return this.command;
  }

  /** Adds an argument of which only the length matters; its bytes are not set. */
  filler(length: number): void {
    const start = this.#open(length);
    // Digits could make it a number, which a server stores in another encoding.
    if (length > 0) this.command.bytes[start] = FILLER;
  }

  #bytes(bytes: Uint8Array): void {
    const start = this.#open(bytes.length);
    this.command.bytes.set(bytes, start);
  }

  #open(length: number): number {
    const { command } = this;
    const index = command.argumentCount++;
    if (index === command.start.length) this.#makeRoomForArguments();
    const start = this.#end;
    this.#end += length;
    if (this.#end > command.bytes.length) this.#makeRoomForBytes();
    command.start[index] = start;
    command.length[index] = length;
    return start;
  }

  #makeRoomForArguments(): void {
    const { command } = this;
    const start = new Uint32Array(command.start.length * 2);
    const length = new Uint32Array(command.start.length * 2);
    start.set(command.start);
    length.set(command.length);
    command.start = start;
    command.length = length;
  }

  #makeRoomForBytes(): void {
    const bytes = new Uint8Array(Math.max(this.#end, this.command.bytes.length * 2));
    bytes.set(this.command.bytes);
    this.command.bytes = bytes;
  }
}

const FILLER = 0x78;
