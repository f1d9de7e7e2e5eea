import { NOT_AN_INTEGER } from '../../commands/index.js';
import { TYPE_NAMES } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { newTemporaryInteger } from './string-objects.js';

function remove(lazily: (call: Call) => boolean) {
  return (call: Call): void => {
    let removed = 0;
    for (let index = 1; index < call.argc; index++) {
      const row = call.unexpired(index);
      if (row === 0) continue;
      call.db.delete(row, lazily(call));
      removed++;
    }
    call.dirty += removed;
    call.reply.integer(removed);
  };
}

function exists(call: Call): void {
  let found = 0;
  for (let index = 1; index < call.argc; index++) if (call.lookupRead(index) !== 0) found++;
  call.reply.integer(found);
}

function type(call: Call): void {
  const row = call.lookupRead(1);
  call.reply.status((row === 0 ? 'none' : TYPE_NAMES[call.typeOf(row)]).length);
}

/** Times are kept in 64 bits. */
const INT64_LIMIT = 2 ** 63;

interface ExpireForm {
  readonly inSeconds: boolean;
  readonly isAbsolute: boolean;
}

/** expireGenericCommand */
function expire({ inSeconds, isAbsolute }: ExpireForm) {
  return (call: Call): void => {
    const condition = expireCondition(call);
    if (condition === undefined) return;
    const value = call.integer(2);
    if (value === undefined) {
      call.reply.error(NOT_AN_INTEGER);
      return;
    }
    const milliseconds = inSeconds ? value * 1000 : value;
    const sinceEpoch = isAbsolute ? milliseconds : call.epochMs(call.nowMs) + milliseconds;
    if (Math.abs(milliseconds) > INT64_LIMIT || (!isAbsolute && sinceEpoch >= INT64_LIMIT)) {
      call.reply.error(`ERR invalid expire time in '${call.spec.name}' command`);
      return;
    }
    const when = isAbsolute ? milliseconds - call.epochMs(0) : call.nowMs + milliseconds;
    const row = call.lookupWrite(1);
    if (row === 0 || !condition(call.keyspace.expiryOf(row), when)) {
      call.reply.integer(0);
      return;
    }
    call.dirty++;
    if (call.isInThePast(when)) {
      call.db.delete(row, call.settings.lazyfreeLazyExpire);
      call.args.rewrite(2, [1]);
      call.reply.integer(1);
      return;
    }
    call.db.setExpiry(row, when);
    call.reply.integer(1);
    if (inSeconds || !isAbsolute) {
      call.args.rewriteOne(0);
      call.args.rewriteOne(2, newTemporaryInteger(call, call.epochMs(when)));
    }
  };
}

/** NX, XX, GT and LT as a test of the expiry before (0: none) and after; undefined, and replied, if they clash. */
function expireCondition(call: Call): ((before: number, after: number) => boolean) | undefined {
  let nx = false;
  let xx = false;
  let gt = false;
  let lt = false;
  for (let index = 3; index < call.argc; index++) {
    if (call.is(index, 'NX')) nx = true;
    else if (call.is(index, 'XX')) xx = true;
    else if (call.is(index, 'GT')) gt = true;
    else if (call.is(index, 'LT')) lt = true;
    else {
      call.reply.error(`ERR Unsupported option ${call.text(index)}`);
      return undefined;
    }
  }
  if ((nx && (xx || gt || lt)) || (gt && lt)) {
    call.reply.error('ERR NX and XX, GT or LT options at the same time are not compatible');
    return undefined;
  }
  return (before, after) => {
    if (nx && before !== 0) return false;
    if (xx && before === 0) return false;
    if (gt && (before === 0 || after <= before)) return false;
    return !(lt && before !== 0 && after >= before);
  };
}

function persist(call: Call): void {
  const row = call.lookupWrite(1);
  const changed = row !== 0 && call.db.removeExpiry(row);
  if (changed) call.dirty++;
  call.reply.integer(changed ? 1 : 0);
}

function ttl(unitMs: number, isAbsolute: boolean) {
  return (call: Call): void => {
    const row = call.lookupRead(1);
    if (row === 0) {
      call.reply.integer(-2);
      return;
    }
    const expiry = call.keyspace.expiryOf(row);
    if (expiry === 0) call.reply.integer(-1);
    else {
      const ms = isAbsolute ? call.epochMs(expiry) : expiry - call.nowMs;
      call.reply.integer(Math.floor((ms + unitMs / 2) / unitMs));
    }
  };
}

