import { latin1, latin1Bytes, refusal, shownByte, shownBytes } from '../../base/index.js';
import { argumentText, type Command } from '../../commands/index.js';
import { ARRAY, type ByteWindow, LF, RespParser } from '../../resp/index.js';
import type { CommandEvent, EpochEvent, InputEvent } from '../input.js';
import type { InputClock } from '../input-clock.js';
import type { RdbAux } from '../rdb/events.js';
import { isRdbMagic } from '../rdb/rdb-header.js';
import { RdbReader } from '../rdb/rdb-reader.js';

const HASH = 0x23;
/** The length of an annotation that a server reads (AOF_ANNOTATION_LINE_MAX_LEN). */
const MAX_ANNOTATION_BYTES = 1024;
const MAX_SECONDS = 2 ** 43;

export interface AofFileOptions {
  /** The clock, which the files of one directory share. */
  readonly clock: InputClock;
  readonly client: number;
  /** Whether the file is an RDB file. Commands may follow its image only if it is marked as the preamble of an AOF. */
  readonly isDump: boolean;
  /** Whether this is the last file, which alone may be truncated. */
  readonly isLast: boolean;
  readonly warn: (message: string) => void;
}

/** Reads one append-only file: an RDB image, commands, or an image followed by commands. */
export class AofFile {
  readonly #window: ByteWindow;
  readonly #options: AofFileOptions;
  readonly #parser: RespParser;
  #isPreamble = false;
  /** The position of the MULTI of an incomplete transaction. */
  #multiAt: number | undefined;

  constructor(window: ByteWindow, options: AofFileOptions) {
    this.#window = window;
    this.#options = options;
    this.#parser = new RespParser(window, { multibulkOnly: true, client: options.client });
  }

  /** The offset of the command that was read last. */
  get commandAt(): number {
    return this.#parser.commandAt;
  }

  *events(): Generator<InputEvent, void> {
    const window = this.#window;
    window.need(6);
    const begin = window.bytes.subarray(window.at, window.end);
    if (this.#options.isDump || isRdbMagic(begin)) {
      const reader = new RdbReader(window, this.#options.warn);
      for (const event of reader.events()) {
        const epoch = event.kind === 'rdb-aux' ? this.#noteAux(event) : undefined;
        if (epoch !== undefined) yield epoch;
        yield event;
      }
      if (!window.need(1)) return;
      const next = window.bytes[window.at];
      const isCommand = next === ARRAY || next === HASH;
      if (!isCommand || (this.#options.isDump && !this.#isPreamble)) throw this.#leftOver(next);
    }
    yield* this.#commands();
  }

  /** Notes what an image says of itself. Returns the epoch if it says the time. */
  #noteAux({ name, value }: RdbAux): EpochEvent | undefined {
    // Up to Redis 6.2 commands follow in the same file. Since 7.0 they have their own files.
    if (name === 'aof-preamble' && value === '1') this.#isPreamble = true;
    if (name !== 'ctime' || !/^\d{1,12}$/.test(value)) return undefined;
    return this.#options.clock.advanceTo(Number(value) * 1000, () => this.#placeOf(this.#window.position));
  }

  *#commands(): Generator<InputEvent, void> {
    const parser = this.#parser;
    const window = this.#window;
    const { command } = parser;
    const event: CommandEvent = { kind: 'command', command };
    for (;;) {
      if (!parser.isInside && window.at < window.end && window.bytes[window.at] === HASH) {
        const epoch = this.#annotation();
        if (epoch !== undefined) yield epoch;
      } else if (parser.next()) {
        if (command.argumentCount === 1) this.#trackTransaction(command);
        command.timeMs = this.#options.clock.timeMs;
        yield event;
      } else if (!parser.fill()) break;
    }
    yield* this.#end(event);
  }

  #trackTransaction(command: Command): void {
    const length = command.length[0]!;
    if (length < 4 || length > 7) return;
    const name = argumentText(command, 0).toLowerCase();
    if (name === 'multi') this.#multiAt ??= this.#parser.commandAt;
    else if (name === 'exec' || name === 'discard') this.#multiAt = undefined;
  }

  #annotation() {
    const window = this.#window;
    const { position } = window;
    let from = window.at;
    let end = -1;
    do {
      from = window.at;
      end = window.bytes.subarray(from, window.end).indexOf(LF);
    } while (end < 0 && window.end - from <= MAX_ANNOTATION_BYTES && window.fill());
    if (end < 0 && window.end - from <= MAX_ANNOTATION_BYTES) {
      // A truncated annotation at the end of the file contains nothing to replay.
      window.at = window.end;
      return undefined;
    }
    if (end < 0 || end > MAX_ANNOTATION_BYTES) {
      throw refusal(window.name, position, `an annotation of over ${MAX_ANNOTATION_BYTES} bytes`, REMEDY);
    }
    const text = latin1(window.bytes, from, from + end).trimEnd();
    window.at = from + end + 1;
    if (!text.startsWith('#TS:')) return undefined;
    const seconds = /^#TS:(\d{1,16})$/.exec(text)?.[1];
    if (seconds === undefined || Number(seconds) > MAX_SECONDS) {
      const shown = shownBytes(latin1Bytes(text));
      this.#options.warn(
        `${window.name}: byte ${position}: the time ${shown} is no number of seconds; ignored`,
      );
      return undefined;
    }
    return this.#options.clock.advanceTo(Number(seconds) * 1000, () => this.#placeOf(position));
  }

  #placeOf(position: number): string {
    return `${this.#window.name}: byte ${position}`;
  }

  *#end(event: CommandEvent): Generator<InputEvent, void> {
    const { name, read } = this.#window;
    const { isLast, warn } = this.#options;
    if (this.#parser.isIncomplete) {
      const { commandAt } = this.#parser;
      const found = `the file ends inside the command that starts at byte ${commandAt}`;
      if (!isLast) throw refusal(name, read, `${found}, and it is not the last file`, REMEDY);
      const dropped = read - commandAt;
      warn(`${name}: byte ${read}: ${found}; its ${dropped} bytes are dropped, as by aof-load-truncated yes`);
    }
    if (this.#multiAt === undefined) return;
    const found = `the transaction that starts at byte ${this.#multiAt} is not complete`;
    if (!isLast) throw refusal(name, read, `${found}, and it is not the last file`, REMEDY);
    warn(`${name}: byte ${this.#multiAt}: ${found}; it is dropped, as Redis does`);
    // The server frees the queued commands together with their client.
    setToDiscard(event.command);
    yield event;
  }

  #leftOver(byte: number | undefined) {
    const found = `after the end of the RDB image is ${shownByte(byte)}`;
    return refusal(this.#window.name, this.#window.position, found, 'cut the file here, or save it again');
  }
}

const REMEDY = 'repair a copy with `redis-check-aof --fix`, or save it again';
const DISCARD = latin1Bytes('DISCARD');

function setToDiscard(command: Command): void {
  command.bytes = DISCARD;
  command.start[0] = 0;
  command.length[0] = DISCARD.length;
  command.argumentCount = 1;
}
