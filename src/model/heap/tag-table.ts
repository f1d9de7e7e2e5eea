import { GrowingMemory } from '../../base/index.js';
import { CANONICAL_TAG, TAG_AS_STRING_VALUE } from './held-tags.js';
import { CLASS_BITS, type NoteRegions, type RegionTable } from './region-table.js';
import { TAG_COUNT } from './tag.js';

/** The number of cells for which a byte per region is enough; with more, each region has two bytes. */
const FEW_CELLS = 1 << 8;
const MOST_CELLS = 1 << 16;

/**
 * Keeps the owners of regions. Few of the possible pairs of owner and size class occur. They are numbered as they
 * occur, and a region has the number of its pair, its cell. For most servers a cell is a byte, as large as a size class
 * alone. The processor's cache has as many regions as without an account.
 */
export class TagTable implements RegionTable {
  #memory = new GrowingMemory('the owners of regions');
  #cells: Uint8Array | Uint16Array = this.#memory.bytes;
  #isWide = false;
  /** The cells by owner and size class; 0 if the pair has not occurred. */
  readonly #cellOf = new Uint16Array(TAG_COUNT << CLASS_BITS);
  /** The size class of each cell. */
  readonly #classes = new Uint8Array(MOST_CELLS);
  readonly #owners = new Uint16Array(MOST_CELLS);
  /** The cell that an argument gets as (part of) a string; 0 for other cells. */
  readonly #asString = new Uint16Array(MOST_CELLS);
  #cellCount = 1;

  entered(handle: number, owner: number, sizeClass: number): void {
    const cell = this.#cell(owner, sizeClass);
    if (handle >= this.#cells.length) this.#makeRoom(handle);
    this.#cells[handle] = cell;
  }

  // The cell is found before #cells is read, since a new cell may widen #cells.
  resized(handle: number, sizeClass: number): void {
    const cell = this.#cell(this.givenOwner(handle), sizeClass);
    this.#cells[handle] = cell;
  }

  retag(handle: number, owner: number): void {
    const cell = this.#cell(owner, this.classOf(handle));
    this.#cells[handle] = cell;
  }

  /** Retags an argument that becomes (part of) a string. Returns false if the region is no argument of this command. */
  becomesString(handle: number): boolean {
    const cells = this.#cells;
    const cell = this.#asString[cells[handle]!]!;
    if (cell === 0) return false;
    cells[handle] = cell;
    return true;
  }

  /** Does nothing, since this table does not distinguish kept arguments. */
  argumentKept(_handle: number): void {}

  classOf(handle: number): number {
    return this.#classes[this.#cells[handle]!]!;
  }

  prefetch(handle: number): number {
    return this.prefetchString(handle);
  }

  prefetchString(handle: number): number {
    return handle < this.#cells.length ? this.#cells[handle]! : 0;
  }

  /** Returns the owner as given: a kind that implies its data type may lack it. */
  givenOwner(handle: number): number {
    return this.#owners[this.#cells[handle]!]!;
  }

  owner(handle: number): number {
    return CANONICAL_TAG[this.givenOwner(handle)]!;
  }

  /**
   * Notes allocated regions by owner and size class; a pair may be noted more than once. All handles are below `end`.
   * Those in `free` are not allocated.
   */
  count(end: number, free: Uint32Array, note: NoteRegions): void {
    const counts = countCells(this.#cells, this.#isWide ? MOST_CELLS : FEW_CELLS, end, free);
    for (let cell = 1; cell < this.#cellCount; cell++) {
      const owner = CANONICAL_TAG[this.#owners[cell]!]!;
      note(owner, this.#classes[cell]!, counts[cell]!);
    }
  }

  #cell(owner: number, sizeClass: number): number {
    const cell = this.#cellOf[(owner << CLASS_BITS) | sizeClass]!;
    return cell === 0 ? this.#number(owner, sizeClass) : cell;
  }

  #number(owner: number, sizeClass: number): number {
    const cell = this.#cellCount++;
    if (cell === MOST_CELLS)
      throw new RangeError(`a table has ${MOST_CELLS - 1} pairs of owner and size class`);
    if (cell === FEW_CELLS && !this.#isWide) this.#widen();
    this.#cellOf[(owner << CLASS_BITS) | sizeClass] = cell;
    this.#owners[cell] = owner;
    this.#classes[cell] = sizeClass;
    const asString = TAG_AS_STRING_VALUE.get(owner);
    if (asString !== undefined) this.#asString[cell] = this.#cell(asString, sizeClass);
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

/** Returns the number of allocated regions by cell. */
function countCells(
  cells: Uint8Array | Uint16Array,
  cellCount: number,
  end: number,
  free: Uint32Array,
): Int32Array {
  const counts = new Int32Array(cellCount);
  for (let handle = 1; handle < end; handle++) {
    const cell = cells[handle]!;
    counts[cell] = counts[cell]! + 1;
  }
  for (let at = 0; at < free.length; at++) {
    const cell = cells[free[at]!]!;
    counts[cell] = counts[cell]! - 1;
  }
  return counts;
}
