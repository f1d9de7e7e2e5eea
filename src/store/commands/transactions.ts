import { BROKEN_TRANSACTION, NESTED_MULTI, WATCH_IN_MULTI, withoutMulti } from '../../commands/index.js';
import { CommandContext } from '../command-context.js';
import { isExpired } from '../data.js';
import type { KeyValues } from '../key-values.js';
import { ReplyError } from '../reply-error.js';
import type { Session } from '../session.js';
import type { StoreHandlers } from '../store-command.js';

function multi({ session, reply, refuse }: CommandContext): void {
  if (session.queued !== undefined) refuse(NESTED_MULTI);
  session.queued = [];
  reply.ok();
}

function exec(ask: CommandContext): void {
  const { store, session, reply, nowMs } = ask;
  const { queued } = session;
  if (queued === undefined) ask.refuse(withoutMulti('EXEC'));
  const isBroken = session.isBroken;
  const isStale = session.isStale || hasExpiredWatch(store, session, nowMs);
  discardTransaction(store, session);
  if (isBroken) ask.refuse(BROKEN_TRANSACTION);
  if (isStale) {
    reply.nilArray();
    return;
  }
  reply.array(queued?.length ?? 0);
  for (const { spec, args } of queued ?? []) {
    const mark = reply.mark;
    try {
      new CommandContext(store, session, spec, args, reply, nowMs, ask.popped, 'queued').carryOut();
    } catch (error) {
      reply.returnTo(mark);
      if (!(error instanceof ReplyError)) throw error;
      store.statistics.error(error.message);
      reply.error(error.message);
    }
  }
}

function hasExpiredWatch({ databases }: KeyValues, { watches }: Session, nowMs: number): boolean {
  return watches.some(({ database, name, wasExpired }) => {
    const key = databases[database]!.keys.get(name);
    return key !== undefined && !wasExpired && isExpired(key, nowMs);
  });
}

function discard(ask: CommandContext): void {
  if (ask.session.queued === undefined) ask.refuse(withoutMulti('DISCARD'));
  discardTransaction(ask.store, ask.session);
  ask.reply.ok();
}

function watch(ask: CommandContext): void {
  const { session, data, reply } = ask;
  if (session.queued !== undefined) ask.refuse(WATCH_IN_MULTI);
  const { database } = session;
  for (const name of session.isStale ? [] : ask.args.slice(1)) {
    if (data.watchers.get(name)?.has(session) === true) continue;
    const key = data.keys.get(name);
    const watched = { database, name, wasExpired: key !== undefined && isExpired(key, ask.nowMs) };
    session.watches.push(watched);
    const watchers = data.watchers.get(name);
    if (watchers === undefined) data.watchers.set(name, new Map([[session, watched]]));
    else watchers.set(session, watched);
  }
  reply.ok();
}

function unwatch({ store, session, reply }: CommandContext): void {
  forgetWatches(store, session);
  session.isStale = false;
  reply.ok();
}

/** Ends the transaction of a client, and its watches. */
export function discardTransaction(store: KeyValues, session: Session): void {
  session.queued = undefined;
  session.isBroken = false;
  session.isStale = false;
  forgetWatches(store, session);
}

function forgetWatches({ databases }: KeyValues, session: Session): void {
  for (const { database, name } of session.watches) {
    const { watchers } = databases[database]!;
    const sessions = watchers.get(name);
    sessions?.delete(session);
    if (sessions?.size === 0) watchers.delete(name);
  }
  session.watches = [];
}

export const TRANSACTION_ANSWERS: StoreHandlers = {
  multi,
  exec,
  discard,
  watch,
  unwatch,
};
