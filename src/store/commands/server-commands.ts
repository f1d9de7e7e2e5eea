import { parseConfigSet } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { infoText } from '../info.js';
import { notSupported } from '../reply-error.js';
import type { StoreCommand, StoreHandlers } from '../store-command.js';
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
    parameters.set(ask.allowed(parseConfigSet(ask)));
    ask.reply.ok();
  } else if (ask.is(1, 'RESETSTAT')) {
    ask.store.commandsDone = 0;
    ask.reply.ok();
  } else {
    ask.refuse('ERR The server is running without a config file');
  }
}

/** COMMAND [COUNT | INFO name … | DOCS name … | LIST]: the commands that the store carries out. */
function command(ask: CommandContext): void {
  const { reply } = ask;
  const { commands } = ask.store;
  const all = [...commands.keys()].filter((name) => !name.includes('|'));
  if (ask.count === 1) {
    reply.array(all.length);
    for (const name of all) replyCommand(ask, commands.get(name));
  } else if (ask.is(1, 'COUNT')) {
    reply.integer(all.length);
  } else if (ask.is(1, 'LIST')) {
    if (ask.count > 2) throw notSupported('COMMAND LIST FILTERBY');
    reply.bulks(all);
  } else if (ask.is(1, 'INFO')) {
    const names = ask.count === 2 ? all : ask.args.slice(2);
    reply.array(names.length);
    for (const name of names) replyCommand(ask, commands.get(name.toLowerCase()));
  } else {
    // DOCS is empty, because clients work without the documentation of commands.
    reply.map(0);
  }
}

function replyCommand({ reply }: CommandContext, spec: StoreCommand | undefined): void {
  if (spec === undefined) {
    reply.nil();
    return;
  }
  const { name, arity, flags, keys } = spec;
  reply.array(10);
  reply.bulk(name);
  reply.integer(arity);
  reply.set(flags.size);
  for (const flag of flags) reply.status(flag);
  for (const number of keys) reply.integer(number);
  // Categories, tips, key specifications and subcommands are empty.
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

/** The logs of commands are always empty. */
function slowlog(ask: CommandContext): void {
  if (ask.is(1, 'LEN')) ask.reply.integer(0);
  else if (ask.is(1, 'RESET')) ask.reply.ok();
  else ask.reply.array(0);
}

/** No client can subscribe, so no client receives the message. */
function publish({ reply }: CommandContext): void {
  reply.integer(0);
}

export const SERVER_ANSWERS: StoreHandlers = {
  'config|get': config,
  'config|set': config,
  'config|resetstat': config,
  'config|rewrite': config,
  command,
  'command|count': command,
  'command|list': command,
  'command|info': command,
  'command|docs': command,
  info,
  role,
  lastsave,
  'commandlog|get': slowlog,
  'commandlog|len': slowlog,
  'commandlog|reset': slowlog,
  'slowlog|get': slowlog,
  'slowlog|len': slowlog,
  'slowlog|reset': slowlog,
  publish,
  spublish: publish,
};
