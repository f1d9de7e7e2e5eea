/** COMMAND and its subcommands, of all commands that the server's version has. */
import { type CommandInfo, fitsArity, isIn } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { KeySpecRow } from '../command-fact-table.js';
import { categoriesOf, flagsOfKeys, keySpecsOf, tipsOf } from '../command-facts.js';
import type { KeyValues } from '../key-values.js';
import { syntaxError, unsupported } from '../reply-error.js';
import { keyPlacesOf } from '../slots.js';
import type { StoreHandlers } from '../store-command.js';
import type { StoreReply } from '../store-reply.js';
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

/** COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern] */
function list(ask: CommandContext): void {
  const names = [...ask.store.infos.keys()];
  if (ask.count === 2) {
    ask.reply.bulks(names);
    return;
  }
  if (ask.count !== 5 || !ask.is(2, 'FILTERBY')) throw syntaxError();
  if (ask.is(3, 'MODULE')) ask.reply.array(0);
  else if (ask.is(3, 'ACLCAT')) ask.reply.bulks(inCategory(ask, ask.text(4).toLowerCase()));
  else if (ask.is(3, 'PATTERN')) ask.reply.bulks(names.filter(matcher(ask.text(4), true)));
  else throw syntaxError();
}

export function inCategory({ store }: CommandContext, category: string): string[] {
  const infos = [...store.infos.values()];
  return infos.filter((info) => categoriesOf(info, store.version).includes(category)).map(({ name }) => name);
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

function replyCommand(ask: CommandContext, info: CommandInfo): void {
  const { reply } = ask;
  const { version } = ask.store;
  const { name, arity, flags, keys, subcommands } = info;
  reply.array(10);
  reply.bulk(name);
  reply.integer(arity);
  replyStatuses(reply, [...flags]);
  for (const number of keys) reply.integer(number);
  replyStatuses(
    reply,
    categoriesOf(info, version).map((category) => `@${category}`),
  );
  const tips = tipsOf(info, version);
  reply.set(tips.length);
  for (const tip of tips) reply.bulk(tip);
  const specs = keySpecsOf(info, version);
  reply.set(specs.length);
  for (const spec of specs) replyKeySpec(reply, spec);
  if (subcommands === undefined && !isIn(version, { valkey: '9.1' })) {
    reply.set(0);
    return;
  }
  reply.array(subcommands?.size ?? 0);
  for (const part of subcommands?.values() ?? []) replyCommand(ask, part);
}

function replyStatuses(reply: StoreReply, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.status(word);
}

function replyKeySpec(reply: StoreReply, { flags, begin, find, notes }: KeySpecRow): void {
  reply.map(notes === undefined ? 3 : 4);
  if (notes !== undefined) {
    reply.bulk('notes');
    reply.bulk(notes);
  }
  reply.bulk('flags');
  replyStatuses(reply, flags.split(' '));
  reply.bulk('begin_search');
  if (typeof begin === 'number') replySearch(reply, 'index', { index: begin });
  else if (begin === 'unknown') replySearch(reply, begin, {});
  else replySearch(reply, 'keyword', { keyword: begin[0], startfrom: begin[1] });
  reply.bulk('find_keys');
  if (find === undefined) {
    replySearch(reply, 'unknown', {});
    return;
  }
  const [kind, one, two, three] = find;
  if (kind === 'range') replySearch(reply, kind, { lastkey: one, keystep: two, limit: three });
  else replySearch(reply, kind, { keynumidx: one, firstkey: two, keystep: three });
}

function replySearch(reply: StoreReply, type: string, spec: Readonly<Record<string, string | number>>): void {
  reply.map(2);
  reply.bulk('type');
  reply.bulk(type);
  reply.bulk('spec');
  const entries = Object.entries(spec);
  reply.map(entries.length);
  for (const [name, value] of entries) {
    reply.bulk(name);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulk(value);
  }
}

/** COMMAND GETKEYS command [argument …] */
function getkeys(ask: CommandContext): void {
  const { args, places } = requestOf(ask);
  ask.reply.bulks(places.map((place) => args[place]!));
}

/** COMMAND GETKEYSANDFLAGS command [argument …] */
function getkeysandflags(ask: CommandContext): void {
  const { args, info, places } = requestOf(ask);
  const flags = flagsOfKeys(info, args, ask.store.version);
  ask.reply.array(places.length);
  for (const place of places) {
    ask.reply.array(2);
    ask.reply.bulk(args[place]!);
    // The specifications do not find the key in which SORT stores its result.
    replyStatuses(ask.reply, (flags.get(place) ?? 'OW update').split(' '));
  }
}

interface KeysRequest {
  readonly args: readonly string[];
  readonly info: CommandInfo;
  readonly places: readonly number[];
}

/** Returns the command that is asked about, and the places of its keys. */
function requestOf(ask: CommandContext): KeysRequest {
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
  return { args, info: found, places };
}

/** Whether a command announces more keys than it has arguments. */
function hasTooFewKeys({ movable }: CommandInfo, args: readonly string[]): boolean {
  const countAt = movable?.countAt;
  return countAt !== undefined && Number(args[countAt]) > args.length - countAt - 1;
}

export const COMMAND_ANSWERS: StoreHandlers = {
  command,
  'command|count': count,
  'command|list': list,
  'command|info': info,
  'command|docs': { handler: ({ reply }) => reply.map(0), refusal: refuseDocs },
  'command|getkeys': getkeys,
  'command|getkeysandflags': getkeysandflags,
};
