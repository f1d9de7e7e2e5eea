import type { Random } from '../../base/index.js';
import { ContainerKind, DataType, fixedStringBytes, type Heap, sdsBytes, sdsHeader } from '../heap/index.js';
import {
  type HashTable,
  NumberedElements,
  newTable,
  type ResizePolicy,
  type TableKind,
} from '../keyspace/index.js';
import type { Settings } from '../settings/index.js';
import type { ContainerPolicy, ServerVersion } from '../versions/index.js';
import { ByteArena } from './byte-arena.js';
import { CommandScratch } from './command-scratch.js';
import { FieldBuckets } from './field-buckets.js';
import { FieldEntries } from './field-entries.js';
import type { FieldStorage } from './field-storage.js';
import { FieldStrings } from './field-strings.js';
import type { FieldTimes } from './field-times.js';
import { JointFields } from './joint-fields.js';
import { entryBytes } from './listpack-entry.js';
import { LookupKey } from './lookup-key.js';
import { Members } from './members.js';
import { type NodeLimit, nodeLimit } from './node-limit.js';
import type { RadixTree } from './radix-tree.js';
import { VolatileSet } from './volatile-set.js';

/** The flags and the metadata of a field with an expiry in front of its name (mstr.c, ebuckets.h: ExpireMeta). */
const FIELD_EXPIRY_BYTES = 18;

/** The time by which fields of hashes expire. */
export interface FieldClock {
  /** Whole milliseconds since 1970. */
  readonly unixMs: number;
  /** Whether a file is being loaded. No field expires during loading. */
  readonly isLoading: boolean;
}

/** The parts that all containers of one server share: the allocator, the configuration and the stored strings. */
export class ValueContext {
  readonly contents = new ByteArena();
  readonly members = new Members(this.contents);
  readonly policy: ContainerPolicy;
  readonly fields: FieldStorage;
  /** A key for use within containers; their callers use keys of their own. */
  readonly needle = new LookupKey();
  readonly scratch = new CommandScratch();
  readonly requests = new NumberedElements('requests that streams remember');
  /** The kind of all tables of sets, of which a data set may have millions. */
  readonly #setTable: TableKind;
  #listSetting = Number.NaN;
  #listLimit: NodeLimit = nodeLimit(-1);
  #holdsShrinking = false;
  #prefetched = new Uint32Array(0);
  readonly #nodeOf = (member: number) => this.members.valueHandleOf(member);
  readonly #nameOf = (member: number) => this.members.nameHandleOf(member);

