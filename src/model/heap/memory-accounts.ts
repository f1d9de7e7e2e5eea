import type { OpWriter } from '../../stream/index.js';
import type { Attribution, AttributionCopy } from './attribution.js';
import { AttributionTable } from './attribution-table.js';
import type { SizeClasses } from './size-classes.js';
import { TAG_COUNT } from './tag.js';
import { TagTable } from './tag-table.js';

/**
 * Accounts for memory by owner. The heap keeps the owner of every region beside its size class, in the table chosen
 * here. Allocation and free count nothing. A report walks the table in its order, a few milliseconds for a million
 * regions. Running sums would cost each command as much as a tenth of its time.
 */
export class MemoryAccounts {
  /** The number of keys by the type of their value. */
  readonly keys = new Float64Array(16);
  /** The region table of the heap. */
  readonly table: TagTable;
  /** The same table, if there is attribution. */
  readonly attributionTable: AttributionTable | undefined;
  #classes: SizeClasses | undefined;
  #writer: OpWriter | undefined;

  /** `attribution` adds the key pattern and the command of each region, in a table that may note more. */
  constructor(
    readonly attribution?: Attribution,
    table = attribution === undefined ? undefined : new AttributionTable(attribution),
  ) {
    this.attributionTable = table;
    this.table = this.attributionTable ?? new TagTable();
  }

  /** Attaches the heap's size classes, and the writer, which knows the handles in use. */
  attach(classes: SizeClasses, writer: OpWriter): void {
    this.#classes = classes;
    this.#writer = writer;
    this.attributionTable?.attach(writer);
  }

  /**
   * Returns a copy that the model no longer changes. If `isLast`, the model has ended: the words of regions are not
   * copied, and the attribution is made at its first use.
   */
  copy(isLast = false): MemoryAccountsCopy {
    const sums = this.sums();
    const { attributionTable } = this;
    if (attributionTable === undefined) return sums;
    const made = () =>
      attributionTable.origins.copy(attributionTable.copy(this.#writer?.handlesEnd ?? 0, isLast));
    if (!isLast) return { ...sums, attribution: made() };
    let last: AttributionCopy | undefined;
    return {
      ...sums,
      get attribution() {
        last ??= made();
        return last;
      },
    };
  }

  /** Returns the copy without the attribution of single regions. */
  sums(): MemoryAccountsCopy {
    const bytes = new Float64Array(TAG_COUNT);
    const regions = new Float64Array(TAG_COUNT);
    const keys = this.keys.slice();
    const classes = this.#classes;
    const writer = this.#writer;
    if (classes === undefined || writer === undefined) return { bytes, regions, keys };
    this.table.count(writer.handlesEnd, writer.freeHandles, (owner, sizeClass, count) => {
      regions[owner] = regions[owner]! + count;
      bytes[owner] = bytes[owner]! + count * classes.sizeOf(sizeClass);
    });
    return { bytes, regions, keys };
  }
}

/** The sums at one moment. */
export interface MemoryAccountsCopy {
  readonly bytes: Float64Array;
  readonly regions: Float64Array;
  readonly keys: Float64Array;
  /** The attribution of each region, if it is kept. */
  readonly attribution?: AttributionCopy;
}
