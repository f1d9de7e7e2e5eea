import { DataType } from '../heap/index.js';
import type { HashTable, Try } from '../keyspace/index.js';
import { ByteCount } from './byte-count.js';
import type { FieldTimes } from './field-times.js';
import { PointerVector } from './pointer-vector.js';
import { RadixTree } from './radix-tree.js';
import { timeKey } from './time-key.js';
import type { ValueContext } from './value-context.js';

/** The most pointers of a vector. */
const MOST_IN_VECTOR = 127;
/** The windows of time that end at a multiple of these milliseconds. */
const SHORTEST_WINDOW = 16;
const LONGEST_WINDOW = 8192;
const KEY_BYTES = 8;

/** Fields whose times are in one window: one without an allocation, several in a vector, or many in a hash table. */
type Bucket = number | PointerVector | HashTable;

/** A bucket of the radix tree, with the end of its window. */
interface TimeBucket {
  endMs: number;
  fields: Bucket;
}

/**
 * The fields of one hash that expire (vset.c). One field takes no allocation, and up to 127 are in a sorted vector. More
 * are in a radix tree by the end of a window, in windows of 16 to 8,192 milliseconds.
 */
export class VolatileSet implements FieldTimes {
  readonly #space: ValueContext;
  readonly #tally = new ByteCount();
  /** The only field (above 0), a vector, or nothing (0). It means nothing while there is a tree. */
  #fields: number | PointerVector = 0;
  #tree: RadixTree<TimeBucket> | undefined;
  /** The buckets of the tree in order. */
  #buckets: TimeBucket[] = [];

  constructor(space: ValueContext) {
    this.#space = space;
  }

  get isEmpty(): boolean {
    return this.#tree === undefined && this.#fields === 0;
  }

  get bytes(): number {
    return this.#tally.bytes;
  }

