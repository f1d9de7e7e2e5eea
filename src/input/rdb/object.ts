import {
  readPackedList,
  readPackedSet,
  readPackedSortedSet,
  readQuicklist,
  readSortedSet,
  readStrings,
  textScore,
} from './collections.js';
import type { RdbCursor } from './cursor.js';
import { readExpiringHash, readHash, readListpackEx, readPackedHash, readValkeyHash } from './hash-reader.js';
import { readModule } from './module.js';
import { Type } from './rdb-format.js';
import type { RdbValue } from './rdb-values.js';
import { readStream } from './stream-reader.js';

/** Reads a value of the given type up to its elements. Returns undefined for an unknown type. */
export function readObject(
  cursor: RdbCursor,
  type: number,
  flavour: 'redis' | 'valkey',
): RdbValue | undefined {
  switch (type) {
    case Type.string: {
      const value = cursor.string(cursor.scratch, 'the value');
      return { kind: 'string', encoding: cursor.stringEncoding, value };
    }
    case Type.list:
      return { kind: 'list', encoding: 'linkedlist', elements: readStrings(cursor, 'list element') };
    case Type.listZiplist:
      return readPackedList(cursor);
    case Type.listQuicklist:
      return readQuicklist(cursor, 1);
    case Type.listQuicklist2:
      return readQuicklist(cursor, 2);
    case Type.set: {
      const elements = readStrings(cursor, 'member');
      return { kind: 'set', encoding: 'hashtable', blob: undefined, elements };
    }
    case Type.setIntset:
      return readPackedSet(cursor, 'intset');
    case Type.setListpack:
      return readPackedSet(cursor, 'listpack');
    case Type.sortedSet:
      return readSortedSet(cursor, textScore);
    case Type.sortedSet2:
      return readSortedSet(cursor, (from) => from.double());
    case Type.sortedSetZiplist:
      return readPackedSortedSet(cursor, 'ziplist');
    case Type.sortedSetListpack:
      return readPackedSortedSet(cursor, 'listpack');
    case Type.hash:
      return readHash(cursor);
    case Type.hashZipmap:
      return readPackedHash(cursor, 'zipmap');
    case Type.hashZiplist:
      return readPackedHash(cursor, 'ziplist');
    case Type.hashListpack:
      return readPackedHash(cursor, 'listpack');
    case Type.hashExpiresPreRelease:
      return flavour === 'valkey' ? readValkeyHash(cursor) : readExpiringHash(cursor, true);
    case Type.hashListpackExPreRelease:
      return flavour === 'valkey' ? undefined : readListpackEx(cursor, true);
    case Type.hashExpires:
      return flavour === 'valkey' ? undefined : readExpiringHash(cursor, false);
    case Type.hashListpackEx:
      return flavour === 'valkey' ? undefined : readListpackEx(cursor, false);
    case Type.stream:
      return readStream(cursor, 1);
    case Type.stream2:
      return readStream(cursor, 2);
    case Type.stream3:
      return readStream(cursor, 3);
    case Type.stream4:
      return flavour === 'valkey' ? undefined : readStream(cursor, 4);
    case Type.module2:
      return readModule(cursor);
    case Type.modulePreRelease:
      throw cursor.unsupported(
        'a module value of a Redis 4.0 release candidate, which only its module can read',
        'load it into Redis 4.0 with the module, and save it there again',
      );
    default:
      return undefined;
  }
}

/** Whether a value has no elements. Some old servers saved such keys, and servers drop them. Streams may be empty. */
export function isEmpty(value: RdbValue): boolean {
  if (value.kind === 'string' || value.kind === 'stream' || value.kind === 'module') return false;
  return ('nodes' in value ? value.nodes : value.elements).count === 0;
}

/** Skips the unread rest of a value. */
export function skipRest(value: RdbValue): void {
  if (value.kind === 'stream') value.tail().seenRequests();
  else if ('nodes' in value) value.nodes.drain();
  else if ('elements' in value) value.elements.drain();
}
