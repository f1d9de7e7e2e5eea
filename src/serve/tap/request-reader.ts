import { concatBytes, InputError } from '../../base/index.js';
import { type Command, wordsOf } from '../../commands/index.js';
import { RespParser, respOf, respOfCommand } from '../../resp/index.js';
import { isInTransaction } from '../in-transaction.js';
import { type ReplyMode, replyModeSet } from '../reply-mode.js';
import { Exchange, type ExchangeKind, exchangeOf } from './exchange.js';
import { kindOf, type RequestKind } from './exchange-kinds.js';
import { isOpaqueDebug, isQuestion, proofsOf } from './questions.js';

/** Commands of the tap that follow a client's command. */
export interface Insertion {
  /** The offset in the client's bytes after which they are sent. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface RequestReaderOptions {
  /** Receives what is sent, in order. */
  readonly expect: (exchange: Exchange) => void;
  /** The commands with which the tap authenticates a connection after RESET. */
  readonly greeting: readonly (readonly string[])[];
  /** Whether reading stops after RESET, because the client must give the tap's password again. */
  readonly stopsAtReset: boolean;
}

/** The part of the client's bytes that was read, and what the tap adds to it. */
export interface ReadResult {
  /** The end of what was read, which is before the end of the bytes only after RESET. */
  readonly end: number;
  readonly insertions: readonly Insertion[];
}

/**
 * Finds the commands in a client's bytes. The caller forwards the bytes themselves in any case.
 *
 *     reading ── bytes that are no RESP ──> unreadable
 *        │
 *        └────── RESET, with a password ──> stopped
 */
export class RequestReader {
  state: 'reading' | 'unreadable' | 'stopped' = 'reading';
  readonly #options: RequestReaderOptions;
  readonly #parser = new RespParser('query');
  #replyMode: ReplyMode = 'on';
  /** Whether the last transaction has not ended yet, as far as the client's commands tell. */
  #isInTransaction = false;
  #insertions: Insertion[] = [];

  constructor(options: RequestReaderOptions) {
    this.#options = options;
  }

  /** The number of bytes of an incomplete command. */
  get heldBytes(): number {
    return this.#parser.heldBytes;
  }

  /** Makes the client's later commands have replies again, because the server refused CLIENT REPLY. */
  switchRepliesOn(): void {
    this.#replyMode = 'on';
  }

  /** Reads on after a RESET that the server refused. */
  continue(): void {
    this.state = 'reading';
  }

