import { latin1, MIB } from '../base/index.js';
import { argumentBytes } from '../commands/index.js';
import { RespParser } from '../resp/index.js';
import type { Session, Store } from '../store/index.js';
import type { JudgingSink } from './lab-thread.js';
import type { Link, LinkEvents, Segment } from './link.js';
import { poppedMembers } from './popped-members.js';
import type { Turns } from './turns.js';

const NOTHING = new Uint8Array();

export interface StandaloneParts {
  readonly answers: Store;
  /** The queue of all clients, which gives the store and the model the same order of commands. */
  readonly turns: Turns;
  readonly sink: JudgingSink;
  readonly owner: LinkEvents;
}

interface Asked {
  readonly args: readonly Uint8Array[];
  /** Whether the store executes the command, so that the model has to. */
  readonly isKnown: boolean;
  readonly bytes: Uint8Array;
}

/** A segment with its progress. */
interface Work {
  readonly segment: Segment;
  readonly reply: (replies: Buffer) => void;
  readonly done: () => void;
  /** The remaining commands, once the segment has been parsed. */
  left: Asked[] | undefined;
}

/** The size of replies after which other clients have their turn, and this one must have read. */
const PIECE_BYTES = MIB;
/** The number of commands that the model decides at once. */
const PIECE_COMMANDS = 64;

/**
 * The link to the lab's own store. Usually the store executes a command first and the model follows in its thread. Where
 * the model decides (eviction, out of memory, SPOP in a transaction), it runs first and the store waits.
 */
export class StandaloneLink implements Link {
  readonly client: number;
  readonly #answers: Store;
  readonly #turns: Turns;
  readonly #session: Session;
  readonly #sink: JudgingSink;
  readonly #owner: LinkEvents;
  readonly #parser = new RespParser('query');
  readonly #works: Work[] = [];
  /** Whether a piece of the first task is queued or running. */
  #isAtWork = false;
  #isGoingOn = false;
  /** Whether the client must read its replies first. */
  #isHeld = false;
  #outstanding = 0;
  #isClosing = false;
  #isLeaving = false;
  #isClosed = false;

  constructor(client: number, { answers, turns, sink, owner }: StandaloneParts) {
    this.client = client;
    this.#answers = answers;
    this.#turns = turns;
    this.#sink = sink;
    this.#owner = owner;
    const nowMs = Date.now();
    this.#session = answers.connect({ id: client + 1, nowMs });
    sink.feed.connect(client, nowMs);
  }

  get isBusy(): boolean {
    return this.#outstanding > 0;
  }

  send(segment: Segment): void {
    this.#outstanding++;
    const reply = (replies: Buffer) => this.#owner.reply(replies);
    this.#works.push({ segment, reply, done: () => this.#done(), left: undefined });
    this.#goOn();
    if (this.isBusy) this.#owner.full(true);
    this.#sink.flushIfFull();
  }

