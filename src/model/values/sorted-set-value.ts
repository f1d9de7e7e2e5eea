import { type Heap, ListpackKind } from '../heap/index.js';
import {
  type HashTable,
  onePart,
  type Try,
  type ValueModel,
  type ValueParts,
  ValueType,
} from '../keyspace/index.js';
import { Listpack } from './listpack.js';
import { entryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';
import { scoreEntryBytes } from './score-text.js';
import { Skiplist } from './skiplist.js';
import type { ValueContext } from './value-context.js';

/**
 * A sorted set: a listpack of members and scores in order, or a skiplist. The first member that is too large or one
 * too many converts it.
 */
export class SortedSetValue implements ValueModel {
  readonly type = ValueType.sortedSet;
  readonly #space: ValueContext;
  #content: Listpack | Skiplist;
  /** Slots of the members in the byte arena in order, and their scores, while the set is a listpack. */
  #names: number[] = [];
  #scores: number[] = [];

  constructor(space: ValueContext, content: Listpack | Skiplist) {
    this.#space = space;
    this.#content = content;
  }

  /** Returns an empty sorted set for about `count` members, the first of `length` bytes (zsetTypeCreate). */
  static create(space: ValueContext, count: number, length: number): SortedSetValue {
    const { settings, heap, policy } = space;
    const entries = policy.presizesSortedSet ? count : Math.min(1, count);
    if (entries <= settings.zsetMaxListpackEntries && length <= settings.zsetMaxListpackValue) {
      return new SortedSetValue(space, Listpack.create(heap, ListpackKind.sortedSet));
    }
    const list = new Skiplist(space);
    if (policy.presizesSortedSet) list.table.resizeTo(count);
    return new SortedSetValue(space, list);
  }

  get encoding(): string {
    return this.#content instanceof Listpack ? 'listpack' : 'skiplist';
  }

  get size(): number {
    return this.#content instanceof Listpack ? this.#names.length : this.#content.order.size;
  }

  get freeEffort(): number {
    return this.#content instanceof Listpack ? 1 : this.#content.order.size;
  }

  get logicalBytes(): number {
    return this.#content instanceof Listpack ? this.#content.bytes : this.#content.logicalBytes;
  }

  parts(): ValueParts {
    const content = this.#content;
    if (content instanceof Skiplist) return content.parts();
    return onePart(content.bytes, this.#space.usageOfPack(content));
  }

  /** The hash table, or undefined for a listpack. */
  get table(): HashTable | undefined {
    return this.#content instanceof Listpack ? undefined : this.#content.table;
  }

  /** Converts the set before a command adds `count` members, if needed (zsetTypeMaybeConvert). */
  prepare(count: number): void {
    const { settings, policy } = this.#space;
    if (!policy.presizesSortedSet || !(this.#content instanceof Listpack)) return;
    if (count > settings.zsetMaxListpackEntries) this.#toSkiplist(this.#content, count);
  }

  /** Converts a listpack to a skiplist, of which SORT walks the hash table (zsetConvert). The set stays a skiplist. */
  convertToSkiplist(): void {
    const content = this.#content;
    if (content instanceof Listpack)
      this.#toSkiplist(content, this.#space.policy.presizesSortedSet ? this.size : 0);
  }

  /** Yields the slots of the members in the order of the hash table; none for a listpack. */
  *inTableOrder(): Generator<number> {
    if (this.#content instanceof Listpack) return;
    for (const member of this.#content.table.elements()) yield this.#space.members.nameOf(member);
  }

  /** Returns a member's score (zsetScore); a hash table moves a bucket. */
  score(member: LookupKey): number | undefined {
    const content = this.#content;
    if (content instanceof Listpack) return this.#scores[this.#indexOf(member)];
    const found = this.#space.find(content.table, member);
    return found === 0 ? undefined : this.#space.members.scoreOf(found);
  }

  /**
   * Adds or updates one member (zsetAdd) and returns whether it is new. `decide` gets the member's score, or
   * undefined for a new one. It returns the new score, or undefined for no change.
   */
  add(member: LookupKey, decide: (score: number | undefined) => number | undefined): boolean {
    const content = this.#content;
    if (content instanceof Skiplist) return this.#addToSkiplist(content, member, decide);
    const { settings, policy } = this.#space;
    const at = this.#indexOf(member);
    const score = decide(this.#scores[at]);
    if (score === undefined) return false;
    if (at >= 0) {
      if (score === this.#scores[at]) return false;
      this.#deleteRange(content, at, 1);
      this.#insert(content, member, score);
      return false;
    }
    const size = this.#names.length;
    if (size + 1 > settings.zsetMaxListpackEntries || member.length > settings.zsetMaxListpackValue) {
      const list = this.#toSkiplist(content, policy.presizesSortedSet ? size + 1 : 0);
      // The skiplist looks the member up again.
      this.#space.find(list.table, member);
      list.add(member, score);
      return true;
    }
    this.#insert(content, member, score);
    return true;
  }

  /** Removes a member (zsetDel) and returns whether it existed. */
  remove(member: LookupKey): boolean {
    const content = this.#content;
    if (content instanceof Listpack) {
      const at = this.#indexOf(member);
      if (at < 0) return false;
      this.#deleteRange(content, at, 1);
      return true;
    }
    const found = this.#space.find(content.table, member);
    if (found === 0) return false;
    content.remove(found);
    if (!this.#space.version.dicts.shrinksOnDelete) this.#space.shrinkIfNeeded(content.table);
    return true;
  }

  /** Removes `count` members from a rank on (zremrangebyrank); a listpack deletes them at once. */
  removeRanks(start: number, count: number): void {
    if (count <= 0) return;
    const content = this.#content;
    if (content instanceof Listpack) this.#deleteRange(content, start, count);
    else this.#removeFromSkiplist(content, start, count);
  }

  /**
   * Removes `count` members from a rank on (zremrangebyscore and zremrangebylex); a listpack deletes them one at a
   * time.
   */
  removeRange(start: number, count: number): void {
    const content = this.#content;
    if (content instanceof Skiplist) {
      this.#removeFromSkiplist(content, start, count);
      return;
    }
    for (let left = count; left > 0; left--) this.#deleteRange(content, start, 1);
  }

  /** Returns the rank of the first member for which `isBefore` is false. */
  rankWhere(isBefore: (name: number, score: number) => boolean): number {
    const content = this.#content;
    if (content instanceof Skiplist) {
      const { members } = this.#space;
      return content.order.rankWhere((member) => isBefore(members.nameOf(member), members.scoreOf(member)));
    }
    const names = this.#names;
    let rank = 0;
    while (rank < names.length && isBefore(names[rank]!, this.#scores[rank]!)) rank++;
    return rank;
  }

  /** Returns the slots and scores of up to `count` members from the rank `start` on. */
  slice(start: number, count: number): (readonly [number, number])[] {
    const content = this.#content;
    const { members } = this.#space;
    if (content instanceof Skiplist) {
      return content.order
        .slice(start, count)
        .map((member) => [members.nameOf(member), members.scoreOf(member)] as const);
    }
    return this.#names
      .slice(start, start + count)
      .map((kept, index) => [kept, this.#scores[start + index]!] as const);
  }

  /** Adds a member of a loaded listpack that contains it already; `fitLoaded` follows the last one. */
  adopt(member: LookupKey, score: number): void {
    this.#names.push(this.#space.contents.keep(member));
    this.#scores.push(score);
  }

  /** Converts a loaded listpack with more members than the limit to a skiplist. Returns whether it was converted. */
  fitLoaded(): boolean {
    const { settings, policy } = this.#space;
    const content = this.#content;
    if (!(content instanceof Listpack) || this.size <= settings.zsetMaxListpackEntries) return false;
    this.#toSkiplist(content, policy.presizesSortedSet ? this.size : 0);
    return true;
  }

  /**
   * Adds a member of a skiplist that is loaded member by member; the skiplist keeps the string. Returns whether the
   * member is new.
   */
  addLoaded(member: LookupKey, handle: number, score: number): boolean {
    const content = this.#content;
    if (!(content instanceof Skiplist)) throw new Error('members are loaded one by one into skiplists only');
    if (this.#space.peek(content.table, member) !== 0) return false;
    content.take(this.#space.contents.keep(member), handle, score);
    return true;
  }

  /** Converts a small skiplist to a listpack at the end of a STORE command (zsetConvertToListpackIfNeeded). */
  packIfSmall(longest: number): void {
    const { settings, heap, members } = this.#space;
    const content = this.#content;
    if (content instanceof Listpack) return;
    if (this.size > settings.zsetMaxListpackEntries || longest > settings.zsetMaxListpackValue) return;
    const listpack = Listpack.create(heap, ListpackKind.sortedSet);
    content.dissolve((member) => {
      const name = this.#space.contents.copy(members.nameOf(member));
      const score = members.scoreOf(member);
      this.#append(listpack, this.#space.keptEntryBytes(name), score);
      this.#names.push(name);
      this.#scores.push(score);
    });
    this.#content = listpack;
  }

  get scanLength(): number {
    return this.size;
  }

  defragment(attempt: Try): void {
    const content = this.#content;
    if (content instanceof Listpack) attempt(content.handle);
    else content.defragment(attempt);
  }

  defragmentFrame(attempt: Try): void {
    const content = this.#content;
    if (content instanceof Listpack) attempt(content.handle);
    else content.defragmentFrame(attempt);
  }

  defragmentSome(cursor: number, attempt: Try): number {
    return this.#content instanceof Listpack ? 0 : this.#content.defragmentSome(cursor, attempt);
  }

  free(heap: Heap): void {
    this.#content.free(heap);
    for (const name of this.#names) this.#space.contents.release(name);
  }

  /** Returns a copy, whose members are added from the last to the first (zsetDup). */
  copy(heap: Heap, makeObject: () => void = () => {}): SortedSetValue {
    const { contents } = this.#space;
    const content = this.#content;
    if (content instanceof Listpack) {
      const copy = new SortedSetValue(this.#space, content.copy(heap));
      copy.#names = this.#names.map((name) => contents.copy(name));
      copy.#scores = this.#scores.slice();
      return copy;
    }
    const list = new Skiplist(this.#space);
    makeObject();
    list.table.resizeTo(this.size);
    for (const [name, score] of this.slice(0, this.size).reverse()) list.adopt(contents.copy(name), score);
    return new SortedSetValue(this.#space, list);
  }

  #addToSkiplist(
    list: Skiplist,
    member: LookupKey,
    decide: (score: number | undefined) => number | undefined,
  ): boolean {
    const { members } = this.#space;
    const found = this.#space.find(list.table, member);
    const old = found === 0 ? undefined : members.scoreOf(found);
    const score = decide(old);
    if (score === undefined) return false;
    if (found === 0) {
      list.add(member, score);
      return true;
    }
    if (score !== old) list.update(found, score);
    return false;
  }

  #removeFromSkiplist(list: Skiplist, start: number, count: number): void {
    for (const member of list.order.slice(start, count)) {
      list.table.step();
      list.remove(member);
    }
    if (!this.#space.version.dicts.shrinksOnDelete) this.#space.shrinkIfNeeded(list.table);
  }

  /** Inserts member and score before the first greater pair (zzlInsert). */
  #insert(listpack: Listpack, member: LookupKey, score: number): void {
    const { contents } = this.#space;
    const names = this.#names;
    const scores = this.#scores;
    let at = 0;
    while (at < names.length) {
      const other = scores[at]!;
      if (other > score || (other === score && contents.compareWith(names[at]!, member) > 0)) break;
      at++;
    }
    this.#append(listpack, entryBytes(member.bytes, member.start, member.length), score);
    names.splice(at, 0, contents.keep(member));
    scores.splice(at, 0, score);
  }

  #deleteRange(listpack: Listpack, start: number, count: number): void {
    let removed = 0;
    for (let at = start; at < start + count; at++) {
      const name = this.#names[at]!;
      removed += this.#space.keptEntryBytes(name) + this.#scoreBytes(this.#scores[at]!);
      this.#space.contents.release(name);
    }
    this.#names.splice(start, count);
    this.#scores.splice(start, count);
    listpack.deleteRange(this.#space.heap, removed);
  }

  /** Converts the listpack to a skiplist (zsetConvertAndExpand). */
  #toSkiplist(listpack: Listpack, capacity: number): Skiplist {
    const list = new Skiplist(this.#space);
    if (capacity > 0) list.table.resizeTo(capacity);
    for (let at = 0; at < this.#names.length; at++) {
      list.adopt(this.#names[at]!, this.#scores[at]!);
    }
    listpack.free(this.#space.heap);
    this.#names = [];
    this.#scores = [];
    this.#content = list;
    return list;
  }

  /** Adds a member and its score to a listpack, which grows once for both in versions that append in batches. */
  #append(listpack: Listpack, member: number, score: number): void {
    const { heap, policy } = this.#space;
    const bytes = this.#scoreBytes(score);
    if (policy.appendsPairs) {
      listpack.change(heap, member + bytes, 0);
    } else {
      listpack.change(heap, member, 0);
      listpack.change(heap, bytes, 0);
    }
  }

  #scoreBytes(score: number): number {
    return scoreEntryBytes(score, this.#space.policy.shortestScores);
  }

  #indexOf(member: LookupKey): number {
    const { contents } = this.#space;
    const names = this.#names;
    for (let at = 0; at < names.length; at++) {
      if (contents.equals(names[at]!, member)) return at;
    }
    return -1;
  }
}
