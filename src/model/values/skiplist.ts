import { ContainerKind, DataType, type Heap } from '../heap/index.js';
import type { HashTable, Try, ValueParts } from '../keyspace/index.js';
import type { StructSizes } from '../versions/index.js';
import type { LookupKey } from './lookup-key.js';
import { OrderedMembers } from './ordered-members.js';
import { defragmentBucket, defragmentElements, sortedSetDefrag } from './table-defrag.js';
import type { ValueContext } from './value-context.js';

const MAX_LEVEL = 32;
/** The random words of 32 bits below this value add a level to a node: a chance of 1 in 4. */
const LEVEL_THRESHOLD = 2 ** 30;

/**
 * A sorted set's hash table and skiplist. Each member is a string, a skiplist node with a random number of levels,
 * and a dict entry.
 */
export class Skiplist {
  readonly table: HashTable;
  readonly order: OrderedMembers;
  readonly #space: ValueContext;
  readonly #sizes: StructSizes;
  readonly #sortedSet: number;
  readonly #list: number;
  /** The node in front of all others; 0 where it is a part of the list. */
  readonly #header: number;
  readonly #headerBytes: number;
  /** Bytes of the members' strings and nodes. */
  #memberBytes = 0;

  /** Allocates an empty skiplist (createZsetObject); the caller may resize the table before the first member. */
  constructor(space: ValueContext) {
    const { heap, contents, members } = space;
    this.#space = space;
    this.#sizes = space.version.sizes;
    this.#sortedSet = heap.malloc(this.#sizes.sortedSet, ContainerKind.sortedSet);
    this.table = space.newTable(DataType.sortedSet);
    const { headerInSkiplist } = space.policy;
    this.#headerBytes = headerInSkiplist ? 0 : this.#nodeBytes(MAX_LEVEL);
    const allocate = headerInSkiplist ? heap.calloc.bind(heap) : heap.malloc.bind(heap);
    this.#list = allocate(this.#sizes.skiplist, ContainerKind.skiplist);
    this.#header = headerInSkiplist ? 0 : heap.malloc(this.#headerBytes, ContainerKind.skiplist);
    this.order = new OrderedMembers((left, right) => {
      const leftScore = members.scoreOf(left);
      const rightScore = members.scoreOf(right);
      if (leftScore !== rightScore) return leftScore < rightScore ? -1 : 1;
      return left === right ? 0 : contents.compare(members.nameOf(left), members.nameOf(right));
    });
  }

  get logicalBytes(): number {
    return this.#structs + this.#headerBytes + this.table.ownBytes + this.#memberBytes;
  }