/** renameGenericCommand: the value gets a new key and keeps its object. */
function rename(onlyNew: boolean) {
  return (call: Call): void => {
    const row = call.lookupWrite(1);
    if (row === 0) {
      call.reply.error('ERR no such key');
      return;
    }
    if (call.text(1) === call.text(2)) {
      if (onlyNew) call.reply.integer(0);
      else call.reply.status();
      return;
    }
    const target = call.lookupWrite(2);
    if (target !== 0) {
      if (onlyNew) {
        call.reply.integer(0);
        return;
      }
      call.deleteKey(target);
    }
    moveTo(call, row, 2, call.database);
    call.dirty++;
    if (onlyNew) call.reply.integer(1);
    else call.reply.status();
  };
}

function move(call: Call): void {
  const to = databaseArgument(call, 2);
  if (to === undefined) return;
  if (to === call.database) {
    call.reply.error('ERR source and destination objects are the same');
    return;
  }
  const row = call.lookupWrite(1);
  if (row === 0 || call.lookupIn(to, 1) !== 0) {
    call.reply.integer(0);
    return;
  }
  moveTo(call, row, 1, to);
  call.dirty++;
  call.reply.integer(1);
}

/** The value of a row under the name of argument `nameIndex`, in a database; then the old key goes without it. */
function moveTo(call: Call, row: number, nameIndex: number, database: number): void {
  const { keyspace, value } = call;
  const expiry = keyspace.expiryOf(row);
  const target = call.databaseAt(database);
  const { bytes, start, length } = call.command;
  keyspace.getValue(row, value);
  const moved = target.add(call.hash(nameIndex), bytes, start[nameIndex]!, length[nameIndex]!, value);
  keyspace.copyContents(row, moved);
  if (expiry !== 0) target.setExpiry(moved, expiry);
  call.db.deleteWithoutValue(row);
}

function copy(call: Call): void {
  let replaces = false;
  let to = call.database;
  for (let index = 3; index < call.argc; index++) {
    if (call.is(index, 'REPLACE')) replaces = true;
    else if (call.is(index, 'DB') && index + 1 < call.argc) {
      const database = databaseArgument(call, ++index);
      if (database === undefined) return;
      to = database;
    } else {
      call.reply.syntaxError();
      return;
    }
  }
  if (to === call.database && call.text(1) === call.text(2)) {
    call.reply.error('ERR source and destination objects are the same');
    return;
  }
  const row = call.lookupRead(1);
  if (row === 0) {
    call.reply.integer(0);
    return;
  }
  const expiry = call.keyspace.expiryOf(row);
  const existing = call.lookupIn(to, 2);
  if (existing !== 0 && !replaces) {
    call.reply.integer(0);
    return;
  }
  call.copyValue(row);
  const target = call.databaseAt(to);
  if (existing !== 0) target.delete(existing, call.settings.lazyfreeLazyServerDel);
  const { bytes, start, length } = call.command;
  const copied = target.add(call.hash(2), bytes, start[2]!, length[2]!, call.value);
  call.keyspace.copyContents(row, copied);
  if (expiry !== 0) target.setExpiry(copied, expiry);
  call.dirty++;
  call.reply.integer(1);
}

function databaseArgument(call: Call, index: number): number | undefined {
  const number = call.integer(index);
  if (number === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return undefined;
  }
  if (call.server.isCluster && number > 0) {
    call.reply.error('ERR SELECT is not allowed in cluster mode');
    return undefined;
  }
  if (number < 0 || number >= call.server.databases.length) {
    call.reply.error('ERR DB index is out of range');
    return undefined;
  }
  return number;
}

function select(call: Call): void {
  const number = databaseArgument(call, 1);
  if (number === undefined) return;
  call.select(number);
  call.reply.status();
}

function swapdb(call: Call): void {
  const first = databaseArgument(call, 1);
  const second = first === undefined ? undefined : databaseArgument(call, 2);
  if (first === undefined || second === undefined) return;
  call.databaseAt(first).swapWith(call.databaseAt(second));
  call.dirty++;
  call.reply.status();
}

export const KEY_COMMANDS: Handlers = {
  del: remove((call) => call.settings.lazyfreeLazyUserDel),
  unlink: remove(() => true),
  exists,
  touch: exists,
  type,
  expire: expire({ inSeconds: true, isAbsolute: false }),
  pexpire: expire({ inSeconds: false, isAbsolute: false }),
  expireat: expire({ inSeconds: true, isAbsolute: true }),
  pexpireat: expire({ inSeconds: false, isAbsolute: true }),
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
};
