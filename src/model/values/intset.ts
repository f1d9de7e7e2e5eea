import { firstIndexWhere } from '../../base/index.js';
import { ContainerKind, type Heap } from '../heap/index.js';

/** Bytes of the fields for width and length. */
const HEADER = 8;

type Integer = number | bigint;

/**
 * A sorted array of integers of 2, 4 or 8 bytes each, wide enough for the largest that was ever added. Each change
 * requests exactly the needed bytes.
 */
export class Intset {
  readonly handle: number;
  /** Ascending; numbers where exact, else bigints. */
  readonly values: Integer[];
  #width: number;

  constructor(heap: Heap, values: Integer[] = [], width = 2) {
    this.values = values;
    this.#width = width;
    this.handle = heap.malloc(HEADER + values.length * width, ContainerKind.intset);
  }

  get bytes(): number {
    return HEADER + this.values.length * this.#width;
  }

  has(value: Integer): boolean {
    const at = this.#search(value);
    return at < this.values.length && !isLess(value, this.values[at]!);
  }

  add(heap: Heap, value: Integer): boolean {
    const at = this.#search(value);
    if (at < this.values.length && !isLess(value, this.values[at]!)) return false;
    this.#width = Math.max(this.#width, widthOf(value));
    this.values.splice(at, 0, value);
    heap.realloc(this.handle, this.bytes, ContainerKind.intset);
    return true;
  }

  remove(heap: Heap, value: Integer): boolean {
    const at = this.#search(value);
    if (at === this.values.length || isLess(value, this.values[at]!)) return false;
    this.values.splice(at, 1);
    heap.realloc(this.handle, this.bytes, ContainerKind.intset);
    return true;
  }

  copy(heap: Heap): Intset {
    return new Intset(heap, this.values.slice(), this.#width);
  }

  free(heap: Heap): void {
    heap.free(this.handle);
  }

  /** Returns the index of the first value that is not less. */
  #search(value: Integer): number {
    const { values } = this;
    return firstIndexWhere(0, values.length, (at) => !isLess(values[at]!, value));
  }
}

function isLess(left: Integer, right: Integer): boolean {
  return left < right;
}

function widthOf(value: Integer): number {
  if (value >= -0x8000 && value <= 0x7fff) return 2;
  return value >= -0x80000000 && value <= 0x7fffffff ? 4 : 8;
}
