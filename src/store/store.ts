import { latin1 } from '../base/index.js';
import type { ChosenMember, ModelDecisions } from '../model/index.js';
import { CommandContext } from './command-context.js';
import { commandsFor } from './commands/handlers.js';
import { discardTransaction } from './commands/transactions.js';
import { KeyValues, type KeyValuesOptions } from './key-values.js';
import { Rejection, ReplyError } from './reply-error.js';
import { RespWriter } from './reply-writer.js';
import { Session } from './session.js';
import type { StoreCommand } from './store-command.js';
import { UNSUPPORTED } from './unsupported.js';

export type StoreOptions = KeyValuesOptions;

export interface Answer {
  /** Empty where CLIENT REPLY says so. */
  readonly reply: Uint8Array;
  /** The connection ends with this reply. */
  readonly closes: boolean;
}

export interface Connection {
  readonly id: number;
  readonly address?: string;
  readonly localAddress?: string;
  readonly nowMs: number;
}

const NOTHING = new Uint8Array();
const OOM = "OOM command not allowed when used memory > 'maxmemory'.";
/** What may be asked before a password was given. */
const BEFORE_PASSWORD = new Set(['auth', 'hello', 'quit', 'reset']);

export class Store {
  readonly store: KeyValues;
  readonly #reply = new RespWriter();

  constructor(options: StoreOptions) {
    this.store = new KeyValues(options, commandsFor(options.version));
  }

  connect({ id, address = '127.0.0.1:0', localAddress, nowMs }: Connection): Session {
    const { port, sessions } = this.store;
    const session = new Session(id, address, localAddress ?? `127.0.0.1:${port}`, nowMs);
    session.isAuthenticated = this.store.password === undefined;
    sessions.set(id, session);
    this.store.sessionsEver++;
    return session;
  }

  disconnect(session: Session): void {
    discardTransaction(this.store, session);
    this.store.sessions.delete(session.id);
  }

  /** Is this something that the answers carry out, so that the model should too? */
  knows(args: readonly Uint8Array[]): boolean {
    const texts = args.map((arg) => latin1(arg));
    const spec = this.#specOf(texts);
    if (spec === undefined) return !UNSUPPORTED.has((texts[0] ?? '').toLowerCase());
    const subcommand = `${spec.name}|${(texts[1] ?? '').toLowerCase()}`;
    return spec.refusal?.(texts) === undefined && !UNSUPPORTED.has(subcommand);
  }

  answer(
    session: Session,
    args: readonly Uint8Array[],
    nowMs: number,
    { evicted = [], isFull = false, popped }: ModelDecisions = {},
  ): Answer {
    const { store } = this;
    for (const { database, name } of evicted) this.#evict(database, latin1(name));
    store.commandsDone++;
    session.lastMs = nowMs;
    if (session.replies === 'skipping') session.replies = 'on';
    else if (session.replies === 'skip') session.replies = 'skipping';
    const reply = this.#reply;
    reply.protocol = session.protocol;
    const texts = args.map((arg) => latin1(arg));
    const spec = this.#specOf(texts);
    try {
      this.#carryOut(session, spec, texts, nowMs, isFull, popped === undefined ? undefined : [...popped]);
    } catch (error) {
      reply.take();
      if (!(error instanceof ReplyError)) throw error;
      reply.error(error.message);
      if (error instanceof Rejection && session.queued !== undefined) session.isBroken = true;
      if (error instanceof Rejection && spec?.name === 'exec') discardTransaction(store, session);
    }
    const bytes = reply.take();
    return { reply: session.replies === 'on' ? bytes : NOTHING, closes: spec?.name === 'quit' };
  }

  /** Looks at some of the keys that expire; how many have gone. */
  expire(nowMs: number, count = 100): number {
    let gone = 0;
    for (const data of this.store.databases) gone += data.expireSome(nowMs, count);
    return gone;
  }

  #specOf(args: readonly string[]): StoreCommand | undefined {
    return this.store.commands.get((args[0] ?? '').toLowerCase());
  }

  #evict(database: number, name: string): void {
    const data = this.store.databases[database];
    if (data?.remove(name) === true) data.touch(name);
  }

  #carryOut(
    session: Session,
    spec: StoreCommand | undefined,
    args: readonly string[],
    nowMs: number,
    isFull: boolean,
    popped: ChosenMember[] | undefined,
  ): void {
    if (spec === undefined) throw unknownCommand(args);
    session.lastCommand = spec.name;
    checkArity(spec.name, spec.arity, args);
    if (spec.subcommands !== undefined && args.length > 1) checkSubcommand(spec, args);
    if (!session.isAuthenticated && !BEFORE_PASSWORD.has(spec.name)) {
      throw new Rejection('NOAUTH Authentication required.');
    }
    const refusal = spec.refusal?.(args);
    if (refusal !== undefined) throw new Rejection(refusal);
    if (isFull) {
      throw new Rejection(spec.name === 'exec' ? `EXECABORT Transaction discarded because of: ${OOM}` : OOM);
    }
    if (session.queued !== undefined && spec.isNotQueued !== true) {
      session.queued.push({ spec, args });
      this.#reply.status('QUEUED');
      return;
    }
    spec.handler(new CommandContext(this.store, session, spec, args, this.#reply, nowMs, popped));
  }
}

function checkArity(name: string, arity: number, { length }: readonly string[]): void {
  if (arity > 0 ? length === arity : length >= -arity) return;
  const message = `wrong number of arguments for '${name}' command`;
  // Whatever keeps a transaction from being carried out ends it.
  throw new Rejection(
    name === 'exec' ? `EXECABORT Transaction discarded because of: ${message}` : `ERR ${message}`,
  );
}

function checkSubcommand({ name, subcommands }: StoreCommand, args: readonly string[]): void {
  const given = args[1]!;
  const arity = subcommands?.[given.toLowerCase()];
  const full = `${name}|${given.toLowerCase()}`;
  if (UNSUPPORTED.has(full)) throw notCarriedOut(full.replace('|', ' '));
  if (arity === undefined) {
    throw new Rejection(
      `ERR unknown subcommand '${given.slice(0, LONGEST_ECHO)}'. Try ${name.toUpperCase()} HELP.`,
    );
  }
  checkArity(full, arity, args);
}

function notCarriedOut(name: string): Rejection {
  return new Rejection(`ERR slablab serve without an upstream does not carry out '${name}'`);
}

/** As much of a command that nobody knows as the server repeats. */
const LONGEST_ECHO = 128;

function unknownCommand(args: readonly string[]): Rejection {
  const [name = '', ...rest] = args;
  if (UNSUPPORTED.has(name.toLowerCase())) return notCarriedOut(name.toLowerCase());
  let said = '';
  for (const arg of rest) {
    if (said.length >= LONGEST_ECHO) break;
    said += `'${arg.slice(0, LONGEST_ECHO - said.length)}' `;
  }
  return new Rejection(
    `ERR unknown command '${name.slice(0, LONGEST_ECHO)}', with args beginning with: ${said}`,
  );
}