  get #isStopped(): boolean {
    return this.state === 'stopped';
  }

  read(bytes: Uint8Array): ReadResult {
    this.#insertions = [];
    if (this.state === 'reading') {
      const parser = this.#parser;
      const isInside = parser.isIncomplete;
      parser.feed(bytes);
      const start = parser.window.end - bytes.length;
      try {
        this.#commands(isInside, start);
      } catch (cause) {
        if (!(cause instanceof InputError)) throw cause;
        this.state = 'unreadable';
      }
      if (this.#isStopped) return { end: parser.window.at - start, insertions: this.#insertions };
    }
    return { end: bytes.length, insertions: this.#insertions };
  }

  /** Reads commands. The first of them may have begun in earlier bytes. The others begin at `start` or later. */
  #commands(hasBegun: boolean, start: number): void {
    const parser = this.#parser;
    const { window } = parser;
    const run = new CommandRun(window.bytes, this.#options.expect);
    let isBegun = hasBegun;
    try {
      for (let before = window.at; this.state === 'reading' && parser.next(); before = window.at) {
        const { command } = parser;
        const kind = kindOf(command);
        const isInPlace = !isBegun && command.bytes === window.bytes;
        isBegun = false;
        if (kind === 'commands' && this.#replyMode === 'on' && isInPlace) {
          const from = parser.commandAt - window.base;
          // Empty lines and empty arrays may precede the command.
          if (from !== before) run.end();
          run.add(from, window.at);
        } else {
          run.end();
          this.#special(kind, command, window.at - start);
        }
      }
    } finally {
      run.end();
    }
  }

  #special(kind: RequestKind, command: Command, end: number): void {
    this.#isInTransaction = isInTransaction(kind, command, this.#isInTransaction);
    const before = this.#replyMode;
    const mode = kind === 'client' ? replyModeSet(command) : undefined;
    if (this.#unmatches(kind, mode)) {
      this.#expect('unmatched', command);
      return;
    }
    this.#replyMode = replyModeAfter(before, kind, mode);
    const isAnswered = before === 'on' || mode === 'on' || (kind === 'reset' && before === 'off');
    if (!isAnswered) this.#expectNothing(kind, command);
    else if (mode === 'off' || mode === 'skip') this.#expectNothing('commands', command);
    else if (kind === 'question') this.#question(command, end);
    else if (kind === 'client') this.#expect('commands', command);
    else if (kind !== 'replconf') this.#expect(kind, command);
    else if (isAcknowledgement(wordsOf(command))) this.#expectNothing('commands', command);
    else this.#expect('commands', command);
    if (kind === 'reset') this.#reset(end);
  }

  /**
   * Whether a command leaves unknown which replies follow. In a transaction, CLIENT REPLY changes what EXEC replies, and
   * subscriptions are confirmed while replies are off.
   */
  #unmatches(kind: RequestKind, mode: ReplyMode | undefined): boolean {
    const current = this.#replyMode;
    if (mode !== undefined) return this.#isInTransaction && (mode !== 'on' || current === 'off');
    return current !== 'on' && (kind === 'subscription' || kind === 'replication');
  }

  #question(command: Command, end: number): void {
    const words = wordsOf(command);
    if (this.#isInTransaction || !isQuestion(words)) {
      this.#expect(isOpaqueDebug(words) ? 'opaque' : 'commands', command);
      return;
    }
    const proofs = proofsOf(words).map((proof) => respOf(...proof));
    this.#options.expect(exchangeOf('question', [respOfCommand(command), ...proofs], words));
    if (proofs.length > 0) this.#insertions.push({ at: end, bytes: concatBytes(proofs) });
  }

  #reset(end: number): void {
    const { stopsAtReset, greeting, expect } = this.#options;
    if (stopsAtReset) this.state = 'stopped';
    for (const words of greeting) {
      const bytes = respOf(...words);
      expect(exchangeOf('own', [bytes]));
      this.#insertions.push({ at: end, bytes });
    }
  }

  #expect(kind: ExchangeKind, command: Command, isSilent = false): void {
    const words = WITHOUT_WORDS.has(kind) ? undefined : wordsOf(command);
    this.#options.expect(exchangeOf(kind, [respOfCommand(command)], words, isSilent));
  }

  /** Expects that a command is executed without a reply. */
  #expectNothing(kind: RequestKind, command: Command): void {
    this.#expect(silentKindOf(kind, command), command, true);
  }
}

/** Whether a command of a replica or of a master has no reply (replconfCommand). */
function isAcknowledgement(words: readonly string[]): boolean {
  return words.some((word, index) => index % 2 === 1 && /^(get)?ack$/i.test(word));
}

/** Returns the mode after a command. `mode` is what the command itself sets, if it is CLIENT REPLY (clientCommand, resetClient). */
function replyModeAfter(before: ReplyMode, kind: RequestKind, mode: ReplyMode | undefined): ReplyMode {
  if (kind === 'reset') return 'on';
  if (mode === 'skip' && before === 'off') return 'off';
  return mode ?? (before === 'skip' ? 'on' : before);
}

function silentKindOf(kind: RequestKind, command: Command): ExchangeKind {
  if (kind === 'question') return isOpaqueDebug(wordsOf(command)) ? 'opaque' : 'commands';
  return kind === 'client' || kind === 'replconf' ? 'commands' : kind;
}

/** The kinds whose words do not matter, which may be long. */
const WITHOUT_WORDS: ReadonlySet<ExchangeKind> = new Set([
  ...(['commands', 'conditional', 'blocking', 'script', 'unmatched'] as const),
]);

/** Joins consecutive commands, in the window of the parser, into one exchange. */
class CommandRun {
  readonly #window: Uint8Array;
  readonly #expect: (exchange: Exchange) => void;
  #from = 0;
  #ends: number[] = [];

  constructor(window: Uint8Array, expect: (exchange: Exchange) => void) {
    this.#window = window;
    this.#expect = expect;
  }

  add(from: number, end: number): void {
    if (this.#ends.length === 0) this.#from = from;
    this.#ends.push(end);
  }

  end(): void {
    const ends = this.#ends;
    if (ends.length === 0) return;
    this.#ends = [];
    const from = this.#from;
    // The bytes of a socket stay. Those of the parser's own window are reused.
    if (Buffer.isBuffer(this.#window)) this.#expect(new Exchange('commands', this.#window, from, ends));
    else {
      const bytes = this.#window.slice(from, ends[ends.length - 1]);
      this.#expect(
        new Exchange(
          'commands',
          bytes,
          0,
          ends.map((end) => end - from),
        ),
      );
    }
  }
}
