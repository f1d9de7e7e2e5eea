import { GrowingMemory } from '../../base/index.js';
import type { OpWriter } from '../../stream/index.js';
import type { Attribution } from './attribution.js';
import { AttributionTable } from './attribution-table.js';
import { KEY_TAGS } from './held-tags.js';

/**
 * An attribution that also notes which allocations of a stream came to belong to the keys of a pattern. An argument does so
 * when it becomes part of a value, so that all are known at the end of the stream only.
 */
export class OwnedAllocations extends AttributionTable {
  readonly #births = new GrowingMemory('the allocations of regions');
  readonly #owned = new GrowingMemory('the allocations of a pattern');
  #writer: OpWriter | undefined;
  #isEmpty = true;

  /** `pattern` is the number of the pattern. */
  constructor(
    origins: Attribution,
    readonly pattern: number,
  ) {
    super(origins);
  }

  override attach(writer: OpWriter): void {
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Whether the allocation at a position came to belong to a key of the pattern. */
  has(position: number): boolean {
    return position < this.#owned.bytes.length && this.#owned.bytes[position] === 1;
  }

  override entered(handle: number, owner: number, sizeClass: number): void {
    super.entered(handle, owner, sizeClass);
    this.#births.reach((handle + 1) * Uint32Array.BYTES_PER_ELEMENT);
    this.#births.words[handle] = this.#writer!.position - 1;
    this.#note(handle);
  }

  override retag(handle: number, owner: number): void {
    super.retag(handle, owner);
    this.#note(handle);
  }

  override becomesString(handle: number): boolean {
    const became = super.becomesString(handle);
    if (became) this.#note(handle);
    return became;
  }

  #note(handle: number): void {
    if (this.origins.pattern !== this.pattern || !KEY_TAGS.has(this.owner(handle))) return;
    const position = this.#births.words[handle]!;
    this.#owned.reach(position + 1);
    this.#owned.bytes[position] = 1;
    this.#isEmpty = false;
  }
}
