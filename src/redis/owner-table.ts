import { GrowingMemory } from './growing-memory.js';
import { WHOLE } from './held-owners.js';
import { CLASS_BITS, countCells, type NoteRegions, type RegionTable } from './region-table.js';
import { OWNERS } from './subjects.js';

/** Cells that one byte of a region has room for; with more of them, each region has two. */
const FEW_CELLS = 1 << 8;
const MOST_CELLS = 1 << 16;

/**
 * Who regions are for. Of the pairs of owner and size class that there could be few are: they are numbered as they come,
 * and a region has the number of its pair, its cell. For most servers that is a byte, as much as its size class alone
 * would take: as many regions are in the processor's cache as without an account.
 */
export class OwnerTable implements RegionTable {
  #memory = new GrowingMemory('the owners of regions');
  #cells: Uint8Array | Uint16Array = this.#memory.bytes;
  #isWide = false;
  /** By size class and owner as it is given; 0: the pair has not come yet. */
  readonly #cellOf = new Uint16Array(OWNERS << CLASS_BITS);
  /** By cell. */
  readonly #classes = new Uint8Array(MOST_CELLS);
  readonly #owners = new Uint16Array(MOST_CELLS);
  #cellCount = 1;

  entered(handle: number, owner: number, sizeClass: number): void {
    const cell = this.#cell(owner, sizeClass);
    if (handle >= this.#cells.length) this.#makeRoom(handle);
    this.#cells[handle] = cell;
  }

  // The cell first: a new one may be the one that makes all of them wider.
  resized(handle: number, sizeClass: number): void {
    const cell = this.#cell(this.ownerWord(handle), sizeClass);
    this.#cells[handle] = cell;
  }

  retag(handle: number, owner: number): void {
    const cell = this.#cell(owner, this.classOf(handle));
    this.#cells[handle] = cell;
  }

  classOf(handle: number): number {
    return this.#classes[this.#cells[handle] as number] as number;
  }

  foresee(handle: number): number {
    return handle < this.#cells.length ? (this.#cells[handle] as number) : 0;
  }

  ownerWord(handle: number): number {
    return this.#owners[this.#cells[handle] as number] as number;
  }

  count(end: number, free: Uint32Array, note: NoteRegions): void {
    const counts = countCells(this.#cells, 0, this.#isWide ? MOST_CELLS : FEW_CELLS, end, free);
    for (let cell = 1; cell < this.#cellCount; cell++) {
      note(this.#owners[cell] as number, this.#classes[cell] as number, counts[cell] as number);
    }
  }

  #cell(owner: number, sizeClass: number): number {
    const cell = this.#cellOf[(owner << CLASS_BITS) | sizeClass] as number;
    return cell === 0 ? this.#number(owner, sizeClass) : cell;
  }

  #number(owner: number, sizeClass: number): number {
    const whole = WHOLE[owner] as number;
    const cell = owner === whole ? this.#cellCount++ : this.#cell(whole, sizeClass);
    if (cell === MOST_CELLS)
      throw new RangeError(`a table has ${MOST_CELLS - 1} pairs of owner and size class`);
    if (cell === FEW_CELLS && !this.#isWide) this.#widen();
    this.#cellOf[(owner << CLASS_BITS) | sizeClass] = cell;
    this.#owners[cell] = whole;
    this.#classes[cell] = sizeClass;
    return cell;
  }

  #widen(): void {
    const narrow = this.#cells;
    this.#isWide = true;
    this.#memory = new GrowingMemory('the owners of regions');
    this.#makeRoom(narrow.length - 1);
    this.#cells.set(narrow);
  }

  #makeRoom(handle: number): void {
    const memory = this.#memory;
    memory.reach(this.#isWide ? (handle + 1) * 2 : handle + 1);
    this.#cells = this.#isWide ? new Uint16Array(memory.words.buffer) : memory.bytes;
  }
}