  pass(): void {}

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => {
      // `done` has no effect after a reply.
      const done = () => resolve(Buffer.alloc(0));
      this.#works.push({ segment, reply: resolve, done, left: undefined });
      this.#goOn();
    });
  }

  subscribed(): void {}

  pause(isTooMuch: boolean): void {
    this.#isHeld ||= isTooMuch;
  }

  resume(): void {
    this.#isHeld = false;
    this.#goOn();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    // The remaining commands run without waiting for the client to read.
    this.resume();
    this.#leaveIfDone();
  }

  #leaveIfDone(): void {
    if (!this.#isClosing || this.#isLeaving || this.#works.length > 0) return;
    this.#isLeaving = true;
    this.#turns.take(() => {
      this.#isClosed = true;
      this.#answers.disconnect(this.#session);
      this.#sink.feed.disconnect(this.client, Date.now());
      this.#owner.ended(undefined);
      return undefined;
    });
  }

  #done(): void {
    this.#outstanding--;
    if (this.isBusy) return;
    this.#owner.full(false);
    this.#owner.idle();
  }

  /** Runs the tasks piece by piece. A loop avoids recursion, since most pieces finish at once. */
  #goOn(): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    while (!this.#isAtWork && !this.#isHeld) {
      const [work] = this.#works;
      if (work === undefined) break;
      this.#isAtWork = true;
      this.#turns.take(() => this.#piece(work));
    }
    this.#isGoingOn = false;
  }

  #piece(work: Work): Promise<void> | undefined {
    const nowMs = Date.now();
    const [first] = work.left ?? [];
    if (first !== undefined && this.#needsModel(first.args)) {
      return this.#answerAfterModel(work, nowMs).then((replies) => this.#answered(work, replies));
    }
    this.#answered(work, this.#isClosed ? [] : this.#answerAtOnce(work, nowMs));
    return undefined;
  }

  #answered(work: Work, replies: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(replies);
    if (bytes.length > 0) work.reply(bytes);
    if (work.left === undefined || work.left.length === 0) {
      this.#works.shift();
      work.done();
    }
    const next = () => {
      this.#isAtWork = false;
      this.#goOn();
      this.#leaveIfDone();
    };
    // Other clients have their turn after a large reply.
    if (bytes.length < PIECE_BYTES) next();
    else setImmediate(next);
  }

  /** Returns the commands of a task. Arguments are valid until the next command. */
  *#commandsOf({ segment: { bytes, from, ends }, left }: Work): Generator<Asked, void> {
    if (left !== undefined) {
      yield* left;
      return;
    }
    const parser = this.#parser;
    parser.feed(bytes.subarray(from, ends[ends.length - 1]));
    for (let index = 0; parser.next(); index++) {
      const { command } = parser;
      const args = Array.from({ length: command.argumentCount }, (_, at) => argumentBytes(command, at));
      const start = index === 0 ? from : ends[index - 1]!;
      yield { args, isKnown: this.#answers.knows(args), bytes: bytes.subarray(start, ends[index]) };
    }
  }

  /** Executes commands up to the end of the piece, or to the first one that the model has to decide. */
  #answerAtOnce(work: Work, nowMs: number): Uint8Array[] {
    const feed = new Run((bytes) => this.#sink.feed.commands(this.client, nowMs, 0, bytes, 0, bytes.length));
    const replies: Uint8Array[] = [];
    const isFresh = work.left === undefined;
    const left: Asked[] = [];
    let size = 0;
    for (const command of this.#commandsOf(work)) {
      if (left.length > 0 || size >= PIECE_BYTES || this.#needsModel(command.args)) {
        left.push(isFresh ? { ...command, args: command.args.map((arg) => arg.slice()) } : command);
        continue;
      }
      const { reply, closes } = this.#answers.answer(this.#session, command.args, nowMs);
      this.#replied(reply, work.segment, replies);
      size += reply.length;
      const instead = command.isKnown ? poppedMembers(command.args, reply) : NOTHING;
      feed.add(instead ?? command.bytes);
      if (closes) {
        queueMicrotask(() => this.close());
        break;
      }
    }
    feed.end();
    work.left = left;
    return replies;
  }

  async #answerAfterModel(work: Work, nowMs: number): Promise<Uint8Array[]> {
    const { left = [] } = work;
    const quit = left.findIndex(({ args }) => nameOf(args) === 'quit');
    const wanted = quit < 0 ? left : left.slice(0, quit + 1);
    const asked = wanted.slice(0, PIECE_COMMANDS);
    const known = asked.filter(({ isKnown }) => isKnown);
    const judged = await this.#sink.judge(this.client, nowMs, Buffer.concat(known.map(({ bytes }) => bytes)));
    const replies: Uint8Array[] = [];
    let next = 0;
    for (const { args, isKnown } of asked) {
      const decisions = isKnown ? judged[next++] : undefined;
      const { reply, closes } = this.#answers.answer(this.#session, args, nowMs, decisions);
      this.#replied(reply, work.segment, replies);
      if (closes) queueMicrotask(() => this.close());
    }
    work.left = wanted.slice(asked.length);
    return replies;
  }

  #needsModel(args: readonly Uint8Array[]): boolean {
    if (this.#answers.store.settings.maxmemory > 0) return true;
    const { queued } = this.#session;
    return queued !== undefined && nameOf(args) === 'exec' && queued.some(({ spec }) => spec.name === 'spop');
  }

  #replied(reply: Uint8Array, { onReply }: Segment, replies: Uint8Array[]): void {
    onReply?.({ isError: reply[0] === 0x2d, code: '' });
    replies.push(reply);
  }
}

function nameOf([name = NOTHING]: readonly Uint8Array[]): string {
  return latin1(name).toLowerCase();
}

/** Merges adjacent bytes, so that they are passed on together. */
class Run {
  readonly #use: (bytes: Uint8Array) => void;
  #run: Uint8Array = NOTHING;

  constructor(use: (bytes: Uint8Array) => void) {
    this.#use = use;
  }

  add(bytes: Uint8Array): void {
    const run = this.#run;
    const isNext = run.buffer === bytes.buffer && run.byteOffset + run.length === bytes.byteOffset;
    if (isNext) this.#run = new Uint8Array(run.buffer, run.byteOffset, run.length + bytes.length);
    else {
      this.end();
      this.#run = bytes;
    }
  }

  end(): void {
    if (this.#run.length > 0) this.#use(this.#run);
    this.#run = NOTHING;
  }
}
