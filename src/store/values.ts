import { isIntegerText, latin1Bytes, ReturningMap } from '../base/index.js';
import type { HyperLogLog } from '../commands/index.js';
import { type ContainerPolicy, entryBytes, type Settings } from '../model/index.js';
import { ChunkedList } from './chunked-list.js';
import { Table } from './store-table.js';
import type { StreamContent } from './stream-content.js';

/** Settings and policy that decide on encodings. */
export interface Limits {
  readonly settings: Settings;
  readonly policy: ContainerPolicy;
}

export type Content = StringContent | ListContent | SetContent | SortedContent | HashContent | StreamContent;

const EMBEDDED_LIMIT = 44;

function isInteger(text: string): boolean {
  return text.length <= 20 && isIntegerText(latin1Bytes(text), 0, text.length);
}

export class StringContent {
  readonly type = 'string';
  /** Registers of the HyperLogLog, if the text is one. */
  hyperLogLog: HyperLogLog | undefined;
  /** Whether it is a copy: a copy of a small integer is an object of its own. */
  isCopy = false;

  constructor(
    public text: string,
    public encoding: 'int' | 'embstr' | 'raw',
  ) {}

  /** Returns a string in the encoding that SET gives it. */
  static of(text: string): StringContent {
    return isInteger(text) ? new StringContent(text, 'int') : StringContent.ofText(text);
  }

  /** Returns a string in the encoding of a text, even if it is a number. */
  static ofText(text: string): StringContent {
    return new StringContent(text, text.length <= EMBEDDED_LIMIT ? 'embstr' : 'raw');
  }

  copy(): StringContent {
    const copy = new StringContent(this.text, this.encoding);
    copy.isCopy = true;
    copy.hyperLogLog = this.hyperLogLog?.copy();
    return copy;
  }
}

export class ListContent {
  readonly type = 'list';
  items = new ChunkedList<string>();

  constructor(readonly limits: Limits) {}

  get size(): number {
    return this.items.size;
  }

  /** The model's own encoding is preferred: it knows when a list that shrinks becomes a listpack again. */
  get encoding(): 'quicklist' | 'listpack' {
    const { policy, settings } = this.limits;
    if (!policy.listpackLists) return 'quicklist';
    const limit = settings.listMaxListpackSize;
    if (limit >= 0) return this.size <= limit ? 'listpack' : 'quicklist';
    const most = 2048 * 2 ** Math.min(-limit, 5);
    let bytes = 7;
    for (const item of this.items) {
      bytes += entryBytes(latin1Bytes(item), 0, item.length);
      if (bytes > most) return 'quicklist';
    }
    return 'listpack';
  }

  copy(): ListContent {
    const copy = new ListContent(this.limits);
    copy.items = this.items.copy();
    return copy;
  }
}

export class SetContent {
  readonly type = 'set';
  encoding: 'intset' | 'listpack' | 'hashtable' = 'intset';
  members = new Table<true>();

  /** Chooses the encoding for `hint` members, of which this is the first. */
  constructor(
    readonly limits: Limits,
    first: string | undefined,
    hint = 1,
  ) {
    const { settings, policy } = limits;
    if (first !== undefined && !isInteger(first))
      this.encoding = policy.listpackSets ? 'listpack' : 'hashtable';
    if (!policy.listpackSets) return;
    if (this.encoding === 'intset' && hint > settings.setMaxIntsetEntries) this.encoding = 'listpack';
    if (this.encoding === 'listpack' && hint > settings.setMaxListpackEntries) this.encoding = 'hashtable';
  }

  get size(): number {
    return this.members.size;
  }

  /** Converts the set if `hint` more members would not fit. */
  prepare(hint: number): void {
    const { settings, policy } = this.limits;
    if (!policy.listpackSets) return;
    if (this.encoding === 'listpack' && hint > settings.setMaxListpackEntries) this.encoding = 'hashtable';
    if (this.encoding === 'intset' && hint > settings.setMaxIntsetEntries) this.encoding = 'hashtable';
  }