  walkedBytes(): number {
    if (this.#tree === undefined) return this.#fields instanceof PointerVector ? this.#fields.bytes : 0;
    let sum = this.#tree.walkedBytes();
    for (const { fields } of this.#buckets) {
      if (fields instanceof PointerVector) sum += fields.bytes;
      else if (typeof fields !== 'number') sum += fields.frameBytes;
    }
    return sum;
  }

  usage(): number {
    if (this.#tree === undefined) return this.#fields instanceof PointerVector ? this.#fields.room : 0;
    let sum = this.#tree.usableBytes();
    for (const { fields } of this.#buckets) {
      if (fields instanceof PointerVector) sum += fields.room;
      else if (typeof fields !== 'number') sum += fields.frameUsage;
    }
    return sum;
  }

  add(member: number): void {
    if (this.#tree !== undefined) {
      this.#addToTree(this.#tree, member);
      return;
    }
    const fields = this.#fields;
    if (fields === 0) this.#fields = member;
    else if (typeof fields === 'number') this.#fields = this.#pair(fields, member);
    else if (fields.size === MOST_IN_VECTOR) this.#plant(fields, member);
    else fields.insert(member, this.#placeIn(fields.members, this.#timeOf(member)));
  }

  remove(member: number, expiry: number): void {
    if (this.#tree === undefined) {
      const fields = this.#fields;
      if (typeof fields === 'number') this.#fields = 0;
      else this.#fields = this.#withoutIn(fields, member, false);
      return;
    }
    this.#removeFromTree(this.#tree, member, expiry);
    this.#shrinkTree();
  }

  update(member: number, before: number, isMoved: boolean): void {
    const now = this.#timeOf(member);
    if (before === now && !isMoved) return;
    if (this.#tree === undefined) {
      // A vector whose order may change is left and entered again.
      if (before === now || typeof this.#fields === 'number') return;
      this.remove(member, before);
      this.add(member);
      return;
    }
    if (windowEnd(before, SHORTEST_WINDOW) !== windowEnd(now, SHORTEST_WINDOW)) {
      this.#removeFromTree(this.#tree, member, before);
      this.#addToTree(this.#tree, member);
      return;
    }
    const { fields } = this.#buckets[this.#bucketFor(before)]!;
    if (!isMoved || typeof fields === 'number' || fields instanceof PointerVector) return;
    this.#inTable(fields, () => {
      this.#takeOut(fields, member);
      fields.add(member);
    });
  }

  expire(nowMs: number, count: number, drop: (member: number) => void): number {
    if (this.#tree !== undefined) return this.#expireInTree(this.#tree, nowMs, count, drop);
    const fields = this.#fields;
    if (typeof fields === 'number') {
      if (fields === 0 || count === 0 || this.#timeOf(fields) > nowMs) return 0;
      this.#fields = 0;
      drop(fields);
      return 1;
    }
    const [left, dropped] = this.#expireInVector(fields, nowMs, count, drop);
    this.#fields = left;
    return dropped;
  }

  firstMs(): number {
    if (this.#tree !== undefined) {
      let first = Infinity;
      for (const member of this.#membersOf(this.#buckets[0]!.fields))
        first = Math.min(first, this.#timeOf(member));
      return first;
    }
    const fields = this.#fields;
    if (typeof fields !== 'number') return this.#timeOf(fields.members[0]!);
    return fields === 0 ? Infinity : this.#timeOf(fields);
  }

  /** Tries a vector, or the tree without its head, and what is in it (vsetScanDefrag). */
  defragment(attempt: Try): void {
    if (this.#fields instanceof PointerVector && this.#tree === undefined) this.#fields.defragment(attempt);
    this.#tree?.tryStruct(attempt);
    this.#tree?.defragmentBelowHead(attempt, ({ fields }) => this.#tryBucket(fields, attempt));
  }

  #tryBucket(fields: Bucket, attempt: Try): void {
    if (fields instanceof PointerVector) fields.defragment(attempt);
    if (typeof fields === 'number' || fields instanceof PointerVector) return;
    fields.tryFrame(attempt);
    let cursor = 0;
    do cursor = fields.scanBuckets(cursor, { elements: () => {}, child: attempt });
    while (cursor !== 0);
  }

  free(): void {
    if (this.#fields instanceof PointerVector && this.#tree === undefined) this.#fields.free();
    this.#tree?.free(this.#space.heap, ({ fields }) => this.#freeBucket(fields));
    this.#tree = undefined;
    this.#buckets = [];
    this.#fields = 0;
  }

  #timeOf(member: number): number {
    return this.#space.members.expiryOf(member);
  }

  /** Makes a vector of two, in the order of their times. */
  #pair(first: number, second: number): PointerVector {
    const members = this.#timeOf(first) < this.#timeOf(second) ? [first, second] : [second, first];
    return new PointerVector(this.#space.heap, this.#tally, members);
  }

  #placeIn(members: readonly number[], time: number): number {
    let low = 0;
    let high = members.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (time <= this.#timeOf(members[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Returns what is left of a vector without a member: the vector, the other of two, or 0. */
  #withoutIn(vector: PointerVector, member: number, takesLast: boolean): number | PointerVector {
    if (vector.size <= 2) {
      vector.free();
      return vector.members.find((other) => other !== member) ?? 0;
    }
    if (takesLast) vector.replaceByLast(member);
    else vector.remove(member);
    return vector;
  }

  /** Makes a tree of a full vector: with the vector as its only bucket, if all its times are in one window. */
  #plant(vector: PointerVector, member: number): void {
    const { heap, version } = this.#space;
    const tree = new RadixTree<TimeBucket>(heap, version.sizes, DataType.fieldExpiry, this.#tally);
    this.#tree = tree;
    this.#fields = 0;
    const { members } = vector;
    const endMs = windowEnd(this.#timeOf(members.at(-1)!), LONGEST_WINDOW);
    if (windowEnd(this.#timeOf(members[0]!), LONGEST_WINDOW) === endMs) {
      this.#enter(tree, { endMs, fields: vector });
    } else {
      for (const each of members) this.#addToTree(tree, each);
      vector.free();
    }
    this.#addToTree(tree, member);
  }

  #addToTree(tree: RadixTree<TimeBucket>, member: number): void {
    const time = this.#timeOf(member);
    const at = this.#bucketFor(time);
    const bucket = this.#buckets[at];
    const windowMs = windowEnd(time, LONGEST_WINDOW);
    if (bucket === undefined || bucket.endMs > windowMs) {
      this.#enter(tree, { endMs: windowMs, fields: member });
      return;
    }
    const { fields } = bucket;
    if (typeof fields === 'number') bucket.fields = this.#pair(fields, member);
    else if (!(fields instanceof PointerVector)) this.#inTable(fields, () => fields.add(member));
    else if (fields.size < MOST_IN_VECTOR) fields.insert(member);
    else if (this.#split(tree, bucket, fields)) this.#addToTree(tree, member);
    else bucket.fields = this.#toTable(fields, member);
  }

  /** Splits a full bucket, or moves it to an earlier end. Returns false if all its times are in one short window. */
  #split(tree: RadixTree<TimeBucket>, bucket: TimeBucket, vector: PointerVector): boolean {
    const { members } = vector;
    members.sort((left, right) => this.#timeOf(left) - this.#timeOf(right));
    const ends = members.map((member) => windowEnd(this.#timeOf(member), SHORTEST_WINDOW));
    const last = ends.at(-1)!;
    if (last < bucket.endMs) {
      this.#leave(tree, bucket);
      this.#enter(tree, { endMs: last, fields: vector });
      return true;
    }
    if (ends[0] === last) return false;
    const at = placeOfSplit(ends);
    bucket.fields = vector.split(at);
    this.#enter(tree, { endMs: ends[at - 1]!, fields: vector });
    return true;
  }

  #toTable(vector: PointerVector, member: number): HashTable {
    const table = this.#space.newTimesTable();
    this.#tally.bytes += table.frameBytes;
    this.#inTable(table, () => {
      for (const each of vector.members) table.add(each);
      vector.free();
      table.add(member);
    });
    return table;
  }

  #removeFromTree(tree: RadixTree<TimeBucket>, member: number, expiry: number): void {
    const bucket = this.#buckets[this.#bucketFor(expiry)]!;
    const { fields } = bucket;
    if (typeof fields === 'number') this.#leave(tree, bucket);
    else if (fields instanceof PointerVector) {
      const left = this.#withoutIn(fields, member, true);
      if (left === 0) this.#leave(tree, bucket);
      else bucket.fields = left;
    } else {
      this.#inTable(fields, () => this.#takeOut(fields, member));
      this.#reduceTable(tree, bucket, fields);
    }
  }

  /** Takes a field out of a table of fields. */
  #takeOut(table: HashTable, member: number): void {
    table.find(this.#space.members.table.hashOf(member));
    table.unlink(member);
    table.shrinkIfNeeded();
  }

  /** Replaces a table of one field by the field, and removes the bucket of an empty one. */
  #reduceTable(tree: RadixTree<TimeBucket>, bucket: TimeBucket, table: HashTable): void {
    if (table.used > 1) return;
    const [only] = table.elements();
    this.#freeBucket(table);
    if (only === undefined) this.#leave(tree, bucket);
    else bucket.fields = only;
  }

  /** Replaces a tree of one bucket by its only field or its vector, unless that is full. */
  #shrinkTree(): void {
    if (this.#tree === undefined || this.#buckets.length !== 1) return;
    const { fields } = this.#buckets[0]!;
    if (typeof fields !== 'number') {
      if (!(fields instanceof PointerVector) || fields.size >= MOST_IN_VECTOR) return;
      fields.members.sort((left, right) => this.#timeOf(left) - this.#timeOf(right));
    }
    this.#tree.free(this.#space.heap, () => {});
    this.#tree = undefined;
    this.#buckets = [];
    this.#fields = fields;
  }

  #expireInTree(
    tree: RadixTree<TimeBucket>,
    nowMs: number,
    count: number,
    drop: (member: number) => void,
  ): number {
    let dropped = 0;
    while (dropped < count) {
      const bucket = this.#buckets[0];
      if (bucket === undefined || bucket.endMs > nowMs) break;
      dropped += this.#expireBucket(tree, bucket, count - dropped, drop);
      if (this.#buckets[0] === bucket) break;
    }
    if (this.#buckets.length > 0) this.#shrinkTree();
    else {
      tree.free(this.#space.heap, () => {});
      this.#tree = undefined;
    }
    return dropped;
  }

  /** Drops fields of a bucket whose window is over. Removes the bucket if none is left. */
  #expireBucket(
    tree: RadixTree<TimeBucket>,
    bucket: TimeBucket,
    count: number,
    drop: (member: number) => void,
  ): number {
    const { fields } = bucket;
    if (typeof fields === 'number') {
      drop(fields);
      this.#leave(tree, bucket);
      return 1;
    }
    if (fields instanceof PointerVector) {
      const [left, dropped] = this.#expireInVector(fields, Infinity, count, drop);
      if (left === 0) this.#leave(tree, bucket);
      else bucket.fields = left;
      return dropped;
    }
    const gone = [...fields.elements()].slice(0, count);
    this.#inTable(fields, () => {
      fields.paused++;
      for (const member of gone) {
        fields.unlink(member);
        drop(member);
      }
      fields.paused--;
      if (fields.used > 1) fields.shrinkIfNeeded();
    });
    this.#reduceTable(tree, bucket, fields);
    return gone.length;
  }

  /** Drops the fields at the start of a vector that have expired. Returns the rest, or 0, and the number. */
  #expireInVector(
    vector: PointerVector,
    nowMs: number,
    count: number,
    drop: (member: number) => void,
  ): [number | PointerVector, number] {
    const most = Math.min(vector.size, count);
    let dropped = 0;
    while (dropped < most && this.#timeOf(vector.members[dropped]!) <= nowMs) {
      drop(vector.members[dropped]!);
      dropped++;
    }
    if (dropped === 0) return [vector, 0];
    const left = dropped === vector.size ? 0 : vector.split(dropped);
    vector.free();
    return [left, dropped];
  }

  /** Returns the place of the first bucket that ends after a time. */
  #bucketFor(time: number): number {
    let low = 0;
    let high = this.#buckets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#buckets[middle]!.endMs > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #enter(tree: RadixTree<TimeBucket>, bucket: TimeBucket): void {
    this.#buckets.splice(this.#bucketFor(bucket.endMs), 0, bucket);
    tree.insert(timeKey(bucket.endMs, KEY_BYTES), bucket);
  }

  #leave(tree: RadixTree<TimeBucket>, bucket: TimeBucket): void {
    this.#buckets.splice(this.#buckets.indexOf(bucket), 1);
    tree.remove(timeKey(bucket.endMs, KEY_BYTES));
  }

  #freeBucket(fields: Bucket): void {
    if (fields instanceof PointerVector) fields.free();
    else if (typeof fields !== 'number') {
      this.#tally.bytes -= fields.frameBytes;
      fields.free(() => {});
    }
  }

  #membersOf(fields: Bucket): Iterable<number> {
    if (typeof fields === 'number') return [fields];
    return fields instanceof PointerVector ? fields.members : fields.elements();
  }

  /** Changes a table, and counts by how much it grew. */
  #inTable(table: HashTable, change: () => void): void {
    this.#tally.bytes -= table.frameBytes;
    change();
    this.#tally.bytes += table.frameBytes;
  }
}

/** Returns the end of the window of a time. */
function windowEnd(time: number, windowMs: number): number {
  return Math.floor(time / windowMs) * windowMs + windowMs;
}

/** Returns the place nearest the middle before which a window ends (findSplitPosition). */
function placeOfSplit(ends: readonly number[]): number {
  const middle = ends.length >> 1;
  for (let offset = 0; ; offset++) {
    for (const at of [middle - offset, middle + offset]) {
      if (at > 0 && at < ends.length && ends[at - 1]! < ends[at]!) return at;
    }
  }
}
