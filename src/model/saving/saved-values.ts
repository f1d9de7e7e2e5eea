import { latin1Bytes } from '../../base/index.js';
import {
  type RdbHash,
  type RdbList,
  type RdbListNode,
  type RdbModule,
  type RdbSet,
  type RdbSortedSet,
  type RdbString,
  type RdbValue,
  Slice,
} from '../../input/index.js';
import { type Keyspace, StringEncoding, ValueType } from '../keyspace/index.js';
import { HashValue, ListValue, SetValue, SortedSetValue, StreamValue } from '../values/index.js';
import { elementsOf } from './saved-elements.js';
import { savedStream } from './saved-streams.js';
import { blobOf, ownBytes, type SavedStrings } from './saved-strings.js';

/** Returns the value of a row as an RDB file has it, in the order of its elements there (rdbSaveObject). */
export function savedValue(
  keyspace: Keyspace,
  strings: SavedStrings,
  row: number,
  epochMs: number,
): Exclude<RdbValue, RdbModule> {
  if (keyspace.typeOf(row) === ValueType.string) return savedString(keyspace, strings, row);
  const model = keyspace.modelOf(row);
  if (model instanceof HashValue) return savedHash(model, strings);
  if (model instanceof SetValue) return savedSet(model, strings);
  if (model instanceof SortedSetValue) return savedSortedSet(model, strings);
  if (model instanceof ListValue) return savedList(model, strings);
  if (model instanceof StreamValue) return savedStream(model, epochMs);
  throw new Error(`a value of type ${model.type} cannot be saved`);
}

function savedString(keyspace: Keyspace, strings: SavedStrings, row: number): RdbString {
  const value = new Slice();
  switch (keyspace.encodingOf(row)) {
    case StringEncoding.sharedInteger:
      value.integer(keyspace.payload(row));
      return { kind: 'string', encoding: 'integer', value };
    case StringEncoding.integer: {
      const high = BigInt.asIntN(32, BigInt(keyspace.detail(row)));
      value.integer((high << 32n) | BigInt(keyspace.payload(row)));
      return { kind: 'string', encoding: 'integer', value };
    }
    default: {
      const text = keyspace.texts.get(row);
      if (text === undefined) strings.letters(keyspace.detail(row), value);
      else ownBytes(latin1Bytes(text), value);
      return { kind: 'string', encoding: 'raw', value };
    }
  }
}

function savedHash(hash: HashValue, strings: SavedStrings): RdbHash {
  const pair: { field: Slice; value: Slice; expireAtMs: number | undefined } = {
    field: new Slice(),
    value: new Slice(),
    expireAtMs: undefined,
  };
  function* pairs() {
    for (const [name, code, expiry] of hash.timedEntries()) {
      strings.kept(name, pair.field);
      strings.value(code, pair.value);
      pair.expireAtMs = expiry === 0 ? undefined : expiry;
      yield pair;
    }
  }
  const { encoding, hasExpiries } = hash;
  const isTable = encoding === 'hashtable';
  return {
    kind: 'hash',
    encoding,
    fieldsExpire: encoding === 'listpackex' || hasExpiries,
    blob: isTable ? undefined : blobOf(hash.listpackBytes),
    elements: elementsOf(hash.size, pairs()),
  };
}

function savedSet(set: SetValue, strings: SavedStrings): RdbSet {
  const member = new Slice();
  const { encoding, integers } = set;
  function* members() {
    for (const value of integers ?? []) {
      member.integer(value);
      yield member;
    }
    for (const name of set.names()) yield strings.kept(name, member);
  }
  const isPacked = encoding === 'listpack' || encoding === 'intset';
  return {
    kind: 'set',
    encoding: isPacked ? encoding : 'hashtable',
    blob: isPacked ? blobOf(set.logicalBytes) : undefined,
    elements: elementsOf(set.size, members()),
  };
}

/** A skiplist is saved from its end, so that a server inserts each member at the front. */
function savedSortedSet(set: SortedSetValue, strings: SavedStrings): RdbSortedSet {
  const isPacked = set.encoding === 'listpack';
  const ascending = set.slice(0, set.size);
  const scored = { member: new Slice(), score: 0 };
  function* members() {
    for (const [name, score] of isPacked ? ascending : ascending.reverse()) {
      strings.kept(name, scored.member);
      scored.score = score;
      yield scored;
    }
  }
  return {
    kind: 'zset',
    encoding: isPacked ? 'listpack' : 'skiplist',
    blob: isPacked ? blobOf(set.logicalBytes) : undefined,
    elements: elementsOf(set.size, members()),
  };
}

/** A list that is one listpack is saved as a quicklist of one node. */
function savedList(list: ListValue, strings: SavedStrings): RdbList {
  const element = new Slice();
  function* elementsIn(slots: readonly number[]) {
    for (const slot of slots) yield strings.kept(slot, element);
  }
  function* nodes(): Generator<RdbListNode> {
    for (const node of list.nodes) {
      const { elements, isPlain, bytes } = node;
      const blob = isPlain ? strings.kept(elements[0]!, new Slice()) : blobOf(bytes);
      const encoding = isPlain ? 'plain' : 'listpack';
      yield { encoding, blob, elements: elementsOf(elements.length, elementsIn(elements)) };
    }
  }
  return { kind: 'list', encoding: 'quicklist', nodes: elementsOf(list.nodes.length, nodes()) };
}
