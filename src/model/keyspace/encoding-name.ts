import { hashOf } from '../../base/index.js';
import type { Database } from './database.js';
import type { Keyspace } from './keyspace.js';
import { StringEncoding } from './string-value.js';
import { ValueType } from './value-model.js';

/** Returns the encoding in the words of OBJECT ENCODING. */
export function encodingName(keyspace: Keyspace, row: number): string {
  if (keyspace.typeOf(row) !== ValueType.string) return keyspace.modelOf(row).encoding;
  switch (keyspace.encodingOf(row)) {
    case StringEncoding.raw:
      return 'raw';
    case StringEncoding.embedded:
      return 'embstr';
    default:
      return 'int';
  }
}

/** Returns the encoding of the key with this name; undefined if there is none. */
export function encodingOfKey(keyspace: Keyspace, database: Database, name: Uint8Array): string | undefined {
  const row = database.peek(hashOf(name, 0, name.length), name, 0, name.length);
  return row === 0 ? undefined : encodingName(keyspace, row);
}
