import type { Try } from '../keyspace/index.js';
import { Ebuckets, ExpiredItem } from './ebuckets.js';
import type { FieldTimes } from './field-times.js';
import type { ValueContext } from './value-context.js';

/** The fields of one hash that expire, in ebuckets. */
export class FieldBuckets implements FieldTimes {
  readonly #fields: Ebuckets;

  constructor({ heap, version, members }: ValueContext) {
    this.#fields = new Ebuckets(heap, version.sizes, (member) => members.expiryOf(member));
  }

  get isEmpty(): boolean {
    return this.#fields.isEmpty;
  }

  get bytes(): number {
    return this.#fields.bytes;
  }

  walkedBytes(): number {
    return this.#fields.walkedBytes();
  }

  /** MEMORY USAGE does not count the buckets. */
  usage(): number {
    return 0;
  }

  add(member: number): void {
    this.#fields.add(member);
  }

  remove(member: number, expiry: number): void {
    this.#fields.remove(member, expiry);
  }

  update(member: number, before: number): void {
    this.#fields.remove(member, before);
    this.#fields.add(member);
  }

  expire(nowMs: number, count: number, drop: (member: number) => void): number {
    let dropped = 0;
    this.#fields.expire(nowMs, (member) => {
      if (dropped === count) return ExpiredItem.stop;
      dropped++;
      drop(member);
      return ExpiredItem.removed;
    });
    return dropped;
  }

  firstMs(): number {
    return this.#fields.firstMs();
  }

  defragment(attempt: Try): void {
    this.#fields.defragment(attempt);
  }

  free(): void {
    this.#fields.free();
  }
}
