import {
  type CopyRequest,
  type DatabaseRange,
  mayExpire,
  NO_SUCH_KEY,
  parseCopy,
  parseExpire,
  parseMoveKey,
  parseSelect,
  parseSwapdb,
  parseTime,
  TIME_FORMS,
  type TimeForm,
} from '../../commands/index.js';
import { StructKind } from '../heap/index.js';
import { TYPE_NAMES } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError, parsed } from './parsed.js';
import { newTemporaryInteger } from './string-objects.js';

function remove(lazily: (call: Call) => boolean) {
  return (call: Call): void => {
    let removed = 0;
    for (let index = 1; index < call.count; index++) {
      if (!call.deletesExpired(index) && call.deleteNamed(index, lazily(call))) removed++;
    }
    call.dirty += removed;
    call.reply.integer(removed);
  };
}

function exists(call: Call): void {
  let found = 0;
  for (let index = 1; index < call.count; index++) if (call.lookupUntouched(index) !== 0) found++;
  call.reply.integer(found);
}

function touch(call: Call): void {
  let found = 0;
  for (let index = 1; index < call.count; index++) if (call.lookupRead(index) !== 0) found++;
  call.reply.integer(found);
}

function type(call: Call): void {
  const row = call.lookupUntouched(1);
  call.reply.status((row === 0 ? 'none' : TYPE_NAMES[call.typeOf(row)]).length);
}

/** expireGenericCommand */
function expire(form: TimeForm) {
  return parsed(parseExpire, (call, request) => {
    const milliseconds = orReplyError(call, parseTime(call, 2, form, call.epochMs(call.nowMs)));
    if (milliseconds === undefined) return;
    const { inSeconds, isAbsolute } = form;
    const when = isAbsolute ? milliseconds - call.epochMs(0) : call.nowMs + milliseconds;
    const row = call.lookupWrite(1);
    if (row === 0 || !mayExpire(request, call.keyspace.expiryOf(row), when)) {
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
  });
}

function persist(call: Call): void {
  const row = call.lookupWrite(1);
  const changed = row !== 0 && call.db.persist(row);
  if (changed) call.dirty++;
  call.reply.integer(changed ? 1 : 0);
}

function ttl(unitMs: number, isAbsolute: boolean) {
  return (call: Call): void => {
    const row = call.lookupUntouched(1);
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

/** renameGenericCommand: gives the value a new key; it keeps its object. */
function rename(onlyNew: boolean) {
  return (call: Call): void => {
    const row = call.lookupWrite(1);
    if (row === 0) {
      call.reply.error(NO_SUCH_KEY);
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

function move(call: Call, to: number): void {
  listDatabases(call);
  call.databaseAt(to);
  const row = call.lookupWrite(1);
  if (row === 0 || call.lookupIn(to, 1) !== 0) {
    call.reply.integer(0);
    return;
  }
  moveTo(call, row, 1, to);
  call.dirty++;
  call.reply.integer(1);
}

/** Adds the value of a row under the name of argument `nameIndex` in a database, then deletes the old key. */
function moveTo(call: Call, row: number, nameIndex: number, database: number): void {
  const { keyspace, value } = call;
  const expiry = keyspace.expiryOf(row);
  const target = call.databaseAt(database);
  const { bytes, start, length } = call.command;
  keyspace.getValue(row, value);
  const contents = keyspace.contentsOf(row);
  const firstFieldMs = call.db.timedHashes.order?.remove(row);
  const isTracked = call.db.trackedStreams.has(row);
  const add = () =>
    target.add(call.hash(nameIndex), bytes, start[nameIndex]!, length[nameIndex]!, value, expiry !== 0);
  // An object that holds its key's name cannot be in the database twice.
  const deletesFirst = call.version.keys.name === 'inObject';
  if (deletesFirst) call.db.deleteWithoutValue(row);
  const moved = add();
  keyspace.setContents(moved, contents);
  if (expiry !== 0) target.setExpiry(moved, expiry);
  if (firstFieldMs !== undefined) target.timedHashes.order?.add(moved, firstFieldMs);
  if (isTracked) target.trackedStreams.add(moved, call.args.takeHandles(nameIndex));
  if (!deletesFirst) call.db.deleteWithoutValue(row);
}

function copy(call: Call, { replaces, database: to }: CopyRequest): void {
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
  const firstFieldMs = call.db.timedHashes.order?.timeOf(row);
  call.copyValue(row);
  const target = call.databaseAt(to);
  if (existing !== 0) target.delete(existing, call.settings.lazyfreeLazyServerDel);
  const { bytes, start, length } = call.command;
  const copied = target.add(call.hash(2), bytes, start[2]!, length[2]!, call.value, expiry !== 0);
  call.keyspace.setContents(copied, call.keyspace.contentsOf(row));
  if (expiry !== 0) target.setExpiry(copied, expiry);
  if (firstFieldMs !== undefined) target.timedHashes.order?.add(copied, firstFieldMs);
  if (call.db.trackedStreams.has(row)) target.trackedStreams.add(copied, call.args.takeHandles(2));
  call.dirty++;
  call.reply.integer(1);
}

/** Allocates and frees the list of the databases that a command names, where permissions are checked for each. */
function listDatabases({ heap, version }: Call): void {
  if (!version.commands.listsDatabases) return;
  heap.free(heap.malloc(DATABASE_NUMBER_BYTES, StructKind.temporary));
}

const DATABASE_NUMBER_BYTES = 4;

function select(call: Call, database: number): void {
  listDatabases(call);
  call.select(database);
  call.reply.status();
}

function swapdb(call: Call, [first, second]: readonly [number, number]): void {
  call.databaseAt(first).swapWith(call.databaseAt(second));
  call.dirty++;
  call.reply.status();
}

function databasesOf({ server }: Call): DatabaseRange {
  return { databases: server.databases.length, isCluster: server.isCluster };
}

export const KEY_COMMANDS: Handlers = {
  del: remove((call) => call.settings.lazyfreeLazyUserDel),
  unlink: remove(() => true),
  exists,
  touch,
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
  move: parsed((call) => parseMoveKey(call, databasesOf(call), call.database), move),
  copy: parsed((call) => parseCopy(call, databasesOf(call), call.database), copy),
  select: parsed((call) => parseSelect(call, databasesOf(call)), select),
  swapdb: parsed((call) => parseSwapdb(call, databasesOf(call)), swapdb),
};
