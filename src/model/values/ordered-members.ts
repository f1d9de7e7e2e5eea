import { firstIndexWhere } from '../../base/index.js';

/** The largest number of members in a chunk; a larger chunk is split in half. */
const CHUNK = 512;

/**
 * Keeps the members of a skiplist in order, in arrays of some hundred each. A server finds ranks by the skiplist, of
 * which the model only allocates the nodes. Ranks are counted over chunks, so a million members cost some thousand
 * steps.
 */
export class OrderedMembers {
  #chunks: number[][] = [];
  size = 0;
  readonly #compare: (left: number, right: number) => number;

  constructor(compare: (left: number, right: number) => number) {
    this.#compare = compare;
  }

  add(member: number): void {
    this.size++;
    if (this.#chunks.length === 0) {
      this.#chunks.push([member]);
      return;
    }
    const at = this.#chunkFor(member);
    const chunk = this.#chunks[at]!;
    const index = this.#search(chunk, member);
    if (index === chunk.length) chunk.push(member);
    else chunk.splice(index, 0, member);
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** Removes a member, which must be present with the score that it was added with. */
  remove(member: number): void {
    const at = this.#chunkFor(member);
    const chunk = this.#chunks[at]!;
    const index = this.#search(chunk, member);
    if (chunk[index] !== member) throw new Error(`member ${member} is not where its score says`);
    chunk.splice(index, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    this.size--;
  }

  /** Returns the members just before and just after a present member; 0 where there is none. */
  neighbours(member: number): readonly [number, number] {
    const at = this.#chunkFor(member);
    const chunk = this.#chunks[at]!;
    const index = this.#search(chunk, member);
    const before = index > 0 ? chunk[index - 1] : this.#chunks[at - 1]?.at(-1);
    const after = index + 1 < chunk.length ? chunk[index + 1] : this.#chunks[at + 1]?.[0];
    return [before ?? 0, after ?? 0];
  }

  /**
   * Returns the rank of the first member for which `isBefore` is false. It must be true for all members before that
   * one, and false for all after it.
   */
  rankWhere(isBefore: (member: number) => boolean): number {
    let rank = 0;
    for (const chunk of this.#chunks) {
      if (isBefore(chunk[chunk.length - 1]!)) {
        rank += chunk.length;
        continue;
      }
      return rank + firstIndexWhere(0, chunk.length, (at) => !isBefore(chunk[at]!));
    }
    return rank;
  }

  /** Returns up to `count` members from a rank on. */
  slice(rank: number, count: number): number[] {
    const members: number[] = [];
    let skip = rank;
    for (const chunk of this.#chunks) {
      if (members.length >= count) break;
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      for (const member of chunk.slice(skip, skip + count - members.length)) members.push(member);
      skip = 0;
    }
    return members;
  }

  *[Symbol.iterator](): Generator<number> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  #chunkFor(member: number): number {
    const chunks = this.#chunks;
    const compare = this.#compare;
    return firstIndexWhere(0, chunks.length - 1, (at) => {
      const chunk = chunks[at]!;
      return compare(chunk[chunk.length - 1]!, member) >= 0;
    });
  }

  #search(chunk: readonly number[], member: number): number {
    const compare = this.#compare;
    return firstIndexWhere(0, chunk.length, (at) => compare(chunk[at]!, member) >= 0);
  }
}
