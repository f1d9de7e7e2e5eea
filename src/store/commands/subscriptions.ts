import type { CommandContext } from '../command-context.js';
import type { SubscriptionKind } from '../publishing.js';
import type { StoreHandlers } from '../store-command.js';
import { matcher } from './scans.js';

function subscribe(kind: SubscriptionKind) {
  return (ask: CommandContext): void => {
    for (const name of ask.args.slice(1)) {
      ask.store.publishing.subscribe(kind, ask.session, name);
      confirm(ask, kind, name);
    }
  };
}

/** Ends the named subscriptions; without names, all of the kind. */
function unsubscribe(kind: SubscriptionKind) {
  return (ask: CommandContext): void => {
    const names = ask.count > 1 ? ask.args.slice(1) : [...ask.session.subscriptions[kind]];
    for (const name of names) {
      ask.store.publishing.unsubscribe(kind, ask.session, name);
      confirm(ask, kind, name);
    }
    if (names.length === 0) confirm(ask, kind, undefined);
  };
}

/** Writes the confirmation of one name, with the number of the client's subscriptions. */
function confirm(
  { store, reply, session, name: command }: CommandContext,
  kind: SubscriptionKind,
  name: string | undefined,
): void {
  const { channels, patterns, shardChannels } = session.subscriptions;
  const count = kind === 'shardChannels' ? shardChannels.size : channels.size + patterns.size;
  store.publishing.confirm(reply, session, command, name, count);
}

function publish({ store, args, reply }: CommandContext): void {
  reply.integer(store.publishing.publish(args[1]!, args[2]!));
}

function spublish({ store, args, reply }: CommandContext): void {
  reply.integer(store.publishing.publishToShard(args[1]!, args[2]!));
}

/** PUBSUB CHANNELS | SHARDCHANNELS [pattern] */
function listChannels(kind: SubscriptionKind) {
  return (ask: CommandContext): void => {
    if (ask.count > 3) ask.refuse(wrongSubcommand(ask));
    const matches = matcher(ask.has(2) ? ask.text(2) : '*', false);
    ask.reply.bulks([...ask.store.publishing[kind].keys()].filter((name) => matches(name)));
  };
}

function wrongSubcommand(ask: CommandContext): string {
  return `ERR unknown subcommand or wrong number of arguments for '${ask.text(1)}'. Try PUBSUB HELP.`;
}

/** PUBSUB NUMSUB | SHARDNUMSUB [channel …] */
function countSubscribers(kind: SubscriptionKind) {
  return ({ store, args, reply }: CommandContext): void => {
    const names = args.slice(2);
    reply.array(names.length * 2);
    for (const name of names) {
      reply.bulk(name);
      reply.integer(store.publishing[kind].get(name)?.size ?? 0);
    }
  };
}

export const SUBSCRIPTION_ANSWERS: StoreHandlers = {
  subscribe: subscribe('channels'),
  psubscribe: subscribe('patterns'),
  ssubscribe: subscribe('shardChannels'),
  unsubscribe: unsubscribe('channels'),
  punsubscribe: unsubscribe('patterns'),
  sunsubscribe: unsubscribe('shardChannels'),
  publish,
  spublish,
  'pubsub|channels': listChannels('channels'),
  'pubsub|shardchannels': listChannels('shardChannels'),
  'pubsub|numsub': countSubscribers('channels'),
  'pubsub|shardnumsub': countSubscribers('shardChannels'),
  'pubsub|numpat': ({ store, reply }) => reply.integer(store.publishing.patterns.size),
};
