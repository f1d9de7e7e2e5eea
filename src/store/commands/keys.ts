import {
  accessProblem,
  type CopyRequest,
  type DatabaseRange,
  isSwitchedOn,
  mayExpire,
  NO_SUCH_KEY,
  parseCopy,
  parseExpire,
  parseFlush,
  parseMoveKey,
  parsePopulate,
  parseSelect,
  parseSwapdb,
  parseTime,
  TIME_FORMS,
  type TimeForm,
  wrongForm,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { Data } from '../data.js';
import { notSupported } from '../reply-error.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { debugProtocol } from './debug-protocol.js';

function del(ask: CommandContext): void {
  let removed = 0;
  for (let index = 1; index < ask.count; index++) {
    if (ask.find(index) !== undefined && ask.remove(index)) removed++;
  }
  ask.reply.integer(removed);
}

function exists(ask: CommandContext): void {
  let found = 0;
  for (let index = 1; index < ask.count; index++) if (ask.find(index) !== undefined) found++;
  ask.reply.integer(found);
}

function type(ask: CommandContext): void {
  ask.reply.status(ask.find(1)?.content.type ?? 'none');
}

function expire(form: TimeForm) {
  return parsed(parseExpire, (ask, request) => {
    const milliseconds = ask.allowed(parseTime(ask, 2, form, ask.nowMs));
    const expiryMs = form.isAbsolute ? milliseconds : Math.floor(ask.nowMs) + milliseconds;
    const key = ask.find(1);
    if (key === undefined || !mayExpire(request, key.expiryMs, expiryMs)) {
      ask.reply.integer(0);
      return;
    }
    if (expiryMs <= ask.nowMs) ask.removeExpired(1);
    else {
      ask.data.setExpiry(ask.text(1), key, expiryMs);
      ask.touch(1, 'expire');
    }
    ask.reply.integer(1);
  });
}

function persist(ask: CommandContext): void {
  const key = ask.find(1);
  const had = key !== undefined && key.expiryMs !== 0;
  if (had) {
    ask.data.setExpiry(ask.text(1), key, 0);
    ask.touch(1, 'persist');
  }
  ask.reply.integer(had ? 1 : 0);
}

function ttl(unitMs: number, isAbsolute: boolean) {
  return (ask: CommandContext): void => {
    const key = ask.find(1);
    if (key === undefined) ask.reply.integer(-2);
    else if (key.expiryMs === 0) ask.reply.integer(-1);
    else {
      const milliseconds = isAbsolute ? key.expiryMs : Math.max(0, key.expiryMs - ask.nowMs);
      ask.reply.integer(unitMs === 1 ? Math.floor(milliseconds) : Math.floor((milliseconds + 500) / 1000));
    }
  };
}

function rename(onlyNew: boolean) {
  return (ask: CommandContext): void => {
    const key = ask.find(1);
    if (key === undefined) ask.refuse(NO_SUCH_KEY);
    const before = ask.find(2)?.content;
    const isFree = before === undefined;
    const isSame = ask.text(1) === ask.text(2);
    if (!isSame && (isFree || !onlyNew)) {
      ask.data.remove(ask.text(1));
      // A key under the new name is removed first, so that SCAN finds the renamed key as a new one.
      ask.data.remove(ask.text(2));
      ask.data.put(ask.text(2), key.content, key.expiryMs);
      ask.touch(1, 'rename_from');
      ask.touch(2, 'rename_to');
      if (before !== undefined) ask.data.notifyOverwritten(ask.text(2), before, key.content);
    }
    if (onlyNew) ask.reply.integer(isSame || !isFree ? 0 : 1);
    else ask.reply.ok();
  };
}

function move(ask: CommandContext, database: number): void {
  const target = ask.store.databases[database]!;
  const key = ask.find(1);
  const name = ask.text(1);
  if (key === undefined || target.find(name, ask.nowMs) !== undefined) {
    ask.reply.integer(0);
    return;
  }
  ask.data.remove(name);
  target.put(name, key.content, key.expiryMs);
  ask.touch(1, 'move_from');
  target.touch(name);
  target.notify('move_to', name);
  ask.reply.integer(1);
}

function copy(ask: CommandContext, { replaces, database }: CopyRequest): void {
  const target = ask.store.databases[database]!;
  const name = ask.text(2);
  const key = ask.find(1);
  const before = target.find(name, ask.nowMs)?.content;
  if (key === undefined || (!replaces && before !== undefined)) {
    ask.reply.integer(0);
    return;
  }
  target.remove(name);
  target.put(name, key.content.copy(), key.expiryMs);
  target.touch(name);
  target.notify('copy_to', name);
  if (before !== undefined) target.notifyOverwritten(name, before, key.content);
  ask.reply.integer(1);
}

function select(ask: CommandContext, database: number): void {
  ask.session.database = database;
  ask.reply.ok();
}

function swapdb(ask: CommandContext, places: readonly [number, number]): void {
  const [one, two] = places.map((number) => ask.store.databases[number]!) as [Data, Data];
  if (one !== two) {
    one.touchAll(ask.nowMs, two);
    two.touchAll(ask.nowMs, one);
    [one.keys, two.keys] = [two.keys, one.keys];
    [one.expiring, two.expiring] = [two.expiring, one.expiring];
    one.signalAll();
    two.signalAll();
  }
  ask.reply.ok();
}

function databasesOf({ store }: CommandContext): DatabaseRange {
  return { databases: store.databases.length, isCluster: store.isCluster };
}

function flush(isAll: boolean) {
  return parsed(parseFlush, (ask) => {
    if (isAll) for (const data of ask.store.databases) data.clear(ask.nowMs);
    else ask.data.clear(ask.nowMs);
    ask.reply.ok();
  });
}

function dbsize(ask: CommandContext): void {
  ask.reply.integer(ask.data.keys.size);
}

function randomkey(ask: CommandContext): void {
  ask.reply.bulkOrNil(ask.data.random(ask.random, ask.nowMs));
}

/** OBJECT ENCODING | REFCOUNT | IDLETIME | FREQ key */
function object(ask: CommandContext): void {
  const [, subcommand = '', name = ''] = ask.args;
  const word = subcommand.toUpperCase();
  const key = ask.find(2);
  const problem = accessProblem(ask, ask.store.settings.usesFrequency);
  if (key === undefined) ask.reply.nil();
  else if (word === 'ENCODING') {
    const known = ask.store.encodingOf?.(ask.session.database, name);
    ask.reply.bulk(known ?? key.content.encoding);
  } else if (word === 'REFCOUNT') {
    const { content } = key;
    const isShared =
      content instanceof StringContent &&
      !content.isCopy &&
      content.encoding === 'int' &&
      isSharedInteger(content.text);
    ask.reply.integer(isShared ? 2_147_483_647 : 1);
  } else if (problem !== undefined) ask.refuse(problem);
  else if (word === 'IDLETIME') {
    ask.reply.integer(Math.floor(ask.nowMs / 1000) - Math.floor(key.usedMs / 1000));
  } else throw notSupported(`OBJECT ${word}`);
}

function isSharedInteger(text: string): boolean {
  return text.length <= 4 && !text.startsWith('-');
}

/** DEBUG POPULATE count [prefix] [size], DEBUG SET-ACTIVE-EXPIRE 0 | 1, and DEBUG PROTOCOL type */
function debug(ask: CommandContext): void {
  if (ask.is(1, 'SET-ACTIVE-EXPIRE') && ask.count === 3) {
    ask.store.isExpiryActive = isSwitchedOn(ask.text(2));
    ask.reply.ok();
    return;
  }
  if (ask.is(1, 'PROTOCOL') && ask.count === 3) {
    debugProtocol(ask);
    return;
  }
  if (!ask.is(1, 'POPULATE')) {
    throw notSupported(`DEBUG ${ask.text(1).toUpperCase()}`);
  }
  if (ask.count < 3) ask.refuse(wrongForm(ask));
  const { count, prefix, size } = ask.allowed(parsePopulate(ask));
  for (let index = 0; index < count; index++) {
    const name = `${prefix}:${index}`;
    if (ask.data.keys.has(name)) continue;
    const text = `value:${index}`;
    ask.data.put(name, StringContent.ofText(size === 0 ? text : text.slice(0, size).padEnd(size, '\0')));
  }
  ask.reply.ok();
}

export const KEY_ANSWERS: StoreHandlers = {
  del,
  unlink: del,
  exists,
  touch: exists,
  type,
  expire: expire(TIME_FORMS.EX),
  pexpire: expire(TIME_FORMS.PX),
  expireat: expire(TIME_FORMS.EXAT),
  pexpireat: expire(TIME_FORMS.PXAT),
  persist,
  ttl: ttl(1000, false),
  pttl: ttl(1, false),
  expiretime: ttl(1000, true),
  pexpiretime: ttl(1, true),
  rename: rename(false),
  renamenx: rename(true),
  move: parsed((ask) => parseMoveKey(ask, databasesOf(ask), ask.session.database), move),
  copy: parsed((ask) => parseCopy(ask, databasesOf(ask), ask.session.database), copy),
  select: parsed((ask) => parseSelect(ask, databasesOf(ask)), select),
  swapdb: parsed((ask) => parseSwapdb(ask, databasesOf(ask)), swapdb),
  flushdb: flush(false),
  flushall: flush(true),
  dbsize,
  randomkey,
  'object|encoding': object,
  'object|refcount': object,
  'object|idletime': object,
  'object|freq': object,
  debug,
};
