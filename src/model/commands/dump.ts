import { Crc64, InputError, MemorySource } from '../../base/index.js';
import { argumentBytes, NOT_AN_INTEGER, SYNTAX_ERROR } from '../../commands/index.js';
import { RdbCursor, type RdbModule, type RdbValue, readObject, skipRest } from '../../input/index.js';
import { ByteWindow } from '../../resp/index.js';
import { SdsString, StructKind } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import { LoadContext, loadValue, rememberText } from '../loading/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError } from './parsed.js';
import { newTemporaryInteger, stringLength } from './string-objects.js';

/** A payload ends with two bytes of version and eight of checksum. */
const FOOTER_BYTES = 10;
const TYPE_AND_LENGTH_BYTES = 6;

/**
 * DUMP: writes the payload to an sds, copies it to the reply and frees it. The length is an estimate from the value's
 * bytes without compression. A server may compress strings and listpacks (rdbcompression), depending on their contents.
 */
function dump(call: Call): void {
  const row = call.lookupRead(1);
  if (row === 0) {
    call.reply.nil();
    return;
  }
  const isString = call.typeOf(row) === ValueType.string;
  const bytes = isString ? stringLength(call, row) : call.modelOf(row).logicalBytes;
  const payload = new SdsString(call.heap, StructKind.temporary).create(0);
  for (const part of [1, TYPE_AND_LENGTH_BYTES - 1, bytes, 2, 8]) {
    payload.makeRoomFor(part, true);
    payload.length += part;
  }
  call.reply.bulk(payload.length);
  payload.free();
}

interface RestoreOptions {
  readonly replaces: boolean;
  readonly isAbsolute: boolean;
}

/** Returns the options, or the error in them. */
function restoreOptions(call: Call): RestoreOptions | string {
  let replaces = false;
  let isAbsolute = false;
  for (let index = 4; index < call.count; index++) {
    if (call.is(index, 'REPLACE')) replaces = true;
    else if (call.is(index, 'ABSTTL')) isAbsolute = true;
    else if ((call.is(index, 'IDLETIME') || call.is(index, 'FREQ')) && index + 1 < call.count) {
      const value = call.integer(++index);
      if (value === undefined) return NOT_AN_INTEGER;
      if (value < 0) return `ERR Invalid ${call.text(index - 1).toUpperCase()} value, must be >= 0`;
    } else return SYNTAX_ERROR;
  }
  return { replaces, isAbsolute };
}

function restore(call: Call): void {
  const options = orReplyError(call, restoreOptions(call));
  if (options === undefined) return;
  if (!options.replaces && call.lookupWrite(1) !== 0) {
    call.reply.error('BUSYKEY Target key name already exists.');
    return;
  }
  const ttl = call.integer(2);
  if (ttl === undefined || ttl < 0) {
    call.reply.error(ttl === undefined ? NOT_AN_INTEGER : 'ERR Invalid TTL value, must be >= 0');
    return;
  }
  // Reading on may move a producer's bytes, and the payload is read twice.
  const payload = argumentBytes(call.command, 3);
  if (!isWhole(payload, call.version.rdbVersion)) {
    call.reply.error('ERR DUMP payload version or checksum are wrong');
    return;
  }
  try {
    // The first pass checks that the payload can be read to its end, so that no value is half made.
    skipRest(read(payload));
    put(call, payload, ttl, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    call.reply.error('ERR Bad data format');
  }
}

/** verifyDumpPayload: whether the version and the checksum of a payload are right. */
function isWhole(payload: Uint8Array, newestVersion: number): boolean {
  const body = payload.length - FOOTER_BYTES;
  if (body < 0) return false;
  const footer = new DataView(payload.buffer, payload.byteOffset + body, FOOTER_BYTES);
  if (footer.getUint16(0, true) > newestVersion) return false;
  const sum = new Crc64();
  sum.update(payload, 0, body + 2);
  return sum.value === footer.getBigUint64(2, true);
}

function read(payload: Uint8Array): Exclude<RdbValue, RdbModule> {
  const window = new ByteWindow('RESTORE', new MemorySource(payload.slice(0, -FOOTER_BYTES)));
  const cursor = new RdbCursor(window);
  cursor.context = () => 'the payload';
  const type = cursor.byte();
  const value = readObject(cursor, type, 'redis');
  if (value === undefined) throw cursor.damaged(`unknown type ${type}`);
  if (value.kind === 'module') throw cursor.damaged('a value of a module');
  return value;
}

/** Makes the value, then the key, which replaces an existing one. */
function put(call: Call, payload: Uint8Array, ttl: number, { replaces, isAbsolute }: RestoreOptions): void {
  const { keyspace, server } = call;
  const refuse = (found: string) => new InputError(`RESTORE: ${found}`);
  const source = read(payload);
  const value = loadValue(new LoadContext(call.values, server.epochMs, refuse), keyspace.models, source);
  if (value === undefined) throw refuse('a value without elements');
  const hasReplaced = replaces && call.deleteNamed(1);
  const atMs = isAbsolute ? ttl - server.epochMs : call.nowMs + ttl;
  if (ttl > 0 && call.isInThePast(atMs)) {
    keyspace.releaseValue(value.kind, value.object, value.payload);
    call.reply.status();
    if (hasReplaced) call.dirty++;
    return;
  }
  const row = call.addValue(1, value);
  if (source.kind === 'string') rememberText(keyspace, row, source.value);
  if (source.kind === 'hash') call.db.timedHashes.loaded(row);
  if (ttl > 0) {
    call.db.setExpiry(row, atMs);
    if (!isAbsolute) {
      call.args.rewriteOne(2, newTemporaryInteger(call, call.epochMs(atMs)));
      call.args.extend(call.count + 1);
    }
  }
  call.reply.status();
  call.dirty++;
}

export const DUMP_COMMANDS: Handlers = {
  dump,
  restore,
  'restore-asking': restore,
};
