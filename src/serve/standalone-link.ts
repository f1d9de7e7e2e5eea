/** Carries out a client's commands in the lab's own store, which keeps values so that it can reply. */
import { latin1, latin1Bytes, MIB } from '../base/index.js';
import { argumentsOf } from '../commands/index.js';
import { commandOf, RespParser, respOfCommand } from '../resp/index.js';
import { isErrorReply } from '../resp/node.js';
import type { Answer, Session, Store } from '../store/index.js';
import type { Link, LinkClient, LinkEvents, Segment } from './client-link.js';
import { Outcome } from './feed.js';
import type { DecidingSink } from './lab-thread.js';
import { poppedMembers } from './popped-members.js';
import { outcomeOf } from './store-outcome.js';
import type { TaskQueue } from './task-queue.js';

const NOTHING = new Uint8Array();

export interface StandaloneParts {
  readonly answers: Store;
  /** The queue of all clients, which gives the store and the model the same order of commands. */
  readonly queue: TaskQueue;
  readonly sink: DecidingSink;
  readonly owner: LinkEvents;
}

interface ParsedCommand {
  readonly args: readonly Uint8Array[];
  /** Whether the store executes the command, so that the model has to. */
  readonly isKnown: boolean;
  readonly bytes: Uint8Array;
}

/** A segment with its progress. */
interface Task {
  readonly segment: Segment;
  /** Receives each reply. */
  readonly onReply: ((isError: boolean) => void) | undefined;
  /** Whether the reply is for the client, which may have switched replies off. */
  readonly isForClient: boolean;
  readonly reply: (replies: Buffer) => void;
  readonly done: () => void;
  /** The remaining commands, once the segment has been parsed. */
  left: ParsedCommand[] | undefined;
}

/** The size of replies after which other clients have their turn, and this one must have read. */
const MAX_PIECE_BYTES = MIB;
/** The number of commands that the model decides at once. */
const MAX_PIECE_COMMANDS = 64;
/** The limit of the tasks after a waiting command. */
const MAX_AHEAD_BYTES = MIB;
/** The longest delay of a timer of the platform. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The link to the lab's own store. Usually the store executes a command first and the model follows in its thread. Where
 * the model decides (eviction, out of memory, SPOP in a transaction), it runs first and the store waits.
 *
 *     open ── `close` ──> closing ── no tasks are left ──> leaving ── its turn in the queue ──> closed
 *
 * While a command waits, the tasks after it wait too, and more of them are read, up to MAX_AHEAD_BYTES.
 */
export class StandaloneLink implements Link {
  readonly client: number;
  readonly #answers: Store;
  readonly #queue: TaskQueue;
  readonly #session: Session;
  readonly #sink: DecidingSink;
  readonly #owner: LinkEvents;
  readonly #parser = new RespParser('query');
  readonly #tasks: Task[] = [];
  /** Whether a piece of the first task is queued or running. */
  #isAtWork = false;
  #isContinuing = false;
  /** Whether the client must read its replies first. */
  #isHeld = false;
  #outstanding = 0;
  /** The timer of the command that waits; undefined if it has no end. */
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #state: 'open' | 'closing' | 'leaving' | 'closed' = 'open';

