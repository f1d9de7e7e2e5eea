import type { CommandContext } from '../command-context.js';
import { infoText } from '../info.js';
import { other, type StoreCommand } from '../store-command.js';
import { matcher } from './scans.js';

/** CONFIG GET pattern … | SET name value … | RESETSTAT | REWRITE */
function config(ask: CommandContext): void {
  const { parameters } = ask.store;
  if (ask.is(1, 'GET')) {
    const patterns = ask.args.slice(2).map((pattern) => matcher(pattern, true));
    const names = parameters.names().filter((name) => patterns.some((matches) => matches(name)));
    ask.reply.map(names.length);
    for (const name of names) {
      ask.reply.bulk(name);
      ask.reply.bulk(parameters.get(name) ?? '');
    }
  } else if (ask.is(1, 'SET')) {
    if (ask.count % 2 === 1) ask.refuse("ERR wrong number of arguments for 'config|set' command");
    const pairs: [string, string][] = [];
    for (let index = 2; index < ask.count; index += 2) pairs.push([ask.text(index), ask.text(index + 1)]);
    parameters.set(pairs);
    ask.reply.ok();
  } else if (ask.is(1, 'RESETSTAT')) {
    ask.store.commandsDone = 0;
    ask.reply.ok();
  } else {
    ask.refuse('ERR The server is running without a config file');
  }
}

/** COMMAND [COUNT | INFO name … | DOCS name … | LIST]: those that are carried out here. */
function command(ask: CommandContext): void {
  const { reply } = ask;
  const { commands } = ask.store;
  if (ask.count === 1) {
    reply.array(commands.size);
    for (const spec of commands.values()) replyCommand(ask, spec);
  } else if (ask.is(1, 'COUNT')) {
    reply.integer(commands.size);
  } else if (ask.is(1, 'LIST')) {
    reply.bulks([...commands.keys()]);
  } else if (ask.is(1, 'INFO')) {
    const names = ask.count === 2 ? [...commands.keys()] : ask.args.slice(2);
    reply.array(names.length);
    for (const name of names) replyCommand(ask, commands.get(name.toLowerCase()));
  } else {
    // DOCS. A client goes without; what commands are for is told elsewhere.
    reply.map(0);
  }
}

function replyCommand({ reply }: CommandContext, spec: StoreCommand | undefined): void {
  if (spec === undefined) {
    reply.nil();
    return;
  }
  const { name, arity, does, keys = [0, 0, 0] } = spec;
  const flags = does === 'other' ? [] : [does === 'write' ? 'write' : 'readonly'];
  reply.array(10);
  reply.bulk(name);
  reply.integer(arity);
  reply.set(flags.length);
  for (const flag of flags) reply.status(flag);
  for (const number of keys) reply.integer(number);
  // Categories, tips, key specifications, subcommands.
  reply.set(0);
  reply.array(0);
  reply.array(0);
  reply.array(0);
}

function info(ask: CommandContext): void {
  ask.reply.verbatim(infoText(ask.store, ask.args.slice(1), ask.nowMs));
}

function role({ reply }: CommandContext): void {
  reply.array(3);
  reply.bulk('master');
  reply.integer(0);
  reply.array(0);
}

function lastsave({ reply, store }: CommandContext): void {
  reply.integer(Math.floor(store.startMs / 1000));
}

/** Nothing is slow here. */
function slowlog(ask: CommandContext): void {
  if (ask.is(1, 'LEN')) ask.reply.integer(0);
  else if (ask.is(1, 'RESET')) ask.reply.ok();
  else ask.reply.array(0);
}

/** Nobody can subscribe, so nobody gets it. */
function publish({ reply }: CommandContext): void {
  reply.integer(0);
}

export const SERVER_ANSWERS: readonly StoreCommand[] = [
  { ...other('config', -2, config), subcommands: { get: -3, set: -4, resetstat: 2, rewrite: 2 } },
  { ...other('command', -1, command), subcommands: { count: 2, list: -2, info: -2, docs: -2 } },
  other('info', -1, info),
  other('role', 1, role),
  other('lastsave', 1, lastsave),
  { ...other('slowlog', -2, slowlog), subcommands: { get: -2, len: 2, reset: 2 } },
  other('publish', 3, publish),
  other('spublish', 3, publish),
];
