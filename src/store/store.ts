/**
 * Replies as a server does, with values kept: for `slablab serve` without an upstream. It has no network and no timers:
 * a command is passed in, and its reply is returned.
 *
 *     const store = new Store({ version, settings: model.settings, seed, password, startMs });
 *     const session = store.connect({ id, address, localAddress, nowMs });
 *     // For each command, with arguments as bytes; nowMs is milliseconds since 1970 and never decreases:
 *     const decisions = store.knows(args) ? runModel(args) : undefined;
 *     const { reply, closes, waitsUntilMs } = store.answer(session, args, nowMs, decisions);
 *     // After each command, in case it has something for clients that wait:
 *     if (store.hasReady) store.serveWaiting(nowMs);
 *     store.disconnect(session);
 *
 * The model runs first, because it decides what depends on chance or memory (`ModelDecisions`): evicted keys, the members
 * for SPOP, and whether there is room. Without decisions, the store chooses by its seed. A model that runs after it
 * must receive SREM of the chosen members.
 *
 * A command that `knows` refuses gets an error and must not reach the model, where it could block or change memory. Every
 * other command must reach the model, errors included, because they use memory too.
 *
 * A waiting command has no reply yet. The events of the session pass it on when another command serves the client, when
 * its time is over (`timeOut`), or after CLIENT UNBLOCK.
 *
 * `expire` drops keys that have expired and that no command asks for.
 */

import { concatBytes, latin1 } from '../base/index.js';
import {
  type CommandInfo,
  commandsOf,
  discardedBecause,
  echoed,
  fitsArity,
  isIn,
  MAX_ECHO,
  NOT_IN_MULTI,
  OUT_OF_MEMORY,
  unknownSubcommand,
  wrongArity,
} from '../commands/index.js';
import type { ChosenMember, ModelDecisions } from '../model/index.js';
import { lengthOfArguments } from '../resp/index.js';
import { CommandContext } from './command-context.js';
import { storeCommands } from './commands/handlers.js';
import { discardTransaction } from './commands/transactions.js';
import { KeyValues, type KeyValuesOptions } from './key-values.js';
import { Rejection, ReplyError, unsupported } from './reply-error.js';
import { Session, type SessionEvents } from './session.js';
import { slotsOf } from './slots.js';
import { StoreReply } from './store-reply.js';

export interface StoreOptions extends KeyValuesOptions {
  /** Receives errors of the store itself, which a client gets as an error reply. */
  readonly onDefect?: (command: string, cause: unknown) => void;
}

export interface Answer {
  readonly reply: Uint8Array;
  /** Whether CLIENT REPLY keeps the reply from the client. */
  readonly isSilent: boolean;
  /** Whether the connection ends with this reply. */
  readonly closes: boolean;
  /** The time at which the command's wait ends, Infinity if it has no end; undefined if it does not wait. */
  readonly waitsUntilMs: number | undefined;
}

export interface Connection {
  readonly id: number;
  readonly address?: string;
  readonly localAddress?: string;
  readonly nowMs: number;
  readonly events?: SessionEvents;
}

const NO_EVENTS: SessionEvents = { released: () => {}, pushed: () => {} };

export class Store {
  readonly store: KeyValues;
  readonly #reply = new StoreReply();
  readonly #onDefect: (command: string, cause: unknown) => void;
  /** Commands of the server version, whether carried out or not. */
  readonly #infos: ReadonlyMap<string, CommandInfo>;
  /** Whether the end of a subscription is refused where there is none. */
  readonly #refusesEnds: boolean;
  /** Whether an unknown command without arguments is refused without a word about them. */
  readonly #mentionsNoArguments: boolean;
  /** The command that is to wait. */
  #waits: CommandContext | undefined;

