/** A client's commands carried out by the lab's own store, which keeps values so that it can answer. */
import type { Answers, Session } from '../../redis/answers/index.js';
import { argumentBytes } from '../../redis/index.js';
import { RespParser } from '../../redis/input/index.js';
import type { FeedSink } from './lab-thread.js';
import type { Link, LinkOwner, Segment } from './link.js';
import { poppedMembers } from './popped-members.js';

const NOTHING = new Uint8Array();

export class StandaloneLink implements Link {
  readonly isBusy = false;
  readonly client: number;
  readonly #answers: Answers;
  readonly #session: Session;
  readonly #sink: FeedSink;
  readonly #owner: LinkOwner;
  readonly #parser = new RespParser('query');
  #isClosed = false;

  constructor(client: number, answers: Answers, sink: FeedSink, owner: LinkOwner) {
    this.client = client;
    this.#answers = answers;
    this.#sink = sink;
    this.#owner = owner;
    const nowMs = Date.now();
    this.#session = answers.connect({ id: client + 1, nowMs });
    sink.feed.connect(client, nowMs);
  }

  send(segment: Segment): void {
    const replies = this.#carryOut(segment);
    if (replies.length > 0) this.#owner.reply(replies);
    this.#sink.flushIfFull();
  }

  pass(): void {}

  ask(segment: Segment): Promise<Buffer> {
    return Promise.resolve(this.#carryOut(segment));
  }

  subscribed(): void {}

  pause(): void {}

  resume(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#answers.disconnect(this.#session);
    this.#sink.feed.disconnect(this.client, Date.now());
    this.#owner.ended(undefined);
  }

  #carryOut({ bytes, from, ends, onReply }: Segment): Buffer {
    const parser = this.#parser;
    const nowMs = Date.now();
    const to = ends[ends.length - 1] as number;
    const replies: Uint8Array[] = [];
    let fedFrom = from;
    parser.feed(bytes.subarray(from, to));
    for (let index = 0; !this.#isClosed && parser.next(); index++) {
      const { command } = parser;
      const args = Array.from({ length: command.argumentCount }, (_, at) => argumentBytes(command, at));
      const isKnown = this.#answers.knows(args);
      const { reply, closes } = this.#answers.answer(this.#session, args, nowMs);
      const end = ends[index] as number;
      const instead = isKnown ? poppedMembers(args, reply) : NOTHING;
      if (!isKnown || instead !== undefined) {
        this.#feed(bytes, fedFrom, index === 0 ? from : (ends[index - 1] as number), nowMs);
        fedFrom = end;
        if (instead !== undefined) this.#feed(instead, 0, instead.length, nowMs);
      }
      const isError = reply[0] === 45;
      onReply?.({ isError, code: '' });
      replies.push(reply);
      if (closes) {
        this.#feed(bytes, fedFrom, end, nowMs);
        fedFrom = to;
        queueMicrotask(() => this.close());
        break;
      }
    }
    this.#feed(bytes, fedFrom, to, nowMs);
    return replies.length === 1 ? Buffer.from(replies[0] as Uint8Array) : Buffer.concat(replies);
  }

  #feed(bytes: Uint8Array, from: number, to: number, nowMs: number): void {
    if (to > from) this.#sink.feed.commands(this.client, nowMs, 0, bytes, from, to);
  }
}
