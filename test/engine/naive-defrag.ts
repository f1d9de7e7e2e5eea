/**
 * The rules of the two families of servers in their plain form, over slabs that are counted by looking at every region.
 * Only the slab that new regions come from cannot be seen in a snapshot, so it is followed from one operation to the next.
 */
import type { DefragFamily } from '#slablab/src/stream/index.js';

/** The slabs of one size class, by their first pages: used regions of each. */
export type Slabs = ReadonlyMap<number, number>;

interface Totals {
  readonly slabs: number;
  readonly regs: number;
  readonly nonfull: number;
}

export class NaiveDefrag {
  /** The slab that new regions come from; undefined for none. */
  current: number | undefined;
  #totals: Totals = { slabs: 0, regs: 0, nonfull: 0 };

  constructor(
    readonly family: DefragFamily,
    readonly regions: number,
  ) {}

  /** Notes the totals, as a refresh of statistics does. */
  refresh(slabs: Slabs): void {
    this.#totals = this.#totalsOf(slabs);
  }

  /** Whether a region of the slab moves. */
  moves(slabs: Slabs, slab: number): boolean {
    const used = slabs.get(slab)!;
    return this.family === 'hint' ? this.#movesByHint(slabs, slab, used) : this.#movesByQuery(used);
  }

  /** Follows an allocation, which went to `slab`. */
  allocated(slab: number): void {
    this.current = slab;
  }

  /** Follows a deallocation from `slab`, which had `used` regions before it. */
  freed(slab: number, used: number): void {
    if (used === 1) {
      if (this.current === slab) this.current = undefined;
    } else if (used === this.regions && this.current !== undefined && slab < this.current) {
      // A slab that was full is older than the current one, and takes its place.
      this.current = slab;
    }
  }

  #movesByHint(slabs: Slabs, slab: number, used: number): boolean {
    const { regions, current } = this;
    if (slab === current || used === regions) return false;
    const { nonfull, regs, slabs: all } = this.#totalsOf(slabs);
    const currentUsed = current === undefined ? 0 : slabs.get(current)!;
    // The regions of slabs that are not full; the current one is none of them.
    const inNonfull = regs - (all - nonfull) * regions + (current === undefined ? 0 : regions - currentUsed);
    if (current === undefined) return used * nonfull <= withEighth(inNonfull);
    return inNonfull < regions || used * (nonfull - 1) <= withEighth(inNonfull - regions);
  }

  #movesByQuery(used: number): boolean {
    const { regions, family } = this;
    const { nonfull, regs, slabs } = this.#totals;
    if (used === regions || nonfull < 2) return false;
    if (family === 'query-sparse' && 8 * used < regions) return true;
    const inNonfull = regs - (slabs - nonfull) * regions;
    return inNonfull < 0 || 1000 * used * nonfull <= 1125 * inNonfull;
  }

  #totalsOf(slabs: Slabs): Totals {
    let regs = 0;
    let nonfull = 0;
    for (const [slab, used] of slabs) {
      regs += used;
      if (used < this.regions && slab !== this.current) nonfull++;
    }
    return { slabs: slabs.size, regs, nonfull };
  }
}

/** The sum and an eighth of it, rounded down as a server does. */
function withEighth(sum: number): number {
  return sum + Math.floor(sum / 8);
}
