import type { CommandContext } from '../command-context.js';
import { ReplyError, syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';

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

const INT64_MAX = (1n << 63n) - 1n;

function expire(inSeconds: boolean, isAbsolute: boolean) {
  return (ask: CommandContext): void => {
    const condition = expireCondition(ask);
    const value = ask.int64(2);
    const milliseconds = inSeconds ? value * 1000n : value;
    const when = isAbsolute ? milliseconds : milliseconds + BigInt(Math.floor(ask.nowMs));
    if (milliseconds > INT64_MAX || milliseconds < -INT64_MAX || when > INT64_MAX) {
      ask.refuse(`ERR invalid expire time in '${ask.spec.name}' command`);
    }
    const key = ask.find(1);
    const expiryMs = Number(when);
    if (key === undefined || !condition(key.expiryMs, expiryMs)) {
      ask.reply.integer(0);
      return;
    }
    if (expiryMs <= ask.nowMs) ask.remove(1);
    else {
      ask.data.setExpiry(ask.text(1), key, expiryMs);
      ask.touch(1);
    }
    ask.reply.integer(1);
  };
}

const CONDITIONS = { NX: 'nx', XX: 'xx', GT: 'gt', LT: 'lt' } as const;

function expireCondition(ask: CommandContext): (before: number, after: number) => boolean {
  const given = { nx: false, xx: false, gt: false, lt: false };
  for (let index = 3; index < ask.count; index++) {
    const condition = CONDITIONS[ask.text(index).toUpperCase() as keyof typeof CONDITIONS];
    if (condition === undefined) ask.refuse(`ERR Unsupported option ${ask.text(index)}`);
    given[condition] = true;
  }
  const { nx, xx, gt, lt } = given;
  if (nx && (xx || gt || lt)) {
    ask.refuse('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (gt && lt) ask.refuse('ERR GT and LT options at the same time are not compatible');
  return (before, after) => {
    if (nx && before !== 0) return false;
    if (xx && before === 0) return false;
    if (gt && (before === 0 || after <= before)) return false;
    return !(lt && before !== 0 && after >= before);
  };
}

function persist(ask: CommandContext): void {
  const key = ask.find(1);
  const had = key !== undefined && key.expiryMs !== 0;
  if (had) {
    ask.data.setExpiry(ask.text(1), key, 0);
    ask.touch(1);
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
    if (key === undefined) ask.refuse('ERR no such key');
    const isFree = ask.find(2) === undefined;
    const isSame = ask.text(1) === ask.text(2);
    if (!isSame && (isFree || !onlyNew)) {
      ask.remove(1);
      // Not what was there with what is new, so that SCAN finds it as a key that came now.
      ask.data.remove(ask.text(2));
      ask.data.put(ask.text(2), key.content, key.expiryMs);
      ask.touch(2);
    }
    if (onlyNew) ask.reply.integer(isSame || !isFree ? 0 : 1);
    else ask.reply.ok();
  };
}

function databaseAt(ask: CommandContext, index: number, message?: string): number {
  const number = ask.integer(index, message);
  if (number < 0 || number >= ask.store.databases.length) ask.refuse('ERR DB index is out of range');
  return number;
}

function move(ask: CommandContext): void {
  const number = databaseAt(ask, 2);
  const target = ask.store.databases[number]!;
  if (target === ask.data) ask.refuse('ERR source and destination objects are the same');
  const key = ask.find(1);
  const name = ask.text(1);
  if (key === undefined || target.find(name, ask.nowMs) !== undefined) {
    ask.reply.integer(0);
    return;
  }
  ask.remove(1);
  target.put(name, key.content, key.expiryMs);
  target.touch(name);
  ask.reply.integer(1);
}

function copy(ask: CommandContext): void {
  let replaces = false;
  let target = ask.data;
  for (let index = 3; index < ask.count; index++) {
    if (ask.is(index, 'REPLACE')) replaces = true;
    else if (ask.is(index, 'DB') && ask.has(index + 1)) {
      target = ask.store.databases[databaseAt(ask, ++index)]!;
    } else throw syntaxError();
  }
  const name = ask.text(2);
  if (target === ask.data && ask.text(1) === name) {
    ask.refuse('ERR source and destination objects are the same');
  }
  const key = ask.find(1);
  if (key === undefined || (!replaces && target.find(name, ask.nowMs) !== undefined)) {
    ask.reply.integer(0);
    return;
  }
  target.remove(name);
  target.put(name, key.content.copy(), key.expiryMs);
  target.touch(name);
  ask.reply.integer(1);
}

function select(ask: CommandContext): void {
  ask.session.database = databaseAt(ask, 1);
  ask.reply.ok();
}

function swapdb(ask: CommandContext): void {
  const { databases } = ask.store;
  const read = (index: number, which: string) => ask.integer(index, `ERR invalid ${which} DB index`);
  const [one, two] = [read(1, 'first'), read(2, 'second')].map((number) => databases[number]);
  if (one === undefined || two === undefined) throw new ReplyError('ERR DB index is out of range');
  if (one !== two) {
    one.touchAll(two);
    two.touchAll(one);
    [one.keys, two.keys] = [two.keys, one.keys];
    [one.expiring, two.expiring] = [two.expiring, one.expiring];
  }
  ask.reply.ok();
}

function flush(isAll: boolean) {
  return (ask: CommandContext): void => {
    const isSaid = ask.count === 2 && (ask.is(1, 'SYNC') || ask.is(1, 'ASYNC'));
    if (ask.count > 1 && !isSaid) throw syntaxError();
    if (isAll) for (const data of ask.store.databases) data.clear();
    else ask.data.clear();
    ask.reply.ok();
  };
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
  const usesFrequency = ask.store.settings.usesFrequency;
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
  } else if (word === 'IDLETIME') {
    if (usesFrequency) ask.refuse(LFU_IS_ON);
    ask.reply.integer(0);
  } else {
    if (!usesFrequency) ask.refuse(LFU_IS_OFF);
    ask.reply.integer(0);
  }
}

function isSharedInteger(text: string): boolean {
  return text.length <= 4 && !text.startsWith('-');
}

const LFU_IS_ON =
  'ERR An LFU maxmemory policy is selected, idle time not tracked. ' +
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';
const LFU_IS_OFF =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. ' +
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';
/** DEBUG POPULATE count [prefix] [size], and what test suites switch on and off. */
function debug(ask: CommandContext): void {
  if (!ask.is(1, 'POPULATE')) {
    ask.refuse(`ERR slablab serve without an upstream does not carry out 'debug ${ask.text(1)}'`);
  }
  if (ask.count < 3) {
    ask.refuse(`ERR unknown subcommand or wrong number of arguments for '${ask.text(1)}'. Try DEBUG HELP.`);
  }
  const count = ask.positive(2);
  const prefix = ask.has(3) ? ask.text(3) : 'key';
  const size = ask.has(4) ? ask.positive(4) : 0;
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
  expire: expire(true, false),
  pexpire: expire(false, false),
  expireat: expire(true, true),
  pexpireat: expire(false, true),
  persist,
  ttl: ttl(1000, false),
  pttl: ttl(1, false),
  expiretime: ttl(1000, true),
  pexpiretime: ttl(1, true),
  rename: rename(false),
  renamenx: rename(true),
  move,
  copy,
  select,
  swapdb,
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