  add(member: string): boolean {
    if (this.members.has(member)) return false;
    const { settings } = this.limits;
    if (this.encoding === 'intset' && !isInteger(member)) this.#leaveIntset(member);
    this.members.set(member, true);
    if (this.encoding === 'intset' && this.size > settings.setMaxIntsetEntries) this.encoding = 'hashtable';
    const isTooMuch =
      this.size > settings.setMaxListpackEntries || member.length > settings.setMaxListpackValue;
    if (this.encoding === 'listpack' && isTooMuch) this.encoding = 'hashtable';
    return true;
  }

  /** Returns the members in the order of a server, where that does not depend on its hash function. */
  all(): string[] {
    const names = [...this.members.names()];
    return this.encoding === 'intset' ? sortIntegers(names) : names;
  }

  copy(): SetContent {
    const copy = new SetContent(this.limits, undefined);
    copy.encoding = this.encoding;
    copy.members = this.members.copy();
    return copy;
  }

  #leaveIntset(member: string): void {
    const { settings, policy } = this.limits;
    const fits =
      this.size + 1 <= settings.setMaxListpackEntries && member.length <= settings.setMaxListpackValue;
    const sorted = sortIntegers([...this.members.names()]);
    this.members = new Table();
    for (const name of sorted) this.members.set(name, true);
    this.encoding = policy.listpackSets && fits ? 'listpack' : 'hashtable';
  }
}

function sortIntegers(names: string[]): string[] {
  const isExact = names.every(({ length }) => length <= 15);
  if (isExact) return names.sort((left, right) => Number(left) - Number(right));
  return names.sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1));
}

export class HashContent {
  readonly type = 'hash';
  encoding: 'listpack' | 'listpackex' | 'hashtable' = 'listpack';
  fields = new Table<string>();
  /** Expiries in milliseconds since 1970, of the fields that expire. */
  readonly #expiries = new ReturningMap<string, number>();
  /** No field expires earlier. */
  #firstMs = Infinity;

  constructor(readonly limits: Limits) {}

  get size(): number {
    return this.fields.size;
  }

  /** Whether any of its fields expires. */
  get hasExpiries(): boolean {
    return this.#expiries.size > 0;
  }

  /** Converts the hash if these texts, of `fields` fields, would not fit. */
  prepare(texts: readonly string[], fields: number): void {
    const { settings, policy } = this.limits;
    if (policy.presizesHash && fields > settings.hashMaxListpackEntries) this.encoding = 'hashtable';
    if (texts.some(({ length }) => length > settings.hashMaxListpackValue)) this.encoding = 'hashtable';
  }

  /** Sets a field, which loses its expiry unless it keeps it. */
  set(field: string, value: string, keepsExpiry = false): boolean {
    if (!keepsExpiry) this.#expiries.delete(field);
    const isNew = this.fields.set(field, value);
    if (this.size > this.limits.settings.hashMaxListpackEntries) this.encoding = 'hashtable';
    return isNew;
  }

  delete(field: string): boolean {
    this.#expiries.delete(field);
    return this.fields.delete(field);
  }

  /** Returns the expiry of a field; 0 if it never expires. */
  expiryOf(field: string): number {
    return this.#expiries.get(field) ?? 0;
  }

  /** Sets the expiry of a field; 0 removes it. */
  setExpiry(field: string, expiryMs: number): void {
    if (expiryMs === 0) {
      this.#expiries.delete(field);
      return;
    }
    if (this.limits.policy.fieldExpiry === 'vset') this.encoding = 'hashtable';
    this.#expiries.set(field, expiryMs);
    this.#firstMs = Math.min(this.#firstMs, expiryMs);
  }

  /** Gives a listpack room for expiries, where listpacks can have them, even if no field of it will expire. */
  makeRoomForExpiries(): void {
    if (this.limits.policy.fieldExpiry === 'ebuckets' && this.encoding === 'listpack')
      this.encoding = 'listpackex';
  }