  /** Returns the parts of the value, with the members in the order of their scores. */
  parts(): ValueParts {
    const { heap, members } = this.#space;
    const entryUsage = this.#space.version.bucketTables.replaceDicts ? 0 : this.#sizes.dictEntry;
    const structs = this.#structs;
    const { table, order } = this;
    const memberBytes = (member: number) => this.#bytesOf(member);
    return {
      bytes: structs + this.#headerBytes + table.frameBytes,
      usage: structs + (this.#header === 0 ? 0 : heap.usableOf(this.#header)) + table.frameBytes,
      count: order.size,
      *elements() {
        for (const member of order) {
          const name = members.nameHandleOf(member);
          const usage = (name === 0 ? 0 : heap.usableOf(name)) + heap.usableOf(members.valueHandleOf(member));
          yield [memberBytes(member) + table.entryBytesOf(member), usage + entryUsage];
        }
      },
    };
  }

  /** Adds a new member: its string unless its node has it, its node, its entry. */
  add(needle: LookupKey, score: number): void {
    const { members } = this.#space;
    const member = members.create(needle);
    const { membersInNodes } = this.#space.policy;
    members.setNameHandle(member, membersInNodes ? 0 : this.#newName(needle.length));
    this.#insertNode(member, score);
    this.table.addMissing(member);
  }

  /**
   * Adds a new member to the table, by a copy of its name, after a lookup that has not found it. Its place in the order is
   * left to `arrange`. Only for versions whose nodes have their members.
   */
  place(needle: LookupKey, score: number): void {
    const { heap, members } = this.#space;
    this.table.reserve(needle.hash);
    const name = this.#newName(needle.length);
    const member = members.create(needle);
    members.setNameHandle(member, 0);
    this.#newNode(member, score);
    heap.free(name);
    this.table.addReserved(member);
  }

  /** Makes the node of a member that the table has already. */
  link(member: number, score: number): void {
    this.#insertNode(member, score);
  }

  /** Orders all members that were placed. */
  arrange(): void {
    for (const member of this.table.elements()) this.order.add(member);
  }

  /** Adds a new member that takes over a kept name. */
  adopt(name: number, score: number): void {
    const { contents, needle } = this.#space;
    this.take(name, this.#newName(contents.point(name, needle).length), score);
  }

  /** Adds a new member that takes over an existing string, or copies and frees it if nodes have their members. */
  take(name: number, nameHandle: number, score: number): void {
    const { heap, members, contents, policy } = this.#space;
    const member = members.adopt(name, contents.point(name, this.#space.needle).hash);
    members.setNameHandle(member, policy.membersInNodes ? 0 : nameHandle);
    this.#insertNode(member, score);
    if (policy.membersInNodes) heap.free(nameHandle);
    this.table.add(member);
  }

  /**
   * Changes a member's score (zslUpdateScore). A node that stays in its place is kept; any other is replaced, or moved if
   * nodes have their members.
   */
  update(member: number, score: number): void {
    const { members, heap, policy } = this.#space;
    const [before, after] = this.order.neighbours(member);
    const staysBehind = before === 0 || members.scoreOf(before) < score;
    const staysAhead = after === 0 || members.scoreOf(after) > score;
    if (staysBehind && staysAhead) {
      members.setScore(member, score);
      return;
    }
    this.order.remove(member);
    if (policy.membersInNodes) {
      members.setScore(member, score);
      this.order.add(member);
      return;
    }
    this.#memberBytes -= this.#bytesOf(member);
    const old = members.valueHandleOf(member);
    this.#insertNode(member, score);
    heap.free(old);
  }

  /** Removes a member that was just found (zsetRemoveFromSkiplist): the entry, then string and node. */
  remove(member: number): void {
    this.table.unlink(member);
    this.table.freeEntry(member);
    this.table.shrinkIfNeeded();
    this.order.remove(member);
    this.#memberBytes -= this.#bytesOf(member);
    this.#releaseMember(this.#space.heap, member);
  }

  /** Tries the structs, then the members, and the table before or after them. */
  defragment(attempt: Try): void {
    const { sortedSetTableFirst, sortedSetEntries } = this.#space.version.defrag;
    this.#tryStructs(attempt);
    if (sortedSetTableFirst) this.table.tryFrame(attempt);
    const isScanned = sortedSetTableFirst || sortedSetEntries;
    defragmentElements(sortedSetDefrag(this.#space, this.table, attempt), attempt, !isScanned);
    if (!sortedSetTableFirst) this.table.tryFrame(attempt);
  }

  defragmentFrame(attempt: Try): void {
    this.#tryStructs(attempt);
    this.table.tryFrame(attempt);
  }

  defragmentSome(cursor: number, attempt: Try): number {
    return defragmentBucket(sortedSetDefrag(this.#space, this.table, attempt), cursor, attempt);
  }

  #tryStructs(attempt: Try): void {
    attempt(this.#sortedSet);
    attempt(this.#list);
    if (this.#header !== 0) attempt(this.#header);
  }

  free(heap: Heap): void {
    this.table.free(() => {});
    if (this.#header !== 0) heap.free(this.#header);
    for (const member of this.order) this.#releaseMember(heap, member);
    heap.free(this.#list);
    heap.free(this.#sortedSet);
  }

  /**
   * Frees the skiplist in the order of a conversion to a listpack. `take` copies each member before its parts are
   * freed.
   */
  dissolve(take: (member: number) => void): void {
    const { heap } = this.#space;
    this.table.free(() => {});
    if (this.#header !== 0) heap.free(this.#header);
    heap.free(this.#list);
    for (const member of this.order) {
      take(member);
      this.#releaseMember(heap, member);
    }
    heap.free(this.#sortedSet);
  }

  /** Bytes of the zset and the zskiplist. */
  get #structs(): number {
    return this.#sizes.sortedSet + this.#sizes.skiplist;
  }

  #nodeBytes(levels: number): number {
    return this.#sizes.skiplistNode + levels * this.#sizes.skiplistLevel;
  }

  #insertNode(member: number, score: number): void {
    this.#newNode(member, score);
    this.order.add(member);
  }

  #newNode(member: number, score: number): void {
    const { members, heap, random } = this.#space;
    let level = 1;
    while (level < MAX_LEVEL && random.word() < LEVEL_THRESHOLD) level++;
    members.setLevel(member, level);
    const bytes = this.#bytesOf(member);
    const string = members.nameHandleOf(member) === 0 ? 0 : this.#stringBytes(member);
    members.setValueHandle(member, heap.malloc(bytes - string, ContainerKind.skiplistNode));
    this.#memberBytes += bytes;
    members.setScore(member, score);
  }

  /** Returns the bytes of a member's string and node. */
  #bytesOf(member: number): number {
    return this.#stringBytes(member) + this.#nodeBytes(this.#space.members.levelOf(member));
  }

  #stringBytes(member: number): number {
    const { contents, members } = this.#space;
    return this.#space.stringBytes(contents.length(members.nameOf(member)));
  }

  #newName(length: number): number {
    return this.#space.newString(length, ContainerKind.sortedSetMember);
  }

  #releaseMember(heap: Heap, member: number): void {
    const { members } = this.#space;
    const name = members.nameHandleOf(member);
    if (name !== 0) heap.free(name);
    heap.free(members.valueHandleOf(member));
    members.release(member);
  }
}
