import { isIn } from '../commands/index.js';
import { CommandContext } from './command-context.js';
import type { Data } from './data.js';
import type { KeyValues } from './key-values.js';
import { ReplyError } from './reply-error.js';
import type { Session } from './session.js';
import type { StoreCommand } from './store-command.js';
import { StoreReply } from './store-reply.js';
import { StreamContent } from './stream-content.js';
import type { Content } from './values.js';

/** The condition of a waiting command. */
export interface Wait {
  /** The names of the keys; none if it waits for time alone. */
  readonly keys: readonly string[];
  readonly kind: (abstract new (...parts: never[]) => Content) | undefined;
  /** The time since 1970 at which it ends; Infinity if it has no end. */
  readonly untilMs: number;
  /** The command as it is carried out again. */
  readonly args: readonly string[];
  /** Returns the same command for one of its keys alone. */
  readonly only: (at: number) => readonly string[];
  /** Writes the reply at the end of the time, if it is not a null array. */
  readonly atEnd?: ((reply: StoreReply) => void) | undefined;
}

/** A client whose last command waits. */
export interface Waiting extends Wait {
  readonly session: Session;
  readonly spec: StoreCommand;
  /** The command as the client sent it. */
  readonly sent: readonly string[];
  readonly database: number;
  /** Whether CLIENT REPLY keeps the reply from the client. */
  readonly isSilent: boolean;
}

const CLIENT_GONE = 'UNBLOCKED client unblocked via CLIENT UNBLOCK';
const STREAM_GONE = 'UNBLOCKED the stream key no longer exists';
const GROUP_GONE = 'NOGROUP the consumer group this client was blocked on no longer exists';

/** The clients that wait, in the order of their commands. */
export class Waiters {
  readonly #all = new Set<Waiting>();
  readonly #reply = new StoreReply();

  constructor(readonly store: KeyValues) {}

  get size(): number {
    return this.#all.size;
  }

  /** The number of keys that clients wait for. */
  get keys(): number {
    return this.store.databases.reduce((sum, { waiters }) => sum + waiters.size, 0);
  }

  /** The number of clients whose wait has an end. */
  get ending(): number {
    return [...this.#all].filter(({ untilMs }) => untilMs !== Number.POSITIVE_INFINITY).length;
  }

  add(waiting: Waiting): void {
    waiting.session.waiting = waiting;
    this.#all.add(waiting);
    const { waiters } = this.store.databases[waiting.database]!;
    for (const name of waiting.keys) {
      const of = waiters.get(name);
      if (of === undefined) waiters.set(name, new Set([waiting]));
      else of.add(waiting);
    }
  }

  /** Ends the wait of a client without a reply. */
  forget(session: Session): void {
    const { waiting } = session;
    if (waiting === undefined) return;
    session.waiting = undefined;
    this.#all.delete(waiting);
    const { waiters } = this.store.databases[waiting.database]!;
    for (const name of waiting.keys) {
      const of = waiters.get(name);
      of?.delete(waiting);
      if (of?.size === 0) waiters.delete(name);
    }
  }

  /** Serves the clients whose keys have changed, key by key, the longest waiting first. What one moves may serve another. */
  serve(nowMs: number): void {
    const { readyKeys } = this.store;
    for (let key = readyKeys.shift(); key !== undefined; key = readyKeys.shift()) {
      const { data, name } = key;
      for (const waiting of [...(data.waiters.get(name) ?? [])]) {
        if (waiting.session.waiting === waiting) this.#serve(waiting, data, name, nowMs);
      }
    }
  }

  #serve(waiting: Waiting, data: Data, name: string, nowMs: number): void {
    const content = data.find(name, nowMs)?.content;
    const isOfKind = waiting.kind !== undefined && content instanceof waiting.kind;
    if (isIn(this.store.version, '7.2')) {
      if (isOfKind || endsWithoutKey(waiting)) this.#carryOut(waiting, waiting.args, nowMs);
      return;
    }
    const error = endsWithoutKey(waiting) ? goneFrom(waiting, content) : undefined;
    // Servers before 7.2 serve from the changed key alone.
    if (error !== undefined) this.#endWith(waiting, error, 'failed');
    else if (isOfKind) this.#carryOut(waiting, waiting.only(waiting.keys.indexOf(name)), nowMs);
  }

  /** Carries out a command again, and ends its wait unless it finds nothing. */
  #carryOut(waiting: Waiting, args: readonly string[], nowMs: number): void {
    const { store } = this;
    const { session, spec } = waiting;
    const reply = this.#reply;
    reply.protocol = session.protocol;
    const ask = new CommandContext(
      store,
      session,
      spec,
      args,
      reply,
      nowMs,
      undefined,
      'again',
      waiting.sent,
    );
    try {
      ask.carryOut();
    } catch (error) {
      reply.returnTo(0);
      if (!(error instanceof ReplyError)) throw error;
      store.statistics.error(error.message);
      reply.error(error.message);
    }
    if (ask.wait !== undefined) reply.returnTo(0);
    else this.#release(waiting, reply.take(), args);
  }

  /** Ends the waits whose time is over, the earliest first. */
  timeOut(nowMs: number): void {
    const late = [...this.#all].filter(({ untilMs }) => untilMs <= nowMs);
    late.sort((left, right) => left.untilMs - right.untilMs);
    for (const waiting of late) this.#end(waiting, 'served', waiting.atEnd ?? nilArray);
  }

  /** Ends a client's wait as at the end of its time, or with an error. Returns whether it waited. */
  unblock({ waiting }: Session, withError: boolean): boolean {
    if (waiting === undefined) return false;
    const { version } = this.store;
    if (withError)
      this.#endWith(waiting, CLIENT_GONE, isIn(version, { valkey: '8.1' }) ? 'rejected' : 'failed');
    else this.#end(waiting, isIn(version, '7.2') ? 'served' : 'failed', waiting.atEnd ?? nilArray);
    return true;
  }

  #endWith(waiting: Waiting, error: string, ending: Ending): void {
    this.store.statistics.error(error);
    this.#end(waiting, ending, (reply) => reply.error(error));
  }

  #end(waiting: Waiting, ending: Ending, write: (reply: StoreReply) => void): void {
    const { statistics } = this.store;
    // The call itself took no time that is known by now.
    statistics.called(waiting.spec.name, 0, ending === 'failed');
    if (ending === 'rejected') statistics.rejected(waiting.spec.name);
    const reply = this.#reply;
    reply.protocol = waiting.session.protocol;
    write(reply);
    this.#release(waiting, reply.take(), undefined);
  }

  #release(waiting: Waiting, reply: Uint8Array, carriedOut: readonly string[] | undefined): void {
    const { session, isSilent } = waiting;
    this.forget(session);
    session.events.released(isSilent ? new Uint8Array() : reply, carriedOut);
  }
}

/** The outcome of a call whose wait ended without what it waited for, as INFO commandstats counts it. */
type Ending = 'served' | 'failed' | 'rejected';

function nilArray(reply: StoreReply): void {
  reply.nilArray();
}

/** Whether the wait also ends with its key, or with the type of its key. */
function endsWithoutKey({ spec }: Waiting): boolean {
  return spec.name === 'xreadgroup';
}

/** Returns the error for a deleted group of a server before 7.2. */
function goneFrom({ args }: Waiting, content: Content | undefined): string | undefined {
  if (!(content instanceof StreamContent)) return STREAM_GONE;
  const group = args.findIndex((word) => word.toUpperCase() === 'GROUP') + 1;
  return content.groups.has(args[group]!) ? undefined : GROUP_GONE;
}