  /** Deletes the fields that have expired. */
  expire(nowMs: number): void {
    if (this.#firstMs >= nowMs) return;
    this.#firstMs = Infinity;
    for (const [field, expiryMs] of this.#expiries) {
      if (expiryMs < nowMs) this.delete(field);
      else this.#firstMs = Math.min(this.#firstMs, expiryMs);
    }
  }

  copy(): HashContent {
    const copy = new HashContent(this.limits);
    copy.encoding = this.encoding;
    copy.fields = this.fields.copy();
    for (const [field, expiryMs] of this.#expiries) copy.#expiries.set(field, expiryMs);
    copy.#firstMs = this.#firstMs;
    return copy;
  }
}

export interface Member {
  readonly name: string;
  readonly score: number;
}

export class SortedContent {
  readonly type = 'zset';
  encoding: 'listpack' | 'skiplist' = 'listpack';
  scores = new Table<number>();
  order = new ChunkedList<Member>();

  constructor(readonly limits: Limits) {}

  /** Returns an empty sorted set in the encoding that ZADD chooses for `hint` members. */
  static for(limits: Limits, first: string, hint: number): SortedContent {
    const set = new SortedContent(limits);
    const { settings, policy } = limits;
    const isMany = policy.presizesSortedSet
      ? hint > settings.zsetMaxListpackEntries
      : settings.zsetMaxListpackEntries === 0;
    if (isMany || first.length > settings.zsetMaxListpackValue) set.encoding = 'skiplist';
    return set;
  }

  get size(): number {
    return this.scores.size;
  }

  prepare(hint: number): void {
    const { settings, policy } = this.limits;
    if (policy.presizesSortedSet && hint > settings.zsetMaxListpackEntries) this.encoding = 'skiplist';
  }

  /** Adds a member or changes its score. A listpack has no -0, because it keeps whole numbers as integers. */
  set(name: string, given: number): boolean {
    const { settings } = this.limits;
    const old = this.scores.get(name);
    const isLarge =
      this.size + 1 > settings.zsetMaxListpackEntries || name.length > settings.zsetMaxListpackValue;
    if (old === undefined && isLarge) this.encoding = 'skiplist';
    const score = this.encoding === 'listpack' ? given + 0 : given;
    if (old === score) return false;
    if (old !== undefined) this.order.remove(this.rankOf({ name, score: old }));
    this.scores.set(name, score);
    this.order.insert(this.rankOf({ name, score }), { name, score });
    return old === undefined;
  }

  delete(name: string): boolean {
    const score = this.scores.get(name);
    if (score === undefined) return false;
    this.order.remove(this.rankOf({ name, score }));
    this.scores.delete(name);
    return true;
  }

  removeRanks(first: number, count: number): Member[] {
    const removed = this.order.remove(first, count);
    for (const { name } of removed) this.scores.delete(name);
    return removed;
  }

  rankOf({ name, score }: Member): number {
    return this.order.countWhile((item) => item.score < score || (item.score === score && item.name < name));
  }

  /** Chooses the encoding of a STORE command's result, which is a listpack if it fits. */
  settle(): void {
    const { settings } = this.limits;
    const isSmall =
      this.size <= settings.zsetMaxListpackEntries &&
      [...this.scores.names()].every(({ length }) => length <= settings.zsetMaxListpackValue);
    this.encoding = isSmall ? 'listpack' : 'skiplist';
    if (!isSmall) return;
    for (const [rank, { name, score }] of [...this.order].entries()) {
      if (!Object.is(score, -0)) continue;
      this.scores.set(name, 0);
      this.order.replace(rank, { name, score: 0 });
    }
  }

  copy(): SortedContent {
    const copy = new SortedContent(this.limits);
    copy.encoding = this.encoding;
    copy.scores = this.scores.copy();
    copy.order = this.order.copy();
    return copy;
  }
}
