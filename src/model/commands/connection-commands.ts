import { parsePing, parseWait, parseWaitaof } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';
import { parsed } from './parsed.js';

/**
 * Returns a handler that only replies with a status of this length, since the command changes no memory of the data.
 * Subscribers and replicas are not modelled.
 */
function replies(length: number) {
  return (call: Call): void => call.reply.status(length);
}

function echo(call: Call): void {
  call.reply.bulk(call.length(call.count - 1));
}

function ping(call: Call, message: number): void {
  if (message > 0) call.reply.bulk(call.length(message));
  else call.reply.status('PONG'.length);
}

/** Commands whose reply is short and that change no memory. */
const QUIET =
  'acl asking commandlog failover latency lolwut module monitor pubsub readwrite replconf replicaof role save ' +
  'shutdown slaveof slowlog spublish';

const SUBSCRIBING = 'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe';

/** Replies with a message of three parts for each channel. */
function subscribe(call: Call): void {
  for (let index = 1; index < Math.max(2, call.count); index++) {
    call.reply.array(3);
    call.reply.bulk(call.name.length);
    if (index < call.count) call.reply.bulk(call.length(index));
    else call.reply.nil();
    call.reply.integer(index);
  }
}

/** Returns a handler that replies with a text of this length. */
function text(length: number) {
  return (call: Call): void => call.reply.bulk(length);
}

export const CONNECTION_COMMANDS: Handlers = {
  ping: parsed(parsePing, ping),
  echo,
  auth: replies(2),
  hello: text(140),
  command: replies(2),
  time: replies(30),
  lastsave: replies(10),
  publish: replies(1),
  wait: parsed(parseWait, replies(1)),
  waitaof: parsed(parseWaitaof, replies(10)),
  readonly: replies(2),
  ...Object.fromEntries(QUIET.split(' ').map((name) => [name, replies(2)])),
  ...Object.fromEntries(SUBSCRIBING.split(' ').map((name) => [name, subscribe])),
};