  constructor(
    { number, address, localAddress }: LinkClient,
    { answers, queue, sink, owner }: StandaloneParts,
  ) {
    this.client = number;
    this.#answers = answers;
    this.#queue = queue;
    this.#sink = sink;
    this.#owner = owner;
    const nowMs = Date.now();
    this.#session = answers.connect({
      id: number + 1,
      address,
      localAddress,
      nowMs,
      events: {
        released: (reply, carriedOut) => this.#released(reply, carriedOut),
        pushed: (message) => owner.pushed(message),
      },
    });
    sink.feed.connect(number, nowMs);
  }

  get isBusy(): boolean {
    return this.#outstanding > 0;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  get isLimited(): boolean {
    return this.#session.isSubscribed && this.#session.protocol === 2;
  }

  get isSilent(): boolean {
    return this.#session.replies !== 'on';
  }

  send(segment: Segment, onReply?: (isError: boolean) => void): void {
    this.#outstanding++;
    const reply = (replies: Buffer) => this.#owner.reply(replies);
    const done = () => this.#done();
    this.#tasks.push({ segment, onReply, isForClient: true, reply, done, left: undefined });
    this.#continue();
    if (this.isBusy && !this.#readsAhead) this.#owner.full(true);
    this.#sink.flushIfFull();
  }

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => {
      // `done` has no effect after a reply.
      const done = () => resolve(Buffer.alloc(0));
      this.#tasks.push({
        segment,
        onReply: undefined,
        isForClient: false,
        reply: resolve,
        done,
        left: undefined,
      });
      this.#continue();
    });
  }

  hold(): void {
    this.#isHeld = true;
  }

  resume(): void {
    this.#isHeld = false;
    this.#continue();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    // A server forgets a client that waits, and what it has sent after that.
    if (this.#isWaiting) {
      this.#tasks.length = 0;
      this.#endWait();
    }
    // The remaining commands run without waiting for the client to read.
    this.resume();
    this.#leaveIfDone();
  }

  #leaveIfDone(): void {
    if (this.#state !== 'closing' || this.#tasks.length > 0) return;
    this.#state = 'leaving';
    this.#queue.run(() => {
      this.#state = 'closed';
      this.#answers.disconnect(this.#session);
      this.#sink.feed.disconnect(this.client, Date.now());
      this.#owner.ended();
      return undefined;
    });
  }

  /** Whether tasks may still be read while a command waits. */
  get #readsAhead(): boolean {
    if (!this.#isWaiting) return false;
    const bytes = this.#tasks.reduce((sum, { segment }) => sum + segment.bytes.length, 0);
    return bytes < MAX_AHEAD_BYTES;
  }

  #wait(untilMs: number): void {
    this.#isWaiting = true;
    if (untilMs === Number.POSITIVE_INFINITY) return;
    const timeOut = () => {
      const nowMs = Date.now();
      if (nowMs < untilMs) this.#wait(untilMs);
      else
        this.#queue.run(() => {
          this.#answers.timeOut(nowMs);
          return undefined;
        });
    };
    this.#timer = setTimeout(timeOut, Math.min(untilMs - Date.now(), MAX_TIMER_MS));
  }

  #endWait(): void {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
  }

  /** Passes on the reply of the command that waited, and continues once the current piece is done. */
  #released(reply: Uint8Array, carriedOut: readonly string[] | undefined): void {
    const [task] = this.#tasks;
    const command =
      carriedOut === undefined ? NOTHING : respOfCommand(commandOf(carriedOut.map(latin1Bytes)));
    this.#sink.feed.release(this.client, Date.now(), command);
    this.#endWait();
    if (task === undefined) return;
    task.onReply?.(isErrorReply(reply));
    queueMicrotask(() => this.#answered(task, [reply]));
  }

  #done(): void {
    this.#outstanding--;
    if (this.isBusy) return;
    this.#owner.full(false);
    this.#owner.idle();
  }

  /** Runs the tasks piece by piece. A loop avoids recursion, since most pieces finish at once. */
  #continue(): void {
    if (this.#isContinuing) return;
    this.#isContinuing = true;
    while (!this.#isAtWork && !this.#isHeld) {
      const [task] = this.#tasks;
      if (task === undefined) break;
      this.#isAtWork = true;
      this.#queue.run(() => this.#piece(task));
    }
    this.#isContinuing = false;
  }

  #piece(task: Task): Promise<void> | undefined {
    const nowMs = Date.now();
    const [first] = task.left ?? [];
    if (first !== undefined && this.#needsModel(first.args)) {
      return this.#answerAfterModel(task, nowMs).then((replies) => this.#answered(task, replies));
    }
    this.#answered(task, this.#state === 'closed' ? [] : this.#answerAtOnce(task, nowMs));
    return undefined;
  }

  #answered(task: Task, replies: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(replies);
    if (bytes.length > 0) task.reply(bytes);
    if (this.#isWaiting) {
      this.#owner.full(false);
      return;
    }
    if (task.left === undefined || task.left.length === 0) {
      this.#tasks.shift();
      task.done();
    }
    const next = () => {
      this.#isAtWork = false;
      this.#continue();
      this.#leaveIfDone();
    };
    // Other clients have their turn after a large reply.
    if (bytes.length < MAX_PIECE_BYTES) next();
    else setImmediate(next);
  }

  /** Returns the commands of a task. Arguments are valid until the next command. */
  *#commandsOf({ segment: { bytes, from, ends }, left }: Task): Generator<ParsedCommand, void> {
    if (left !== undefined) {
      yield* left;
      return;
    }
    const parser = this.#parser;
    parser.feed(bytes.subarray(from, ends[ends.length - 1]));
    for (let index = 0; parser.next(); index++) {
      const { command } = parser;
      const args = argumentsOf(command);
      const start = index === 0 ? from : ends[index - 1]!;
      yield { args, isKnown: this.#answers.knows(args), bytes: bytes.subarray(start, ends[index]) };
    }
  }

  /** Executes commands up to the end of the piece, or to the first one that the model has to decide. */
  #answerAtOnce(task: Task, nowMs: number): Uint8Array[] {
    const feed = new Run((bytes, outcome) =>
      this.#sink.feed.commands(this.client, nowMs, outcome, bytes, 0, bytes.length),
    );
    const replies: Uint8Array[] = [];
    const isFresh = task.left === undefined;
    const left: ParsedCommand[] = [];
    let size = 0;
    for (const command of this.#commandsOf(task)) {
      if (left.length > 0 || this.#isWaiting || size >= MAX_PIECE_BYTES || this.#needsModel(command.args)) {
        left.push(isFresh ? { ...command, args: command.args.map((arg) => arg.slice()) } : command);
        continue;
      }
      const answer = this.#answers.answer(this.#session, command.args, nowMs);
      const { reply, closes } = answer;
      this.#replied(answer, task, replies);
      size += reply.length;
      const instead = command.isKnown ? poppedMembers(command.args, reply) : NOTHING;
      feed.add(instead ?? command.bytes, outcomeOf(command.args, reply, this.#session));
      if (this.#answers.hasReady) {
        feed.end();
        this.#answers.serveWaiting(nowMs);
      }
      if (closes) {
        queueMicrotask(() => this.close());
        break;
      }
    }
    feed.end();
    task.left = left;
    return replies;
  }

  async #answerAfterModel(task: Task, nowMs: number): Promise<Uint8Array[]> {
    const { left = [] } = task;
    const quit = left.findIndex(({ args }) => nameOf(args) === 'quit');
    const wanted = quit < 0 ? left : left.slice(0, quit + 1);
    const batch = wanted.slice(0, this.#batchLength(wanted));
    const known = batch.filter(({ isKnown }) => isKnown);
    const modelDecisions = await this.#sink.decide(
      this.client,
      nowMs,
      Buffer.concat(known.map(({ bytes }) => bytes)),
    );
    const replies: Uint8Array[] = [];
    let next = 0;
    for (const { args, isKnown } of batch) {
      const decisions = isKnown ? modelDecisions[next++] : undefined;
      const answer = this.#answers.answer(this.#session, args, nowMs, decisions);
      this.#replied(answer, task, replies);
      if (this.#answers.hasReady) this.#answers.serveWaiting(nowMs);
      if (answer.closes) queueMicrotask(() => this.close());
    }
    task.left = wanted.slice(batch.length);
    return replies;
  }

  /** Returns how many commands the model may decide before the store has answered them. */
  #batchLength(commands: readonly ParsedCommand[]): number {
    // Each of them may serve a waiting client before the next one.
    if (this.#answers.hasWaiting) return 1;
    const waits = commands.findIndex(({ args }) => this.#answers.mayWait(args));
    return Math.min(MAX_PIECE_COMMANDS, waits < 0 ? commands.length : waits + 1);
  }

  #needsModel(args: readonly Uint8Array[]): boolean {
    if (this.#answers.store.settings.maxmemory > 0) return true;
    const { queued } = this.#session;
    const name = nameOf(args);
    if (name === 'config') return args.some((arg) => nameOf([arg]) === 'maxmemory');
    return queued !== undefined && name === 'exec' && queued.some(({ spec }) => spec.name === 'spop');
  }

  #replied(
    { reply, isSilent, waitsUntilMs }: Answer,
    { onReply, isForClient }: Task,
    replies: Uint8Array[],
  ): void {
    if (waitsUntilMs !== undefined) {
      this.#wait(waitsUntilMs);
      return;
    }
    onReply?.(isErrorReply(reply));
    if (!isSilent || !isForClient) replies.push(reply);
  }
}

function nameOf([name = NOTHING]: readonly Uint8Array[]): string {
  return latin1(name).toLowerCase();
}

/** Merges adjacent bytes of commands with the same outcome, so that they are passed on together. */
class Run {
  readonly #use: (bytes: Uint8Array, outcome: Outcome) => void;
  #run: Uint8Array = NOTHING;
  #outcome: Outcome = Outcome.modelled;

  constructor(use: (bytes: Uint8Array, outcome: Outcome) => void) {
    this.#use = use;
  }

  add(bytes: Uint8Array, outcome: Outcome): void {
    const run = this.#run;
    const isNext = run.buffer === bytes.buffer && run.byteOffset + run.length === bytes.byteOffset;
    if (isNext && outcome === this.#outcome) {
      this.#run = new Uint8Array(run.buffer, run.byteOffset, run.length + bytes.length);
      return;
    }
    this.end();
    this.#run = bytes;
    this.#outcome = outcome;
  }

  end(): void {
    if (this.#run.length > 0) this.#use(this.#run, this.#outcome);
    this.#run = NOTHING;
  }
}
