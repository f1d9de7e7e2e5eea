import type { Call } from '../call.js';
import type { CommandSpec } from '../command-table.js';
import { Owner } from '../owners.js';
import { decimalLength } from '../reply.js';
import { StringEncoding } from '../string-value.js';
import { randomElement, scan } from '../table-walk.js';
import { TYPE_NAMES, ValueType } from '../value-model.js';
import { globMatcher } from './glob.js';
import { freeTemporary, newTemporaryString } from './string-objects.js';

function dbsize(call: Call): void {
  call.reply.integer(call.db.size);
}

function randomkey(call: Call): void {
  const { db, keyspace, random } = call;
  for (;;) {
    const row = randomElement(db.keys, random);
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

/** KEYS pattern: an object for each name that matches. */
function keys(call: Call): void {
  const { db, keyspace } = call;
  const matches = globMatcher(call.text(1));
  let found = 0;
  call.reply.startDeferredArray();
  db.keys.paused++;
  for (const row of db.keys.elements()) {
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
  db.keys.paused--;
  call.reply.endDeferredArray(found);
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]: a list node and an object for each key of the buckets. */
function scanKeys(call: Call): void {
  const { db, heap, keyspace, version } = call;
  let cursor = call.integer(1);
  if (cursor === undefined || cursor < 0) {
    call.reply.error('ERR invalid cursor');
    return;
  }
  const options = scanOptions(call);
  if (options === undefined) return;
  const { count, matches, type } = options;
  const list = heap.malloc(version.list, Owner.temporary);
  const rows: number[] = [];
  const parts: number[][] = [];
  let iterations = count * 10;
  do {
    cursor = scan(db.keys, cursor >>> 0, (row) => {
      const key = newTemporaryString(call, keyspace.nameLength(row));
      parts.push([...key, heap.malloc(version.listNode, Owner.temporary)]);
      rows.push(row);
    });
  } while (cursor !== 0 && iterations-- > 0 && rows.length < count);
  const lengths: number[] = [];
  for (const [index, row] of rows.entries()) {
    const length = keyspace.nameLength(row);
    let isKept =
      matches(keyspace.nameOf(row)) && (type === undefined || TYPE_NAMES[call.typeOf(row)] === type);
    const expiry = keyspace.expiryOf(row);
    if (isKept && expiry !== 0 && expiry < call.nowMs) {
      db.delete(row, call.settings.lazyfreeLazyExpire);
      isKept = false;
    }
    if (isKept) lengths.push(length);
    else freeTemporary(call, parts[index]?.splice(0) ?? []);
  }
  call.reply.array(2);
  call.reply.bulk(decimalLength(cursor));
  call.reply.array(lengths.length);
  for (const length of lengths) call.reply.bulk(length);
  for (const part of parts) freeTemporary(call, part);
  heap.free(list);
}

interface ScanOptions {
  readonly count: number;
  readonly matches: (name: Uint8Array) => boolean;
  readonly type: string | undefined;
}

function scanOptions(call: Call): ScanOptions | undefined {
  let count = 10;
  let matches: ScanOptions['matches'] = () => true;
  let type: string | undefined;
  for (let index = 2; index < call.argc; index += 2) {
    if (index + 1 === call.argc) {
      call.reply.syntaxError();
      return undefined;
    }
    if (call.is(index, 'COUNT')) count = call.integer(index + 1) ?? 0;
    else if (call.is(index, 'MATCH')) matches = globMatcher(call.text(index + 1));
    else if (call.is(index, 'TYPE')) type = call.text(index + 1).toLowerCase();
    else count = 0;
    if (count < 1) {
      call.reply.syntaxError();
      return undefined;
    }
  }
  return { count, matches, type };
}

/** OBJECT ENCODING | REFCOUNT | IDLETIME | FREQ key */
function object(call: Call): void {
  if (call.argc < 3) {
    call.reply.array(0);
    return;
  }
  const row = call.lookupRead(2);
  if (row === 0) call.reply.nil();
  else if (call.is(1, 'ENCODING')) call.reply.bulk(encodingName(call, row).length);
  else call.reply.integer(0);
}

function encodingName(call: Call, row: number): string {
  if (call.typeOf(row) !== ValueType.string) return call.modelOf(row).encoding;
  switch (call.keyspace.encodingOf(row)) {
    case StringEncoding.raw:
      return 'raw';
    case StringEncoding.embedded:
      return 'embstr';
    default:
      return 'int';
  }
}

export const KEYSPACE_READS: readonly CommandSpec[] = [
  { name: 'dbsize', handler: dbsize, arity: 1 },
  { name: 'randomkey', handler: randomkey, arity: 1 },
  { name: 'keys', handler: keys, arity: 2 },
  { name: 'scan', handler: scanKeys, arity: -2 },
  { name: 'object', handler: object, arity: -2 },
];
