/** A client's commands carried out by the lab's own store, which keeps values so that it can answer. */
import type { Answers, Session } from '../../redis/answers/index.js';
import { argumentBytes } from '../../redis/index.js';
import { RespParser } from '../../redis/input/index.js';
import type { JudgingSink } from './lab-thread.js';
import type { Link, LinkOwner, Segment } from './link.js';
import { poppedMembers } from './popped-members.js';
import type { Turns } from './turns.js';

const NOTHING = new Uint8Array();

export interface StandaloneParts {
  readonly answers: Answers;
  /** Of all clients: the store and the model must see their commands in one order. */
  readonly turns: Turns;
  readonly sink: JudgingSink;
  readonly owner: LinkOwner;
}

interface Asked {
  readonly args: readonly Uint8Array[];
  /** The store carries it out, so the model has to. */
  readonly isKnown: boolean;
  readonly bytes: Uint8Array;
}

/**
 * As a rule the store goes first and the model follows, later, in its own thread. Where the model decides what the
 * store cannot know (which keys are evicted, whether there is room, what SPOP takes inside a transaction) it goes first
 * and the store waits for it.
 */
export class StandaloneLink implements Link {
  readonly client: number;
  readonly #answers: Answers;
  readonly #turns: Turns;
  readonly #session: Session;
  readonly #sink: JudgingSink;
  readonly #owner: LinkOwner;
  readonly #parser = new RespParser('query');
  #outstanding = 0;
  #isClosing = false;
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
    this.#turns.take(() =>
      this.#carryOut(segment, (replies) => {
        if (replies.length > 0) this.#owner.reply(replies);
        this.#done();
      }),
    );
    if (this.isBusy) this.#owner.full(true);
    this.#sink.flushIfFull();
  }

  pass(): void {}

  ask(segment: Segment): Promise<Buffer> {
    return new Promise((resolve) => this.#turns.take(() => this.#carryOut(segment, resolve)));
  }

  subscribed(): void {}

  pause(): void {}

  resume(): void {}

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
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

  #carryOut(segment: Segment, answer: (replies: Buffer) => void): Promise<void> | undefined {
    const nowMs = Date.now();
    const replies: Uint8Array[] = [];
    const left = this.#isClosed ? [] : this.#answerAtOnce(segment, nowMs, replies);
    if (left.length > 0) {
      return this.#answerAfterModel(left, segment, nowMs, replies).then(() => answer(joined(replies)));
    }
    answer(joined(replies));
    return undefined;
  }

  /** Arguments are there until the next one is asked for. */
  *#commandsOf({ bytes, from, ends }: Segment): Generator<Asked, void> {
    const parser = this.#parser;
    parser.feed(bytes.subarray(from, ends[ends.length - 1]));
    for (let index = 0; parser.next(); index++) {
      const { command } = parser;
      const args = Array.from({ length: command.argumentCount }, (_, at) => argumentBytes(command, at));
      const start = index === 0 ? from : (ends[index - 1] as number);
      yield { args, isKnown: this.#answers.knows(args), bytes: bytes.subarray(start, ends[index]) };
    }
  }

  /** Answers up to the first command that the model has to see first; what is left from there on. */
  #answerAtOnce(segment: Segment, nowMs: number, replies: Uint8Array[]): Asked[] {
    const feed = new Run((bytes) => this.#sink.feed.commands(this.client, nowMs, 0, bytes, 0, bytes.length));
    const left: Asked[] = [];
    for (const command of this.#commandsOf(segment)) {
      if (left.length > 0 || this.#needsModel(command.args)) {
        left.push({ ...command, args: command.args.map((arg) => arg.slice()) });
        continue;
      }
      const { reply, closes } = this.#answers.answer(this.#session, command.args, nowMs);
      this.#replied(reply, segment, replies);
      const instead = command.isKnown ? poppedMembers(command.args, reply) : NOTHING;
      feed.add(instead ?? command.bytes);
      if (closes) {
        queueMicrotask(() => this.close());
        break;
      }
    }
    feed.end();
    return left;
  }

  async #answerAfterModel(
    commands: readonly Asked[],
    segment: Segment,
    nowMs: number,
    replies: Uint8Array[],
  ): Promise<void> {
    const quit = commands.findIndex(({ args }) => nameOf(args) === 'quit');
    const asked = quit < 0 ? commands : commands.slice(0, quit + 1);
    const known = asked.filter(({ isKnown }) => isKnown);
    const judged = await this.#sink.judge(this.client, nowMs, Buffer.concat(known.map(({ bytes }) => bytes)));
    let next = 0;
    for (const { args, isKnown } of asked) {
      const decisions = isKnown ? judged[next++] : undefined;
      const { reply, closes } = this.#answers.answer(this.#session, args, nowMs, decisions);
      this.#replied(reply, segment, replies);
      if (closes) queueMicrotask(() => this.close());
    }
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
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1').toLowerCase();
}

function joined(replies: readonly Uint8Array[]): Buffer {
  return replies.length === 1 ? Buffer.from(replies[0] as Uint8Array) : Buffer.concat(replies);
}

/** Bytes that lie one behind the other are handed on as one. */
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
