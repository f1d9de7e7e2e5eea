/** COMMAND and its subcommands, of all commands that the server's version has. */
import { type CommandInfo, fitsArity } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { KeyValues } from '../key-values.js';
import { syntaxError, unsupported } from '../reply-error.js';
import { keyPlacesOf } from '../slots.js';
import type { StoreHandlers } from '../store-command.js';
import { matcher } from './scans.js';

function containers({ store }: CommandContext): CommandInfo[] {
  return [...store.infos.values()].filter(({ name }) => !name.includes('|'));
}

/** COMMAND, or one of its subcommands. */
function command(ask: CommandContext): void {
  const part = ask.count === 1 ? undefined : ask.store.commands.get(`command|${ask.text(1).toLowerCase()}`);
  if (part === undefined) all(ask);
  else part.handler(ask);
}

function all(ask: CommandContext): void {
  const infos = containers(ask);
  ask.reply.array(infos.length);
  for (const info of infos) replyCommand(ask, info);
}

function count(ask: CommandContext): void {
  ask.reply.integer(containers(ask).length);
}

/** COMMAND LIST [FILTERBY MODULE name | PATTERN pattern] */
function list(ask: CommandContext): void {
  const names = [...ask.store.infos.keys()];
  if (ask.count === 2) {
    ask.reply.bulks(names);
    return;
  }
  if (ask.count !== 5 || !ask.is(2, 'FILTERBY')) throw syntaxError();
  if (ask.is(3, 'MODULE')) ask.reply.array(0);
  else if (ask.is(3, 'PATTERN')) ask.reply.bulks(names.filter(matcher(ask.text(4), true)));
  else throw syntaxError();
}

function refuseCategories(args: readonly string[]): string | undefined {
  const isOfCategory = args.length === 5 && args[3]?.toLowerCase() === 'aclcat';
  return isOfCategory ? unsupported('COMMAND LIST FILTERBY ACLCAT') : undefined;
}

function info(ask: CommandContext): void {
  if (ask.count === 2) {
    all(ask);
    return;
  }
  const names = ask.args.slice(2);
  ask.reply.array(names.length);
  for (const name of names) {
    const found = ask.store.infos.get(name.toLowerCase());
    if (found === undefined) ask.reply.nil();
    else replyCommand(ask, found);
  }
}

/** The lab has no documentation of commands, so that only unknown ones have an answer. */
function refuseDocs(args: readonly string[], { infos }: KeyValues): string | undefined {
  const names = args.slice(2);
  const isUnknown = names.length > 0 && names.every((name) => !infos.has(name.toLowerCase()));
  return isUnknown ? undefined : unsupported('COMMAND DOCS');
}

/** Writes the fields that the table of commands has, which are those of the oldest form of the reply. */
function replyCommand({ reply }: CommandContext, { name, arity, flags, keys }: CommandInfo): void {
  reply.array(6);
  reply.bulk(name);
  reply.integer(arity);
  reply.set(flags.size);
  for (const flag of flags) reply.status(flag);
  for (const number of keys) reply.integer(number);
}

/** COMMAND GETKEYS command [argument …] */
function getkeys(ask: CommandContext): void {
  const args = ask.args.slice(2);
  const container = ask.store.infos.get(args[0]!.toLowerCase());
  const part = container?.subcommands?.get((args[1] ?? '').toLowerCase());
  if (container === undefined || (container.subcommands !== undefined && part === undefined)) {
    ask.refuse('ERR Invalid command specified');
  }
  const found = part ?? container;
  if (found.keys[0] === 0 && found.movable === undefined) {
    ask.refuse('ERR The command has no key arguments');
  }
  if (!fitsArity(found.arity, args.length)) {
    ask.refuse('ERR Invalid number of arguments specified for command');
  }
  // MIGRATE has an empty key if its keys follow KEYS.
  const isKey = (at: number) => args[at] !== '' || found.name !== 'migrate';
  const places = hasTooFewKeys(found, args) ? [] : keyPlacesOf(found, args).filter(isKey);
  if (places.length === 0 && !found.flags.has('no_mandatory_keys')) {
    ask.refuse('ERR Invalid arguments specified for command');
  }
  ask.reply.bulks(places.map((place) => args[place]!));
}

/** Whether a command announces more keys than it has arguments. */
function hasTooFewKeys({ movable }: CommandInfo, args: readonly string[]): boolean {
  const countAt = movable?.countAt;
  return countAt !== undefined && Number(args[countAt]) > args.length - countAt - 1;
}

export const COMMAND_ANSWERS: StoreHandlers = {
  command,
  'command|count': count,
  'command|list': { handler: list, refusal: refuseCategories },
  'command|info': info,
  'command|docs': { handler: ({ reply }) => reply.map(0), refusal: refuseDocs },
  'command|getkeys': getkeys,
};