  constructor(options: StoreOptions) {
    const { version } = options;
    this.#infos = commandsOf(version);
    this.#refusesEnds = isIn(version, { valkey: '8.0' }) && !isIn(version, { valkey: '8.1' });
    this.#mentionsNoArguments = isIn(version, { redis: '8.6' });
    this.#onDefect =
      options.onDefect ??
      ((_, cause) => {
        throw cause;
      });
    this.store = new KeyValues(options, this.#infos, storeCommands(this.#infos));
  }

  connect({ id, address = '127.0.0.1:0', localAddress, nowMs, events = NO_EVENTS }: Connection): Session {
    const { port, sessions } = this.store;
    const session = new Session(id, address, localAddress ?? `127.0.0.1:${port}`, nowMs, events);
    session.isAuthenticated = this.store.password === undefined;
    sessions.set(id, session);
    this.store.sessionsEver++;
    return session;
  }

  disconnect(session: Session): void {
    discardTransaction(this.store, session);
    this.store.waiters.forget(session);
    this.store.publishing.forget(session);
    this.store.sessions.delete(session.id);
  }

  /** Whether clients that wait may have something now. */
  get hasReady(): boolean {
    return this.store.readyKeys.length > 0;
  }

  /** Whether a command may wait, outside of a transaction. */
  mayWait([name = new Uint8Array()]: readonly Uint8Array[]): boolean {
    const info = this.#infos.get(latin1(name).toLowerCase());
    return info !== undefined && (info.flags.has('blocking') || WAITING.has(info.name));
  }

  /** Whether any client waits. */
  get hasWaiting(): boolean {
    return this.store.waiters.size > 0;
  }

  serveWaiting(nowMs: number): void {
    this.store.waiters.serve(nowMs);
  }

  /** Ends the waits whose time is over. */
  timeOut(nowMs: number): void {
    this.store.waiters.timeOut(nowMs);
  }

  /** Whether the store replies as a server does: it carries the command out, or a server refuses it as well. */
  knows(args: readonly Uint8Array[]): boolean {
    const found = this.#infos.get(wordAt(args, 0));
    const info = found?.name.includes('|') === true ? undefined : found;
    const part = info?.subcommands?.get(wordAt(args, 1)) ?? info;
    if (info === undefined || part === undefined) return true;
    const command = this.store.commands.get(part.name);
    if (command?.refusal === undefined) return command !== undefined;
    return (
      command.refusal(
        args.map((arg) => latin1(arg)),
        this.store,
      ) === undefined
    );
  }

  answer(
    session: Session,
    args: readonly Uint8Array[],
    nowMs: number,
    { evicted = [], isFull = false, popped }: ModelDecisions = {},
  ): Answer {
    const { store } = this;
    store.commandsDone++;
    const bytesIn = lengthOfArguments(args);
    session.bytesIn += bytesIn;
    store.statistics.bytesIn += bytesIn;
    session.lastMs = nowMs;
    if (session.replies === 'skip') session.replies = 'skipping';
    const reply = this.#reply;
    reply.protocol = session.protocol;
    store.publishing.speaker = { session, reply };
    for (const { database, name } of evicted) this.#evict(database, latin1(name));
    const texts = args.map((arg) => latin1(arg));
    const name = (texts[0] ?? '').toLowerCase();
    try {
      this.#carryOut(session, texts, nowMs, isFull, popped === undefined ? undefined : [...popped]);
    } catch (error) {
      reply.returnTo(0);
      const message = error instanceof ReplyError ? error.message : this.#defect(name, error);
      store.statistics.error(message);
      reply.error(message);
      if (error instanceof Rejection && session.queued !== undefined) session.isBroken = true;
      if (error instanceof Rejection && name === 'exec') discardTransaction(store, session);
    }
    const isSilent = session.replies !== 'on';
    if (session.replies === 'skipping') session.replies = 'on';
    const waitsUntilMs = this.#wait(session, isSilent);
    const answer = reply.take();
    session.commandsDone++;
    session.bytesOut += answer.length;
    store.statistics.bytesOut += answer.length;
    const later = store.publishing.takeLater();
    store.publishing.speaker = undefined;
    // A client that wants no replies still receives messages and confirmations.
    const parts = isSilent ? later : [answer, ...later];
    return {
      reply: later.length === 0 ? answer : concatBytes(parts),
      isSilent: isSilent && later.length === 0,
      closes: name === 'quit',
      waitsUntilMs,
    };
  }

  /** Lets the client of the last command wait, if that has found nothing. Returns until when. */
  #wait(session: Session, isSilent: boolean): number | undefined {
    const ask = this.#waits;
    this.#waits = undefined;
    if (ask?.wait === undefined) return undefined;
    const { wait, spec, args } = ask;
    this.store.waiters.add({ ...wait, session, spec, sent: args, database: session.database, isSilent });
    return wait.untilMs;
  }

  /** Samples keys with an expiry; returns the number that it deleted. */
  expire(nowMs: number, count = 100): number {
    if (!this.store.isExpiryActive) return 0;
    let gone = 0;
    for (const data of this.store.databases) gone += data.expireSome(nowMs, count);
    return gone;
  }

