import { GrowingMemory } from '../../base/index.js';
import type { RegionTable } from './region-table.js';

/** The region table of a heap without accounts: one byte a region, its size class. */
export class SizeClassTable implements RegionTable {
  readonly #memory = new GrowingMemory('the size classes of regions');
  #classes = this.#memory.bytes;

  entered(handle: number, _owner: number, sizeClass: number): void {
    if (handle >= this.#classes.length) this.#makeRoom(handle);
    this.#classes[handle] = sizeClass;
  }

  resized(handle: number, sizeClass: number): void {
    this.#classes[handle] = sizeClass;
  }

  retag(_handle: number, _owner: number): void {}

  argumentKept(_handle: number): void {}

  classOf(handle: number): number {
    return this.#classes[handle]!;
  }

  prefetch(handle: number): number {
    return this.prefetchString(handle);
  }

  prefetchString(handle: number): number {
    return handle < this.#classes.length ? this.#classes[handle]! : 0;
  }

  #makeRoom(handle: number): void {
    this.#memory.reach(handle + 1);
    this.#classes = this.#memory.bytes;
  }
}
