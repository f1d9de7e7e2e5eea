import { latin1, latin1Bytes, parseInteger64 } from '../../base/index.js';
import {
  chosenCount,
  type FloatText,
  floatSum,
  HASH_NOT_A_FLOAT,
  HASH_NOT_AN_INTEGER,
  parseFloatChange,
  parseIncrement,
  parseRandom,
  type RandomRequest,
  sum64,
  wrongArity,
} from '../../commands/index.js';
import { ContainerKind, StructKind, sdsBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { HashValue, type LookupKey } from '../values/index.js';
import { addModel, modelAt, modelOr, needleAt, pointAt } from './container-call.js';
import { deleteIfEmpty, dropExpired } from './field-expiry.js';
import { orReplyError, parsed } from './parsed.js';

/** hashTypeLookupWriteOrCreate: returns the hash at key 1, made if the key does not exist. */
function hashFor(call: Call): HashValue | undefined {
  const row = call.lookupWrite(1);
  if (row !== 0) return modelAt(call, row, HashValue);
  const hash = new HashValue(call.values);
  addModel(call, 1, hash);
  return hash;
}

function prepare(call: Call, hash: HashValue): void {
  let longest = 0;
  for (let index = 2; index < call.count; index++) longest = Math.max(longest, call.length(index));
  hash.prepare((call.count - 2) >>> 1, longest);
}

/** Notes that a hash may have no fields that expire any more, if it `had` some. */
function noteFields(call: Call, hash: HashValue, had: boolean): void {
  if (had && !hash.hasExpiries) call.db.timedHashes.fieldsChanged(call.peek(1), had);
}

function hset(call: Call): void {
  if (call.count % 2 === 1) {
    call.reply.error(wrongArity(call.name));
    return;
  }
  const hash = hashFor(call);
  if (hash === undefined) return;
  prepare(call, hash);
  const had = hash.hasExpiries;
  const { field, value } = call.values.scratch;
  let created = 0;
  for (let index = 2; index < call.count; index += 2) {
    if (hash.set(pointAt(field, call, index), pointAt(value, call, index + 1))) created++;
  }
  noteFields(call, hash, had);
  if (call.name === 'hset') call.reply.integer(created);
  else call.reply.status();
  call.dirty += (call.count - 2) / 2;
}

function hsetnx(call: Call): void {
  const hash = hashFor(call);
  if (hash === undefined) return;
  const { field, value } = call.values.scratch;
  dropExpired(call, call.peek(1), hash, pointAt(field, call, 2), true);
  if (hash.get(field) !== undefined) {
    call.reply.integer(0);
    return;
  }
  prepare(call, hash);
  const had = hash.hasExpiries;
  hash.set(field, pointAt(value, call, 3));
  noteFields(call, hash, had);
  if (had && call.version.containers.fieldExpiry === 'vset') call.args.rewriteOne(0);
  call.reply.integer(1);
  call.dirty++;
}

function hincrby(call: Call, by: bigint): void {
  const hash = hashFor(call);
  if (hash === undefined) return;
  dropExpired(call, call.peek(1), hash, needleAt(call, 2), true);
  const old = parseInteger64(numberIn(hash, pointAt(call.values.scratch.field, call, 2)));
  const sum = orReplyError(call, old === undefined ? HASH_NOT_AN_INTEGER : sum64(old, by));
  if (sum === undefined) return;
  const had = hash.hasExpiries;
  const expiry = setNumber(call, hash, `${sum}`);
  call.reply.integer(sum);
  call.dirty++;
  if (had && call.version.containers.fieldExpiry === 'vset') propagateNumber(call, `${sum}`, expiry);
}

function hincrbyfloat(call: Call, by: FloatText): void {
  const hash = hashFor(call);
  if (hash === undefined) return;
  dropExpired(call, call.peek(1), hash, needleAt(call, 2), true);
  const before = numberIn(hash, pointAt(call.values.scratch.field, call, 2));
  const sum = orReplyError(call, floatSum(before, by.text, HASH_NOT_A_FLOAT));
  if (sum === undefined) return;
  const expiry = setNumber(call, hash, sum.text);
  call.reply.bulk(sum.text.length);
  call.dirty++;
  propagateNumber(call, sum.text, expiry);
}

/** Propagates a sum as HSET of a raw string, or as HSETEX of the field's expiry in versions that do. */
function propagateNumber(call: Call, sum: string, expiry: number): void {
  const { heap, version } = call;
  const text = heap.malloc(sdsBytes(heap.sds, sum.length), ContainerKind.containerTemporary);
  const object = heap.malloc(version.sizes.object, ContainerKind.containerTemporary);
  if (expiry === 0 || version.containers.fieldExpiry !== 'vset') {
    call.args.rewriteOne(0);
    call.args.rewriteOne(3, text, object);
    return;
  }
  const array = heap.malloc(HSETEX_WORDS * version.sizes.pointer, StructKind.argumentArray);
  const time = heap.malloc(version.sizes.object, StructKind.argumentObject);
  call.args.replace(array, [1, 2], [time, text, object]);
}

/** HSETEX key PXAT time FIELDS 1 field value */
const HSETEX_WORDS = 8;

/** Returns the value of a field as text if it may be a number; a missing field counts as 0. */
function numberIn(hash: HashValue, needle: LookupKey): string {
  const code = hash.get(needle);
  if (code === undefined) return '0';
  const bytes = hash.numberOfValue(code);
  return bytes === undefined ? 'none' : latin1(bytes, 0, bytes.length);
}

/** Sets a field to a number. It keeps its expiry, which is returned; 0 for none. */
function setNumber(call: Call, hash: HashValue, text: string): number {
  const taken = call.values.newString(text.length, ContainerKind.hashValue);
  const { field, value } = call.values.scratch;
  hash.setKeeping(field, value.set(latin1Bytes(text), 0, text.length), taken);
  return hash.expiryWithoutStep(field);
}

/** Returns the hash to read. Without a key `absent` replies; another type replies with the error. */
function hashToRead(call: Call, absent: () => void): HashValue | undefined {
  return modelOr(call, call.lookupRead(1), HashValue, absent);
}

/** Deletes a field. Where ebuckets order fields, HDEL also deletes one that has expired. */
function removes(call: Call, hash: HashValue, index: number): boolean {
  const needle = needleAt(call, index);
  return call.version.containers.fieldExpiry === 'ebuckets' ? hash.remove(needle) : hash.delete(needle);
}

/** HDEL; the last field takes the key with it. */
function hdel(call: Call): void {
  const row = call.lookupWrite(1);
  const hash = modelOr(call, row, HashValue, () => call.reply.integer(0));
  if (hash === undefined) return;
  const had = hash.hasExpiries;
  let removed = 0;
  let isDeleted = false;
  call.values.removing(hash, () => {
    for (let index = 2; index < call.count && !isDeleted; index++) {
      if (!removes(call, hash, index)) continue;
      removed++;
      isDeleted = deleteIfEmpty(call, row, hash, had);
    }
  });
  if (!isDeleted && removed > 0) call.db.timedHashes.fieldsDeleted(row, had);
  call.reply.integer(removed);
  call.dirty += removed;
}

function hget(call: Call): void {
  const hash = hashToRead(call, () => call.reply.nil());
  if (hash === undefined) return;
  const isThere = dropExpired(call, call.peek(1), hash, needleAt(call, 2));
  replyValue(call, isThere ? hash : undefined, 2);
}

function replyValue(call: Call, hash: HashValue | undefined, index: number): void {
  const code = hash?.get(needleAt(call, index));
  if (hash === undefined || code === undefined) call.reply.nil();
  else call.reply.bulk(hash.lengthOfValue(code));
}

function hmget(call: Call): void {
  const row = call.lookupRead(1);
  const hash = row === 0 ? undefined : modelAt(call, row, HashValue);
  if (row !== 0 && hash === undefined) return;
  call.reply.array(call.count - 2);
  let isThere = hash !== undefined;
  for (let index = 2; index < call.count; index++) {
    isThere = isThere && dropExpired(call, row, hash!, needleAt(call, index));
    replyValue(call, isThere ? hash : undefined, index);
  }
}

/** HGETALL, HKEYS, HVALS: reply with fields, values or both, through an iterator. */
function readAll(withFields: boolean, withValues: boolean): (call: Call) => void {
  return (call) => {
    const hash = hashToRead(call, () => call.reply.array(0));
    if (hash === undefined) return;
    const space = call.values;
    const count = hash.size * (withFields && withValues ? 2 : 1);
    const { defersHashLengths } = call.version.commands;
    if (defersHashLengths) call.reply.startDeferredArray();
    else call.reply.array(count);
    hash.withIterator(() => {
      for (const [name, code] of hash.entries()) {
        if (withFields) call.reply.bulk(space.contents.length(name));
        if (withValues) call.reply.bulk(hash.lengthOfValue(code));
      }
    });
    if (defersHashLengths) call.reply.endDeferredArray(count);
  };
}

function hlen(call: Call): void {
  const hash = hashToRead(call, () => call.reply.integer(0));
  if (hash !== undefined) call.reply.integer(hash.size);
}

function hstrlen(call: Call): void {
  const hash = hashToRead(call, () => call.reply.integer(0));
  if (hash === undefined) return;
  const isThere = dropExpired(call, call.peek(1), hash, needleAt(call, 2));
  const code = isThere ? hash.get(needleAt(call, 2)) : undefined;
  call.reply.integer(code === undefined ? 0 : hash.lengthOfValue(code));
}

function hexists(call: Call): void {
  const hash = hashToRead(call, () => call.reply.integer(0));
  if (hash === undefined) return;
  const isThere = dropExpired(call, call.peek(1), hash, needleAt(call, 2));
  call.reply.integer(isThere && hash.get(needleAt(call, 2)) !== undefined ? 1 : 0);
}

/** HRANDFIELD changes nothing. Its fields are random, so the first ones give the size of the reply. */
function hrandfield(call: Call, { count, withValues }: RandomRequest): void {
  const hash = hashToRead(call, () => (count === undefined ? call.reply.nil() : call.reply.array(0)));
  if (hash === undefined) return;
  const space = call.values;
  const said = chosenCount(count, hash.size);
  if (count !== undefined) call.reply.array(withValues ? said * 2 : said);
  let left = said;
  while (left > 0) {
    for (const [name, code] of hash.entries()) {
      if (left-- <= 0) break;
      call.reply.bulk(space.contents.length(name));
      if (withValues) call.reply.bulk(hash.lengthOfValue(code));
    }
  }
}

export const HASH_COMMANDS: Handlers = {
  hset,
  hmset: hset,
  hsetnx,
  hincrby: parsed(parseIncrement, hincrby),
  hincrbyfloat: parsed(parseFloatChange, hincrbyfloat),
  hdel,
  hget,
  hmget,
  hgetall: readAll(true, true),
  hkeys: readAll(true, false),
  hvals: readAll(false, true),
  hlen,
  hstrlen,
  hexists,
  hrandfield: parsed((call) => parseRandom(call, 'WITHVALUES'), hrandfield),
};
