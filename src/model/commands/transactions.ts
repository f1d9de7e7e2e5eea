import { BROKEN_TRANSACTION, NESTED_MULTI, WATCH_IN_MULTI, withoutMulti } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';

function multi(call: Call): void {
  const { transaction } = call.client;
  if (transaction.isOpen) {
    call.reply.error(NESTED_MULTI);
    return;
  }
  transaction.open();
  call.reply.status();
}

function exec(call: Call): void {
  const { client, server } = call;
  const { transaction } = client;
  if (!transaction.isOpen) {
    call.reply.error(withoutMulti('EXEC'));
    return;
  }
  const { observed } = server;
  if (observed !== undefined) {
    transaction.isBroken = observed.outcome === 'aborted';
    transaction.isStale = observed.outcome === 'stale';
  } else if (server.hasExpiredWatch(client)) transaction.isStale = true;
  if (transaction.isBroken || transaction.isStale) {
    if (transaction.isBroken) call.reply.error(BROKEN_TRANSACTION);
    else call.reply.nilArray();
    discardAll(call);
    return;
  }
  server.watched.removeAllOf(client);
  transaction.isOpen = false;
  call.reply.array(transaction.queued.length);
  for (const [index, { info, command, args }] of transaction.queued.entries()) {
    if (observed?.refusedElements?.has(index) !== true) server.callQueued(info, command, client, args);
  }
  discardAll(call);
}

function discard(call: Call): void {
  if (!call.client.transaction.isOpen) {
    call.reply.error(withoutMulti('DISCARD'));
    return;
  }
  discardAll(call);
  call.reply.status();
}

function discardAll({ client, server }: Call): void {
  client.transaction.discard();
  server.watched.removeAllOf(client);
}

function watch(call: Call): void {
  const { client } = call;
  if (client.transaction.isOpen) {
    call.reply.error(WATCH_IN_MULTI);
    return;
  }
  if (!client.transaction.isStale) {
    client.transaction.prepare();
    for (let index = 1; index < call.count; index++) watchKey(call, index);
  }
  call.reply.status();
}

function watchKey(call: Call, index: number): void {
  const { client, args, server, database } = call;
  const name = call.text(index);
  if (server.watched.has(client, database, name)) return;
  const row = call.peek(index);
  const expiry = row === 0 ? 0 : call.keyspace.expiryOf(row);
  const wasExpired = expiry !== 0 && expiry < call.nowMs;
  const object = args.object[index]!;
  const sds = args.sds[index]!;
  if (server.watched.add(client, database, name, call.hash(index), object, sds, wasExpired)) args.take(index);
}

function unwatch(call: Call): void {
  call.server.watched.removeAllOf(call.client);
  call.client.transaction.isStale = false;
  call.reply.status();
}

export const TRANSACTION_COMMANDS: Handlers = {
  multi,
  exec,
  discard,
  watch,
  unwatch,
};
