import { integerValue, isIntegerText } from '../../base/index.js';
import { ContainerKind, type Heap, ListpackKind } from '../heap/index.js';
import {
  type HashTable,
  onePart,
  type Try,
  tableParts,
  type ValueModel,
  type ValueParts,
  ValueType,
} from '../keyspace/index.js';
import { Intset } from './intset.js';
import { EMPTY_LISTPACK, Listpack } from './listpack.js';
import { entryBytes, integerEntryBytes } from './listpack-entry.js';
import { LookupKey } from './lookup-key.js';
import { defragmentBucket, defragmentElements, setDefrag } from './table-defrag.js';
import type { ValueContext } from './value-context.js';

/**
 * A set: an intset while all members are integers, else a listpack or a hash table. Listpacks hold few and short
 * members where the version has listpack sets. Only `toIntset` converts a set back.
 */
export class SetValue implements ValueModel {
  readonly type = ValueType.set;
  readonly #space: ValueContext;
  #content: Intset | Listpack | HashTable;
  /** Slots of the members in the byte arena, while the set is a listpack. */
  #names: number[] = [];
  /** Bytes of the members' strings, while the set is a hash table. */
  #strings = 0;

  constructor(space: ValueContext, content: Intset | Listpack | HashTable) {
    this.#space = space;
    this.#content = content;
  }

  /** Returns an empty set in the encoding for `count` members, of which `first` is one (setTypeCreate). */
  static create(space: ValueContext, first: LookupKey, count: number): SetValue {
    const { settings, policy, heap } = space;
    const isInteger = isIntegerText(first.bytes, first.start, first.length);
    if (!policy.listpackSets) return new SetValue(space, isInteger ? new Intset(heap) : space.newSetTable());
    if (isInteger && count <= settings.setMaxIntsetEntries) return new SetValue(space, new Intset(heap));
    if (count <= settings.setMaxListpackEntries)
      return new SetValue(space, Listpack.create(heap, ListpackKind.set));
    const table = space.newSetTable();
    table.resizeTo(count);
    return new SetValue(space, table);
  }

