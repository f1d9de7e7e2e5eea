import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import { type Blob, BlobElements, type BlobEncoding, blobReader, readBlob } from './blob.js';
import type { RdbCursor } from './cursor.js';
import type { RdbField, RdbHash } from './rdb-values.js';

function newField(): RdbField {
  return { field: new Slice(), value: new Slice(), expireAtMs: undefined };
}

function readPair(cursor: RdbCursor, field: RdbField): void {
  cursor.heldString(field.field, 'a field');
  cursor.string(field.value, 'the value of a field');
}

export function readHash(cursor: RdbCursor): RdbHash {
  const field = newField();
  const elements = new Elements(cursor.count('the number of fields', 2), () => {
    readPair(cursor, field);
    cursor.release(field.field);
    return field;
  });
  return { kind: 'hash', encoding: 'hashtable', fieldsExpire: false, blob: undefined, elements };
}

/**
 * Reads a hash of Redis 7.4, which has a lifetime before each field, or 0. In the released form the earliest expiry of
 * the hash stands first, and lifetimes are relative to it, plus one.
 */
export function readExpiringHash(cursor: RdbCursor, isPreRelease: boolean): RdbHash {
  const earliestMs = isPreRelease ? 1 : cursor.milliseconds();
  const field = newField();
  const elements = new Elements(cursor.count('the number of fields', 3), () => {
    const lifetime = cursor.length('the lifetime of a field');
    field.expireAtMs = lifetime === 0 ? undefined : earliestMs + lifetime - 1;
    if (field.expireAtMs !== undefined && !isTime(field.expireAtMs)) {
      throw cursor.damaged(`a field that expires at ${field.expireAtMs}`);
    }
    readPair(cursor, field);
    cursor.release(field.field);
    return field;
  });
  return { kind: 'hash', encoding: 'hashtable', fieldsExpire: true, blob: undefined, elements };
}

/** Reads a hash of Valkey 9, which has a time after each field, or -1. */
export function readValkeyHash(cursor: RdbCursor): RdbHash {
  const field = newField();
  const value = new Slice();
  const elements = new Elements(cursor.count('the number of fields', 10), () => {
    cursor.heldString(field.field, 'a field');
    cursor.string(value, 'the value of a field');
    // The window can hold only one view.
    field.value.copyOf(value);
    const expireAtMs = cursor.milliseconds();
    cursor.release(field.field);
    if (expireAtMs !== -1 && !isTime(expireAtMs)) {
      throw cursor.damaged(`a field that expires at ${expireAtMs}`);
    }
    field.expireAtMs = expireAtMs === -1 ? undefined : expireAtMs;
    return field;
  });
  return { kind: 'hash', encoding: 'hashtable', fieldsExpire: true, blob: undefined, elements };
}

export function readPackedHash(cursor: RdbCursor, encoding: Exclude<BlobEncoding, 'intset'>): RdbHash {
  const blob = readBlob(cursor, encoding, 2);
  return { kind: 'hash', encoding, fieldsExpire: false, blob: blob.slice, elements: pairElements(blob) };
}

/** Returns the elements of a blob of fields and values. */
export function pairElements(blob: Blob): Elements<RdbField> {
  const read = blobReader(blob);
  let field: RdbField | undefined;
  return new BlobElements(blob.count / 2, () => {
    field ??= newField();
    read(field.field);
    read(field.value);
    return field;
  });
}

/** Reads a listpack of fields, values, and the Unix times at which they expire, or 0. */
export function readListpackEx(cursor: RdbCursor, isPreRelease: boolean): RdbHash {
  // The earliest expiry repeats what is in the blob.
  if (!isPreRelease) cursor.milliseconds();
  const at = cursor.position;
  const blob = readBlob(cursor, 'listpack', 3);
  const makeElements = () => {
    const read = blobReader(blob);
    const field = newField();
    const expiry = new Slice();
    return new BlobElements(blob.count / 3, () => {
      read(field.field);
      read(field.value);
      read(expiry);
      const expireAtMs = expiry.isInteger ? Number(expiry.asText()) : Number.NaN;
      field.expireAtMs = expireAtMs === 0 ? undefined : expireAtMs;
      return field;
    });
  };
  for (const { expireAtMs } of makeElements()) {
    if (expireAtMs !== undefined && !isTime(expireAtMs)) {
      throw cursor.damaged(`a field that expires at ${expireAtMs}`, at);
    }
  }
  const elements = makeElements();
  return { kind: 'hash', encoding: 'listpackex', fieldsExpire: true, blob: blob.slice, elements };
}

/** Whether a time fits the 48 bits in which servers store it. NaN does not. */
function isTime(unixMs: number): boolean {
  return unixMs >= 0 && unixMs < 2 ** 48;
}
