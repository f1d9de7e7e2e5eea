import type { OpWriter } from '../../stream/index.js';
import type { Origins, OriginsCopy } from './attribution.js';
import { OriginTable } from './attribution-table.js';
import type { SizeClasses } from './size-classes.js';
import { OWNERS } from './tag.js';
import { OwnerTable } from './tag-table.js';

/**
 * Who holds what. The heap keeps the owner of every region beside its size class, in a table of the kind that this asks
 * for. Nothing is counted as regions come and go: whoever asks what memory is for pays for a walk of the table, a few
 * milliseconds for a million regions, in the order in which they lie, where sums that are kept would cost each command
 * as much as a tenth of its time.
 */
export class Holdings {
  /** Keys by the type of their value. */
  readonly keys = new Float64Array(16);
  /** What the heap keeps of its regions. */
  readonly table: OwnerTable;
  /** The same, where origins are kept. */
  readonly originTable: OriginTable | undefined;
  #classes: SizeClasses | undefined;
  #writer: OpWriter | undefined;

  /** `origins`: to keep, as well, which keys and which commands regions were allocated for. */
  constructor(readonly origins?: Origins) {
    this.originTable = origins === undefined ? undefined : new OriginTable(origins);
    this.table = this.originTable ?? new OwnerTable();
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
  copy(isLast = false): HoldingsCopy {
    const sums = this.sums();
    const { originTable } = this;
    if (originTable === undefined) return sums;
    const made = () => originTable.origins.copy(originTable.copy(this.#writer?.handlesEnd ?? 0, isLast));
    if (!isLast) return { ...sums, origins: made() };
    let last: OriginsCopy | undefined;
    return {
      ...sums,
      get origins() {
        last ??= made();
        return last;
      },
    };
  }

  /** As copy, without the single regions. */
  sums(): HoldingsCopy {
    const bytes = new Float64Array(OWNERS);
    const regions = new Float64Array(OWNERS);
    const keys = this.keys.slice();
    const classes = this.#classes;
    const writer = this.#writer;
    if (classes === undefined || writer === undefined) return { bytes, regions, keys };
    this.table.count(writer.handlesEnd, writer.freeHandles, (owner, sizeClass, count) => {
      regions[owner] = (regions[owner] as number) + count;
      bytes[owner] = (bytes[owner] as number) + count * classes.sizeOf(sizeClass);
    });
    return { bytes, regions, keys };
  }
}

/** The sums at one moment. */
export interface HoldingsCopy {
  readonly bytes: Float64Array;
  readonly regions: Float64Array;
  readonly keys: Float64Array;
  /** Every region's, where origins are kept. */
  readonly origins?: OriginsCopy;
}