  #evict(database: number, name: string): void {
    const data = this.store.databases[database];
    if (data?.remove(name) !== true) return;
    data.touch(name);
    data.notify('evicted', name);
  }

  #carryOut(
    session: Session,
    args: readonly string[],
    nowMs: number,
    isFull: boolean,
    popped: ChosenMember[] | undefined,
  ): void {
    const info = this.#infos.get(args[0]!.toLowerCase());
    // A subcommand has a name of its own in the table, by which no client calls it.
    if (info === undefined || info.name.includes('|')) throw unknownCommand(args, this.#mentionsNoArguments);
    const part = info.subcommands === undefined || args.length < 2 ? info : subcommandOf(info, args[1]!);
    session.lastCommand = part.name;
    try {
      this.#check(session, info, part, args, isFull);
    } catch (cause) {
      this.store.statistics.rejected(part.name);
      throw cause;
    }
    const spec = this.store.commands.get(info.name)!;
    if (session.queued !== undefined && !spec.runsInMulti) {
      session.queued.push({ spec, args });
      this.#reply.status('QUEUED');
      return;
    }
    const ask = new CommandContext(this.store, session, spec, args, this.#reply, nowMs, popped);
    ask.carryOut();
    if (ask.wait !== undefined) this.#waits = ask;
  }

  /** Throws the refusal of a command that is not carried out. */
  #check(
    session: Session,
    info: CommandInfo,
    part: CommandInfo,
    args: readonly string[],
    isFull: boolean,
  ): void {
    checkArity(part, args);
    if (!session.isAuthenticated && !info.flags.has('no_auth')) {
      throw new Rejection('NOAUTH Authentication required.');
    }
    if (session.queued !== undefined && part.flags.has('no_multi')) throw new Rejection(NOT_IN_MULTI);
    if (this.store.isCluster) this.#requireOneSlot(session, part, args);
    if (session.isSubscribed && session.protocol === 2 && !ALLOWED_WHILE_SUBSCRIBED.has(part.name)) {
      const refused = onlyWhileSubscribed(part);
      throw new Rejection(part.name === 'exec' ? discardedBecause(refused) : refused);
    }
    if (!session.isSubscribed && this.#refusesEnds && ENDS.has(part.name)) {
      throw new Rejection(`NOSUB '${part.name}' command executed not in subscribed mode`);
    }
    const spec = this.store.commands.get(info.name);
    const carried = this.store.commands.get(part.name);
    const refusal = carried === undefined ? unsupported(wordsOf(part)) : carried.refusal?.(args, this.store);
    if (spec === undefined || refusal !== undefined) throw new Rejection(refusal);
    if (isFull) {
      throw new Rejection(spec.name === 'exec' ? discardedBecause(OUT_OF_MEMORY) : OUT_OF_MEMORY);
    }
    if (session.queued !== undefined && part.name === 'client|reply') {
      throw new Rejection(unsupported('CLIENT REPLY in a transaction'));
    }
  }

  /** Refuses a request with keys in several slots; EXEC has the keys of all its commands. */
  #requireOneSlot({ queued }: Session, info: CommandInfo, args: readonly string[]): void {
    const requests = info.name === 'exec' ? (queued ?? []) : [{ spec: info, args }];
    const slots = new Set(requests.flatMap((request) => slotsOf(request.spec, request.args)));
    if (slots.size > 1) throw new Rejection("CROSSSLOT Keys in request don't hash to the same slot");
  }

  /** Reports an error that no server has, and returns the reply. */
  #defect(name: string, cause: unknown): string {
    const problem = cause instanceof Error ? cause.message : `${cause}`;
    this.#onDefect(name, cause);
    return unsupported(`this ${name.toUpperCase()} (a defect of the lab: ${problem})`);
  }
}

/** The commands that wait, which some versions do not flag as such. */
const WAITING: ReadonlySet<string> = new Set(['wait', 'waitaof']);

const ENDS: ReadonlySet<string> = new Set(['unsubscribe', 'punsubscribe', 'sunsubscribe']);

const ALLOWED_WHILE_SUBSCRIBED: ReadonlySet<string> = new Set(
  'ping subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe quit reset'.split(' '),
);

function onlyWhileSubscribed({ name }: CommandInfo): string {
  return (
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
    'are allowed in this context'
  );
}

function subcommandOf({ name, subcommands }: CommandInfo, given: string): CommandInfo {
  const part = subcommands?.get(given.toLowerCase());
  if (part === undefined) throw new Rejection(unknownSubcommand(name, given));
  return part;
}

/** Returns an argument in lower case. */
function wordAt(args: readonly Uint8Array[], at: number): string {
  const bytes = args[at];
  return bytes === undefined ? '' : latin1(bytes).toLowerCase();
}

function unknownCommand([name = '', ...rest]: readonly string[], mentionsNoArguments: boolean): Rejection {
  if (rest.length === 0 && mentionsNoArguments)
    return new Rejection(`ERR unknown command '${echoed(name, MAX_ECHO)}'`);
  let echo = '';
  for (const arg of rest) {
    if (echo.length >= MAX_ECHO) break;
    echo += `'${echoed(arg, MAX_ECHO - echo.length)}' `;
  }
  return new Rejection(`ERR unknown command '${echoed(name, MAX_ECHO)}', with args beginning with: ${echo}`);
}

/** Returns a command as it is typed: CONFIG GET. */
function wordsOf({ name }: CommandInfo): string {
  return name.replace('|', ' ').toUpperCase();
}

function checkArity({ name, arity }: CommandInfo, args: readonly string[]): void {
  if (fitsArity(arity, args.length)) return;
  // A refusal of EXEC ends the transaction.
  throw new Rejection(name === 'exec' ? discardedBecause(wrongArity(name)) : wrongArity(name));
}
