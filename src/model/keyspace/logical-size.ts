/**
 * The logical size of a key's value (objectLogicalSize) is the bytes that it requests from the allocator. It excludes
 * the robj, the name, the entry among the keys, the allocator's rounding and the reserve of strings.
 *
 *     string   integer      0: it lies in the robj
 *              embstr, raw  the sds: header, text, end mark
 *     list     listpack     the listpack's bytes
 *              quicklist    the struct (40), per node its struct (40) and its listpack's bytes or large element
 *     set      intset       the intset's bytes
 *     set, hash, zset       as a listpack: its bytes
 *     set      hashtable    dict (56), 8 per bucket of both arrays, each entry there is, each member's sds
 *     hash     hashtable    the same, each field's and value's sds, and what orders the fields that expire
 *     zset     skiplist     zset (16), zskiplist (32), its head node (536), the dict as above, each member's sds and
 *                           node (24, and 16 a level)
 *     stream   stream       the struct (80), listpacks' bytes, nodes of all radix trees (24 for a tree), consumer groups
 *                           (40), consumers (24 or 32, and the sds of the name), pending entries (24)
 *
 * A listpack counts with its bytes, even where it is allocated with room to grow. A bucket array counts from its
 * allocation until it is freed, so a rehashing table has two.
 */
import type { Keyspace } from './keyspace.js';
import { stringBytes } from './string-value.js';
import { ValueType } from './value-model.js';
import { walkedBytes } from './value-parts.js';

/** Returns the logical size of any value by a walk, without the sizes that models keep. */
export function walkedSize(keyspace: Keyspace, row: number): number {
  if (keyspace.typeOf(row) !== ValueType.string) return walkedBytes(keyspace.modelOf(row).parts());
  return stringBytes(keyspace.kind(row), keyspace.detail(row));
}