  constructor(
    readonly heap: Heap,
    readonly version: ServerVersion,
    readonly settings: Settings,
    readonly resize: ResizePolicy,
    readonly random: Random,
    readonly clock: FieldClock,
  ) {
    this.policy = version.containers;
    this.fields = this.#newFields();
    this.#setTable = {
      subject: DataType.set,
      entryBytes: version.sizes.setEntry,
      bare: this.policy.bareSetEntries,
      metadata: this.policy.setTableMetadata,
      nameOf: this.#nameOf,
    };
  }

  #newFields(): FieldStorage {
    if (this.policy.jointEntries) return new JointFields(this);
    return this.policy.fieldEntries ? new FieldEntries(this) : new FieldStrings(this);
  }

  /** Creates a table for a hash or a sorted set (dictCreate). */
  newTable(subject: DataType, metadata?: number): HashTable {
    const { heap, version, members, resize, policy } = this;
    const isWhole = subject === DataType.sortedSet && policy.membersInNodes;
    const kind: TableKind = {
      subject,
      entryBytes: policy.bareEntries ? version.sizes.setEntry : version.sizes.dictEntry,
      bare: policy.bareEntries,
      metadata: metadata ?? (subject === DataType.hash ? policy.hashTableMetadata : 0),
      nameOf: isWhole ? this.#nodeOf : this.#nameOf,
    };
    return newTable(heap, version, members.table, kind, resize);
  }

  newSetTable(): HashTable {
    return newTable(this.heap, this.version, this.members.table, this.#setTable, this.resize);
  }

  /** Creates a table of fields of one hash that expire. */
  newTimesTable(): HashTable {
    const { heap, version, members, resize } = this;
    const kind = { subject: DataType.fieldExpiry, entryBytes: 0, bare: true, nameOf: this.#nameOf };
    return newTable(heap, version, members.table, kind, resize);
  }

  /** Creates what orders the fields of one hash that expire. */
  newFieldTimes(): FieldTimes {
    return this.policy.fieldExpiry === 'vset' ? new VolatileSet(this) : new FieldBuckets(this);
  }

  /** Whether a field with that expiry has expired; 0 means never. */
  isExpired(expiry: number): boolean {
    const { unixMs, isLoading } = this.clock;
    return expiry !== 0 && expiry < unixMs && !isLoading;
  }

  /** Whether an expiry that a command sets or replaces is in the past (checkAlreadyExpired). */
  isInThePast(expiry: number): boolean {
    const { unixMs, isLoading } = this.clock;
    return expiry <= unixMs && !isLoading;
  }

  /** Returns the member of `table` with the name `needle`, or 0; like dictFind, it moves a bucket. */
  find(table: HashTable, needle: LookupKey): number {
    return this.#among(table, table.find(needle.hash), needle);
  }

  /** Returns the same as `find`, without moving a bucket. */
  peek(table: HashTable, needle: LookupKey): number {
    return this.#among(table, table.peek(needle.hash), needle);
  }

  /** Prefetches the memory that finding members of these hashes will read. See Prefetcher. */
  prefetch(table: HashTable, hashes: Uint32Array, count: number): number {
    if (this.#prefetched.length < count) this.#prefetched = new Uint32Array(count);
    return (
      table.prefetch(hashes, count, this.#prefetched) ^
      this.members.prefetch(this.#prefetched, count, this.heap)
    );
  }

  /**
   * Shrinks a table after a deletion, if needed. Where the version's tables do not shrink by themselves, the command
   * shrinks a table that is less than a tenth full.
   */
  shrinkIfNeeded(table: HashTable): void {
    const { initialBuckets, shrinksOnDelete } = this.version.dicts;
    const { buckets, used } = table;
    if (shrinksOnDelete) table.shrinkIfNeeded();
    else if (buckets > initialBuckets && Math.floor((used * 100) / buckets) < 10) table.shrink();
  }

  /** Takes a found member out of a table and releases it; a table of buckets shrinks before that, if needed. */
  remove(table: HashTable, member: number, release: () => void): void {
    table.unlink(member);
    const shrinksFirst = this.version.bucketTables.replaceDicts;
    if (shrinksFirst && !this.#holdsShrinking) table.shrinkIfNeeded();
    release();
    if (shrinksFirst) return;
    table.freeEntry(member);
    this.shrinkIfNeeded(table);
  }

  /** Removes elements of a value, whose table shrinks afterwards in versions that wait for the end of a command. */
  removing(value: { readonly table: HashTable | undefined; readonly size: number }, work: () => void): void {
    const holds = this.version.bucketTables.shrinksAfterCommand;
    this.#holdsShrinking = holds;
    work();
    this.#holdsShrinking = false;
    if (holds && value.size > 0) value.table?.shrinkIfNeeded();
  }

  newString(length: number, owner: number): number {
    return this.heap.malloc(this.stringBytes(length), owner);
  }

  /** Allocates the name of a field of a hash table, with room for an expiry if it may expire. */
  newField(length: number, hasRoom = false): number {
    return this.heap.malloc(this.fieldBytes(length, hasRoom), ContainerKind.hashField);
  }

  /** Returns the bytes that a field's name of `length` bytes requests. */
  fieldBytes(length: number, hasRoom = false): number {
    const expiry = hasRoom ? FIELD_EXPIRY_BYTES : 0;
    return expiry + (this.policy.fixedFields ? fixedStringBytes(length) : this.stringBytes(length));
  }

  /** Returns the bytes that a new string of `length` bytes requests. */
  stringBytes(length: number): number {
    return sdsBytes(this.heap.sds, length);
  }

  /** Allocates an object that lives only within a command. */
  temporary(bytes: number): number {
    return this.heap.malloc(bytes, ContainerKind.containerTemporary);
  }

  /** Returns the bytes of a string that MEMORY USAGE counts. */
  usageOfString(handle: number, length: number): number {
    const header = sdsHeader(this.heap.sds, length);
    return this.policy.keepsUsage && header === 1 ? header + length + 1 : this.heap.usableOf(handle);
  }

  /** Returns the bytes of a listpack or an intset that MEMORY USAGE counts. */
  usageOfPack({ handle, bytes }: { readonly handle: number; readonly bytes: number }): number {
    return this.policy.keepsUsage ? bytes : this.heap.usableOf(handle);
  }

  /** The limit of a list's nodes that is set now. */
  get listLimit(): NodeLimit {
    const { listMaxListpackSize } = this.settings;
    if (listMaxListpackSize !== this.#listSetting) {
      this.#listSetting = listMaxListpackSize;
      this.#listLimit = nodeLimit(listMaxListpackSize);
    }
    return this.#listLimit;
  }

  /** Returns the bytes of a struct that MEMORY USAGE counts. */
  usageOfStruct(handle: number, bytes: number): number {
    return this.policy.keepsUsage ? this.heap.usableOf(handle) : bytes;
  }

  /** Returns the bytes of a radix tree that MEMORY USAGE counts. */
  usageOfTree(tree: RadixTree<unknown>): number {
    return this.policy.measuresTrees ? tree.usableBytes() : tree.usage;
  }

  /** Allocates an iterator of so many bytes; returns 0 for one on the stack, whose bytes are 0. */
  iterator(bytes: number): number {
    return bytes === 0 ? 0 : this.temporary(bytes);
  }

  /** Allocates an iterator of a hash or of its table; returns 0 where hashes have them on the stack. */
  iteratorOf(bytes: number): number {
    return this.policy.iteratesOnStack ? 0 : this.iterator(bytes);
  }

  hashIterator(): number {
    return this.iteratorOf(this.version.sizes.hashTypeIterator);
  }

  endIterator(iterator: number): void {
    if (iterator !== 0) this.heap.free(iterator);
  }

  /** Returns the bytes of a kept string's entry in a listpack. */
  keptEntryBytes(slot: number): number {
    const length = this.contents.length(slot);
    const text = this.contents.known(slot);
    return entryBytes(text, 0, length);
  }

  #among(table: HashTable, first: number, needle: LookupKey): number {
    const { contents, members } = this;
    let member = first;
    while (member !== 0 && !contents.equals(members.nameOf(member), needle)) {
      member = table.findNext(member, needle.hash);
    }
    return member;
  }
}
