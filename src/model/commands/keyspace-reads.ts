import { globMatcher } from '../../base/index.js';
import { accessProblem, argumentBytes, unknownSubcommand } from '../../commands/index.js';
import { encodingName, StringEncoding, ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { freeTemporary, newTemporaryString } from './string-objects.js';

function dbsize(call: Call): void {
  call.reply.integer(call.db.size);
}

function randomkey(call: Call): void {
  const { db, keyspace, random } = call;
  for (;;) {
    const table = db.keys.random(random);
    const row = table === undefined ? 0 : table.random(random);
    if (row === 0) {
      call.reply.nil();
      return;
    }
    const length = keyspace.nameLength(row);
    const key = newTemporaryString(call, length);
    const expiry = keyspace.expiryOf(row);
    const isExpired = expiry !== 0 && expiry < call.nowMs;
    if (isExpired) db.delete(row, call.settings.lazyfreeLazyExpire);
    else call.reply.bulk(length);
    freeTemporary(call, key);
    if (!isExpired) return;
  }
}

/** KEYS pattern: allocates a temporary object for each name that matches. */
function keys(call: Call): void {
  const { db, keyspace } = call;
  const matches = globMatcher(argumentBytes(call.command, 1));
  let found = 0;
  call.reply.startDeferredArray();
  for (const table of db.keys.tables()) {
    table.paused++;
    try {
      for (const row of table.elements()) {
        if (!matches(keyspace.nameOf(row))) continue;
        const length = keyspace.nameLength(row);
        const key = newTemporaryString(call, length);
        const expiry = keyspace.expiryOf(row);
        if (expiry === 0 || expiry >= call.nowMs) {
          call.reply.bulk(length);
          found++;
        }
        freeTemporary(call, key);
      }
    } finally {
      table.paused--;
    }
  }
  call.reply.endDeferredArray(found);
}

/** OBJECT ENCODING | REFCOUNT | IDLETIME | FREQ key */
function object(call: Call): void {
  if (call.count < 3) {
    call.reply.array(0);
    return;
  }
  const row = call.lookupUntouched(2);
  const problem = accessProblem(call, call.settings.usesFrequency);
  if (row === 0) call.reply.nil();
  else if (problem !== undefined) call.reply.error(problem);
  else if (call.is(1, 'ENCODING')) call.reply.bulk(encodingName(call.keyspace, row).length);
  else if (call.is(1, 'REFCOUNT')) call.reply.integer(isShared(call, row) ? SHARED_COUNT : 1);
  else if (call.is(1, 'IDLETIME')) call.reply.integer(call.keyspace.idleMs(row, call.nowMs) / 1000);
  else if (call.is(1, 'FREQ')) call.reply.integer(call.keyspace.frequency(row, call.nowMs));
  else call.reply.error(unknownSubcommand('object', call.text(1)));
}

/** The reference count that OBJECT REFCOUNT replies for a shared integer. */
const SHARED_COUNT = 2_147_483_647;

function isShared(call: Call, row: number): boolean {
  return (
    call.typeOf(row) === ValueType.string && call.keyspace.encodingOf(row) === StringEncoding.sharedInteger
  );
}

export const KEYSPACE_READS: Handlers = {
  dbsize,
  randomkey,
  keys,
  object,
};
