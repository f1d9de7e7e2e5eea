import type { OpWriter } from '../../stream/index.js';
import type { Attribution, AttributionCopy } from './attribution.js';
import { AttributionTable } from './attribution-table.js';
import type { SizeClasses } from './size-classes.js';
import { TAG_COUNT } from './tag.js';
import { TagTable } from './tag-table.js';

/**
 * Who holds what. The heap keeps the owner of every region beside its size class, in a table of the kind that this asks
 * for. Nothing is counted as regions come and go: whoever asks what memory is for pays for a walk of the table, a few
 * milliseconds for a million regions, in the order in which they lie, where sums that are kept would cost each command
 * as much as a tenth of its time.
 */
export class MemoryAccounts {
  /** Keys by the type of their value. */
  readonly keys = new Float64Array(16);
  /** What the heap keeps of its regions. */
  readonly table: TagTable;
  /** The same, where origins are kept. */
  readonly attributionTable: AttributionTable | undefined;
  #classes: SizeClasses | undefined;
  #writer: OpWriter | undefined;

  /** `origins`: to keep, as well, which keys and which commands regions were allocated for. */
  constructor(readonly attribution?: Attribution) {
    this.attributionTable = attribution === undefined ? undefined : new AttributionTable(attribution);
    this.table = this.attributionTable ?? new TagTable();
  }

  /** The heap that this is of tells how large its regions are, and who knows which of them there are. */
  attach(classes: SizeClasses, writer: OpWriter): void {
    this.#classes = classes;
    this.#writer = writer;
  }

  /**
   * A copy that the model does not change any more. `isLast`: the model has come to its end, so what
   * it has of the regions need not be there twice, nor be put together before somebody asks.
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

  /** As copy, without the single regions. */
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
  /** Every region's, where origins are kept. */
  readonly attribution?: AttributionCopy;
}
