import type { Call, CommandSpec } from '../server/index.js';

/**
 * Commands that change no memory of the data: their reply is all there is. Subscribers and replicas
 * are not modelled.
 */
function replies(length: number) {
  return (call: Call): void => call.reply.status(length);
}

function echo(call: Call): void {
  call.reply.bulk(call.length(call.argc - 1));
}

function ping(call: Call): void {
  if (call.argc > 1) call.reply.bulk(call.length(1));
  else call.reply.status('PONG'.length);
}

const QUIET = (
  'asking failover lolwut monitor readwrite replconf replicaof role save ' +
  'shutdown slaveof spublish waitaof'
).split(' ');

const WITH_PARTS = 'acl latency module pubsub slowlog'.split(' ');

const SUBSCRIBING = 'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe'.split(' ');

/** A message of three parts for each channel. */
function subscribe(call: Call): void {
  for (let index = 1; index < Math.max(2, call.argc); index++) {
    call.reply.array(3);
    call.reply.bulk(call.spec.name.length);
    if (index < call.argc) call.reply.bulk(call.length(index));
    else call.reply.nil();
    call.reply.integer(index);
  }
}

/** HELLO and its like answer with a text of some kilobytes. */
function text(length: number) {
  return (call: Call): void => call.reply.bulk(length);
}

export const CONNECTION_COMMANDS: readonly CommandSpec[] = [
  { name: 'ping', handler: ping, arity: -1 },
  { name: 'echo', handler: echo, arity: 2 },
  { name: 'auth', handler: replies(2), arity: -2 },
  { name: 'hello', handler: text(140), arity: -1 },
  { name: 'command', handler: replies(2), arity: -1 },
  { name: 'time', handler: replies(30), arity: 1 },
  { name: 'lastsave', handler: replies(10), arity: 1 },
  { name: 'publish', handler: replies(1), arity: 3 },
  { name: 'wait', handler: replies(1), arity: 3 },
  { name: 'readonly', handler: replies(2), arity: 1 },
  ...QUIET.map((name) => ({ name, handler: replies(2), arity: -1 })),
  ...SUBSCRIBING.map((name) => ({ name, handler: subscribe, arity: -1 })),
  ...WITH_PARTS.map((name) => ({ name, handler: replies(2), arity: -2, hasParts: true })),
];