  get encoding(): string {
    if (this.#content instanceof Intset) return 'intset';
    return this.#content instanceof Listpack ? 'listpack' : 'hashtable';
  }

  get size(): number {
    const content = this.#content;
    if (content instanceof Intset) return content.values.length;
    return content instanceof Listpack ? this.#names.length : content.used;
  }

  get freeEffort(): number {
    const content = this.#content;
    return content instanceof Intset || content instanceof Listpack ? 1 : content.used;
  }

  get logicalBytes(): number {
    const content = this.#content;
    if (content instanceof Intset || content instanceof Listpack) return content.bytes;
    return content.ownBytes + this.#strings;
  }

  parts(): ValueParts {
    const { contents, members } = this.#space;
    const content = this.#content;
    if (content instanceof Intset || content instanceof Listpack) {
      return onePart(content.bytes, this.#space.usageOfPack(content));
    }
    return tableParts(content, { bytes: 0, usage: 0 }, (member) => {
      const length = contents.length(members.nameOf(member));
      const usage = this.#space.usageOfString(members.nameHandleOf(member), length);
      return [this.#stringBytes(member), usage + this.#entryUsage(content, member)];
    });
  }

  /** The hash table, or undefined for another encoding. */
  get table(): HashTable | undefined {
    const content = this.#content;
    return content instanceof Intset || content instanceof Listpack ? undefined : content;
  }

  /** Converts the set before a command adds `count` members, if needed (setTypeMaybeConvert). */
  prepare(count: number): void {
    const { settings, policy } = this.#space;
    if (!policy.listpackSets) return;
    const content = this.#content;
    const isTooMany =
      (content instanceof Listpack && count > settings.setMaxListpackEntries) ||
      (content instanceof Intset && count > settings.setMaxIntsetEntries);
    if (isTooMany) this.#toTable(count);
  }

  /** Adds a member (setTypeAdd) and returns whether it is new. */
  add(member: LookupKey): boolean {
    const content = this.#content;
    if (content instanceof Intset) return this.#addToIntset(content, member);
    return content instanceof Listpack
      ? this.#addToListpack(content, member)
      : this.#addToTable(content, member);
  }

  /** Adds a member of a loaded listpack that contains it already; `fitLoaded` follows the last one. */
  adopt(member: LookupKey): void {
    this.#names.push(this.#space.contents.keep(member));
  }

  /** Converts a loaded intset or listpack with more members than the limit to a hash table. */
  fitLoaded(): void {
    const { settings } = this.#space;
    const isIntset = this.#content instanceof Intset;
    const most = isIntset ? settings.setMaxIntsetEntries : settings.setMaxListpackEntries;
    if (this.encoding !== 'hashtable' && this.size > most) this.#toTable(this.size);
  }

  /**
   * Adds one of `total` members of a set that is loaded member by member. `longest` is the length in bytes of the
   * longest so far. A hash table keeps the member's existing string, other encodings copy and free it. Returns
   * whether the member is new.
   */
  addLoaded(member: LookupKey, handle: number, total: number, longest: number): boolean {
    const { heap, contents, members, policy, settings } = this.#space;
    if (this.#content instanceof Intset) {
      if (isInteger(member)) {
        heap.free(handle);
        return this.#content.add(heap, integerOf(member));
      }
      const { length } = this.#content.values;
      const fits = length < settings.setMaxListpackEntries && longest <= settings.setMaxListpackValue;
      if (!policy.listpackSets) this.#toTable(length).resizeTo(total);
      else if (fits) this.#toListpack(this.#content, length);
      else this.#toTable(total);
    }
    if (this.#content instanceof Listpack) {
      if (this.#fitsListpack(this.#names.length, member)) {
        if (this.#indexOf(member) >= 0) return false;
        this.#content.change(heap, entryBytes(member.bytes, member.start, member.length), 0);
        this.#names.push(contents.keep(member));
        heap.free(handle);
        return true;
      }
      this.#toTable(total);
    }
    const table = this.#content as HashTable;
    table.makeReady(member.hash);
    if (this.#space.peek(table, member) !== 0) return false;
    const added = members.create(member);
    members.setNameHandle(added, handle);
    table.insert(added);
    this.#strings += this.#space.stringBytes(member.length);
    return true;
  }

  /** Removes a member (setTypeRemove) and returns whether it existed. */
  remove(member: LookupKey): boolean {
    const { heap, contents } = this.#space;
    const content = this.#content;
    if (content instanceof Intset) {
      return isInteger(member) && content.remove(heap, integerOf(member));
    }
    if (content instanceof Listpack) {
      const at = this.#indexOf(member);
      if (at < 0) return false;
      const name = this.#names[at]!;
      this.#names.splice(at, 1);
      content.change(heap, 0, this.#space.keptEntryBytes(name));
      contents.release(name);
      return true;
    }
    const found = this.#space.find(content, member);
    if (found === 0) return false;
    this.#strings -= this.#stringBytes(found);
    this.#space.remove(content, found, () => this.#releaseMember(found));
    return true;
  }

  /** Returns whether a member exists (setTypeIsMember); a hash table moves a bucket. */
  has(member: LookupKey): boolean {
    const content = this.#content;
    if (content instanceof Intset) return isInteger(member) && content.has(integerOf(member));
    if (content instanceof Listpack) return this.#indexOf(member) >= 0;
    return this.#space.find(content, member) !== 0;
  }

  /** Points `needle` at a random member (seeded). Like dictGetFairRandomKey, it moves up to 15 buckets. */
  random(needle: LookupKey): LookupKey {
    const { random, contents, members } = this.#space;
    const content = this.#content;
    if (content instanceof Intset) {
      return needle.setText(`${content.values[random.below(content.values.length)]}`);
    }
    if (content instanceof Listpack) {
      return contents.point(this.#names[random.below(this.#names.length)]!, needle);
    }
    for (let step = Math.min(15, content.used); step > 0 && content.isRehashing; step--) content.step();
    return contents.point(members.nameOf(content.anyOf(random)), needle);
  }

  /**
   * Removes `count` random members of a listpack at once (lpBatchDelete). Returns their lengths, or undefined if the
   * set is no listpack.
   */
  popFromListpack(count: number, goes: (member: LookupKey) => void): number[] | undefined {
    const content = this.#content;
    if (!(content instanceof Listpack)) return undefined;
    const { random, contents, heap } = this.#space;
    const lengths: number[] = [];
    const needle = new LookupKey();
    let removed = 0;
    for (let left = count; left > 0; left--) {
      const [name] = this.#names.splice(random.below(this.#names.length), 1) as [number];
      removed += this.#space.keptEntryBytes(name);
      lengths.push(contents.length(name));
      goes(contents.point(name, needle));
      contents.release(name);
    }
    content.deleteRange(heap, removed);
    return lengths;
  }

  /** Moves `count` random members into a new set, as SPOP does when few members stay. */
  split(count: number): SetValue {
    const space = this.#space;
    let rest: SetValue | undefined;
    const needle = new LookupKey();
    for (let left = count; left > 0; left--) {
      const member = this.random(needle);
      if (rest === undefined) {
        const isPlain = space.policy.listpackSets && (this.encoding === 'hashtable' || !isInteger(member));
        rest = isPlain
          ? new SetValue(space, Listpack.create(space.heap, ListpackKind.set))
          : SetValue.create(space, member, 1);
      }
      // The needle points into memory that adding may move, so its string is copied first.
      const kept = space.contents.keep(member);
      rest.add(space.contents.point(kept, needle));
      this.remove(space.contents.point(kept, needle));
      space.contents.release(kept);
    }
    if (rest === undefined) throw new Error('a set cannot be split into nothing and itself');
    return rest;
  }

  /** Yields the slots of the members in the byte arena, in no guaranteed order; none for an intset. */
  *names(): Generator<number> {
    const content = this.#content;
    if (content instanceof Intset) return;
    if (content instanceof Listpack) {
      yield* this.#names;
      return;
    }
    for (const member of content.elements()) yield this.#space.members.nameOf(member);
  }

  /** The members of an intset in ascending order; undefined for another encoding. */
  get integers(): readonly (number | bigint)[] | undefined {
    return this.#content instanceof Intset ? this.#content.values : undefined;
  }

  /** Calls `visit` with each member; the needle is valid until `visit` returns. */
  each(visit: (member: LookupKey) => void): void {
    const needle = new LookupKey();
    const { contents, members } = this.#space;
    const content = this.#content;
    if (content instanceof Intset) {
      for (const value of content.values.slice()) visit(needle.setText(`${value}`));
    } else if (content instanceof Listpack) {
      for (const name of this.#names.slice()) visit(contents.point(name, needle));
    } else {
      for (const member of content.elements()) {
        visit(contents.point(members.nameOf(member), needle));
      }
    }
  }

  get scanLength(): number {
    return this.size;
  }

  defragment(attempt: Try): void {
    const content = this.#content;
    if (content instanceof Intset || content instanceof Listpack) {
      attempt(content.handle);
      return;
    }
    const { iteratesContainers } = this.#space.version.defrag;
    defragmentElements(setDefrag(this.#space, content, attempt), attempt, iteratesContainers);
    content.tryFrame(attempt);
  }

  defragmentFrame(attempt: Try): void {
    const content = this.#content;
    if (content instanceof Intset || content instanceof Listpack) attempt(content.handle);
    else content.tryFrame(attempt);
  }

  defragmentSome(cursor: number, attempt: Try): number {
    const { table } = this;
    return table === undefined
      ? 0
      : defragmentBucket(setDefrag(this.#space, table, attempt), cursor, attempt);
  }

  free(heap: Heap): void {
    const content = this.#content;
    if (content instanceof Intset || content instanceof Listpack) {
      content.free(heap);
      for (const name of this.#names) this.#space.contents.release(name);
    } else {
      content.free((member) => this.#releaseMember(member));
    }
  }

  /** Returns a copy (setTypeDup). */
  copy(heap: Heap, makeObject: () => void = () => {}): SetValue {
    const content = this.#content;
    if (content instanceof Intset) return new SetValue(this.#space, content.copy(heap));
    if (content instanceof Listpack) {
      const copy = new SetValue(this.#space, content.copy(heap));
      for (const name of this.#names) copy.#names.push(this.#space.contents.copy(name));
      return copy;
    }
    const table = this.#space.newSetTable();
    makeObject();
    const copy = new SetValue(this.#space, table);
    table.resizeTo(content.used);
    const iterator = this.newIterator();
    this.each((member) => copy.add(member));
    this.freeIterator(iterator);
    return copy;
  }

  /** Frees a listpack's spare room at the end of SINTERSTORE. */
  trim(): void {
    if (this.#content instanceof Listpack) this.#content.shrinkToFit(this.#space.heap);
  }

  /** Converts a set that has only integers to an intset, if they fit (maybeConvertToIntset). */
  toIntset(): void {
    const { heap, settings } = this.#space;
    if (this.#content instanceof Intset || this.size > settings.setMaxIntsetEntries) return;
    const intset = new Intset(heap);
    const iterator = this.newIterator();
    this.each((member) => intset.add(heap, integerOf(member)));
    this.freeIterator(iterator);
    this.free(heap);
    this.#content = intset;
    this.#names = [];
    this.#strings = 0;
  }

  /** Allocates a setTypeIterator and the hash table's own iterator, which is 0 for other encodings. */
  newIterator(): readonly [number, number] {
    const { sizes } = this.#space.version;
    const own = this.#space.iterator(sizes.setTypeIterator);
    return [own, this.encoding === 'hashtable' ? this.#space.iterator(sizes.dictIterator) : 0];
  }

  freeIterator([own, table]: readonly [number, number]): void {
    this.#space.endIterator(table);
    this.#space.endIterator(own);
  }

  /** Bytes of the listpack; 0 for another encoding. */
  get listpackBytes(): number {
    return this.#content instanceof Listpack ? this.#content.bytes : 0;
  }

  #addToIntset(content: Intset, member: LookupKey): boolean {
    const { heap, settings, policy } = this.#space;
    if (isInteger(member)) {
      if (!content.add(heap, integerOf(member))) return false;
      const size = content.values.length;
      if (size > settings.setMaxIntsetEntries) this.#toTable(size);
      return true;
    }
    const size = content.values.length;
    if (!policy.listpackSets) {
      const table = this.#toTable(size);
      this.#addNew(table, member);
    } else if (this.#fitsListpack(size, member) && this.#integersFitListpack(content)) {
      const listpack = this.#toListpack(content, size + 1);
      listpack.change(heap, entryBytes(member.bytes, member.start, member.length), 0);
      this.#names.push(this.#space.contents.keep(member));
      listpack.shrinkToFit(heap);
    } else {
      this.#addNew(this.#toTable(size + 1), member);
    }
    return true;
  }

  #addToListpack(content: Listpack, member: LookupKey): boolean {
    if (this.#indexOf(member) >= 0) return false;
    const { heap, contents } = this.#space;
    const size = this.#names.length;
    if (this.#fitsListpack(size, member)) {
      content.change(heap, entryBytes(member.bytes, member.start, member.length), 0);
      this.#names.push(contents.keep(member));
    } else {
      this.#addNew(this.#toTable(size + 1), member);
    }
    return true;
  }

  #addToTable(table: HashTable, member: LookupKey): boolean {
    const { members, policy } = this.#space;
    table.makeReady(member.hash);
    if (this.#space.peek(table, member) !== 0) return false;
    const added = members.create(member);
    this.#strings += this.#space.stringBytes(member.length);
    if (policy.bareSetEntries) {
      members.setNameHandle(added, this.#space.newString(member.length, ContainerKind.setMember));
      table.insert(added);
    } else {
      table.insert(added);
      members.setNameHandle(added, this.#space.newString(member.length, ContainerKind.setMember));
    }
    return true;
  }

  /** Adds a new member to a table (dictAdd); its string is allocated before its entry. */
  #addNew(table: HashTable, member: LookupKey): void {
    const { members } = this.#space;
    const added = members.create(member);
    this.#strings += this.#space.stringBytes(member.length);
    members.setNameHandle(added, this.#space.newString(member.length, ContainerKind.setMember));
    table.add(added);
  }

  #fitsListpack(size: number, member: LookupKey): boolean {
    const { settings } = this.#space;
    return size < settings.setMaxListpackEntries && member.length <= settings.setMaxListpackValue;
  }

  #integersFitListpack({ values }: Intset): boolean {
    if (values.length === 0) return true;
    const limit = this.#space.settings.setMaxListpackValue;
    return `${values[0]}`.length <= limit && `${values[values.length - 1]}`.length <= limit;
  }

  /** Converts an intset to a listpack with room for `capacity` of the widest integer (setTypeConvertAndExpand). */
  #toListpack(content: Intset, capacity: number): Listpack {
    const { heap, contents } = this.#space;
    const { values } = content;
    const widest = Math.max(...[values[0], values.at(-1)].map((value) => integerEntryBytes(value ?? 0)));
    const room = values.length === 0 ? capacity * 2 : widest * capacity + EMPTY_LISTPACK;
    const listpack = Listpack.create(heap, ListpackKind.set, room);
    const iterator = this.newIterator();
    for (const value of values) {
      listpack.change(heap, integerEntryBytes(value), 0);
      this.#names.push(contents.keep(this.#space.needle.setText(`${value}`)));
    }
    this.freeIterator(iterator);
    content.free(heap);
    this.#content = listpack;
    return listpack;
  }

  #toTable(capacity: number): HashTable {
    const table = this.#space.newSetTable();
    table.resizeTo(capacity);
    const iterator = this.newIterator();
    this.each((member) => this.#addNew(table, member));
    this.freeIterator(iterator);
    this.free(this.#space.heap);
    this.#content = table;
    this.#names = [];
    return table;
  }

  #stringBytes(member: number): number {
    const { members, contents } = this.#space;
    return this.#space.stringBytes(contents.length(members.nameOf(member)));
  }

  /** Returns the bytes that MEMORY USAGE counts for an entry (dictEntryMemUsage). */
  #entryUsage(table: HashTable, member: number): number {
    const { policy, version } = this.#space;
    return policy.measuresSetEntries ? table.entryBytesOf(member) : version.sizes.dictEntry;
  }

  #releaseMember(member: number): void {
    const { members, heap } = this.#space;
    heap.free(members.nameHandleOf(member));
    members.release(member);
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

function isInteger({ bytes, start, length }: LookupKey): boolean {
  return isIntegerText(bytes, start, length);
}

function integerOf({ bytes, start, length }: LookupKey): number | bigint {
  return integerValue(bytes, start, length);
}
