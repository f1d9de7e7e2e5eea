import { GrowingMemory } from './growing-memory.js';
import { WHOLE } from './held-owners.js';
import { CLASS_BITS, CLASS_MASK, countCells, type RegionTable } from './region-table.js';
import { OWNERS } from './subjects.js';

/** Size class in bits 0-7, number of the owner in bits 8-15. */
const CELLS = 1 << 16;
const MOST_OWNERS = CELLS >> CLASS_BITS;

/** Who regions are for: two bytes each, in which owners are numbered as they come. Of all that there could be, few are. */
export class OwnerTable implements RegionTable {
  readonly #memory = new GrowingMemory('the owners of regions');
  #cells = new Uint16Array(this.#memory.words.buffer);
  /** By owner as it is given: where its cells begin; 0: it has not come yet. */
  readonly #firstCell = new Uint16Array(OWNERS);
  /** By number. */
  readonly #owners = [0];

  entered(handle: number, owner: number, sizeClass: number): void {
    if (handle >= this.#cells.length) this.#makeRoom(handle);
    this.#cells[handle] = this.#cellOf(owner) | sizeClass;
  }

  resized(handle: number, sizeClass: number): void {
    this.#cells[handle] = ((this.#cells[handle] as number) & ~CLASS_MASK) | sizeClass;
  }

  retag(handle: number, owner: number): void {
    this.#cells[handle] = this.#cellOf(owner) | ((this.#cells[handle] as number) & CLASS_MASK);
  }

  classOf(handle: number): number {
    return (this.#cells[handle] as number) & CLASS_MASK;
  }

  foresee(handle: number): number {
    return handle < this.#cells.length ? (this.#cells[handle] as number) : 0;
  }

  ownerWord(handle: number): number {
    return this.#owners[(this.#cells[handle] as number) >>> CLASS_BITS] as number;
  }

  /** Regions by owner and size class: see CELLS and ownerOfCell. */
  count(end: number, free: Uint32Array): Int32Array {
    return countCells(this.#cells, 0, CELLS, end, free);
  }

  ownerOfCell(cell: number): number {
    return this.#owners[cell >>> CLASS_BITS] as number;
  }

  #cellOf(owner: number): number {
    const first = this.#firstCell[owner] as number;
    return first === 0 ? this.#number(owner) : first;
  }

  #number(owner: number): number {
    const whole = WHOLE[owner] as number;
    let number = this.#owners.indexOf(whole);
    if (number < 0) number = this.#owners.push(whole) - 1;
    if (number >= MOST_OWNERS)
      throw new RangeError(`owner ${owner}: a table numbers ${MOST_OWNERS - 1} owners`);
    this.#firstCell[owner] = number << CLASS_BITS;
    return number << CLASS_BITS;
  }

  #makeRoom(handle: number): void {
    this.#memory.reach((handle + 1) * 2);
    this.#cells = new Uint16Array(this.#memory.words.buffer);
  }
}
