/**
 * A deliberately naive model of what is live: for each handle, the size class that jemalloc must have used. It knows the
 * rules of size classes, and nothing of slabs, tcaches or arenas.
 */
import { ReturningMap } from '#slablab/src/base/index.js';
import type { BuildInfo, Snapshot } from '#slablab/src/engine/index.js';

export class Reference {
  readonly #classOf = new ReturningMap<number, number>();
  readonly #live: number[];

  constructor(readonly info: BuildInfo) {
    this.#live = info.sizeClasses.map(() => 0);
  }

  allocate(handle: number, sizeBytes: number, alignmentLog2 = 0): void {
    const sizeClass = this.#sizeClass(sizeBytes, 2 ** alignmentLog2);
    this.#classOf.set(handle, sizeClass);
    this.#live[sizeClass]! += 1;
  }

  free(handle: number): void {
    this.#live[this.#classOf.get(handle)!]! -= 1;
    this.#classOf.delete(handle);
  }

  resize(handle: number, sizeBytes: number): void {
    this.free(handle);
    this.allocate(handle, sizeBytes);
  }

  isSmall(handle: number): boolean {
    return this.#classOf.get(handle)! < this.info.smallClasses;
  }

  /** Of the regions that are live, those that this model does not know: jemalloc's own. By size. */
  unknownAmong(live: ReadonlyMap<number, number>): Map<number, number> {
    const out = new Map(live);
    this.#live.forEach((count, i) => {
      const size = this.info.sizeClasses[i]!;
      const left = (live.get(size) ?? 0) - count;
      if (left === 0) out.delete(size);
      else out.set(size, left);
    });
    return sorted(out);
  }

  /**
   * jemalloc's sz_sa2u: a small class that is a multiple of the alignment if there is one, else a large one. To 5.2.1
   * a page is too large an alignment for small classes.
   */
  #sizeClass(sizeBytes: number, alignment: number): number {
    const { sizeClasses, smallClasses, pageSize, jemallocVersion } = this.info;
    const smallestFor = (bytes: number) => sizeClasses.findIndex((size) => size >= bytes);
    const limit = jemallocVersion === '5.2.1' ? pageSize - 1 : pageSize;
    if (sizeBytes <= sizeClasses[smallClasses - 1]! && alignment <= limit) {
      const aligned = smallestFor(Math.ceil(sizeBytes / alignment) * alignment);
      if (aligned < smallClasses) return aligned;
    }
    return Math.max(smallestFor(sizeBytes), alignment > 1 ? smallClasses : 0);
  }
}

/**
 * Whether jemalloc's own regions are what it is known to hold for each thread that has started: the stack of its
 * tcache; and in 5.2.1 its tickers of decay, 8 bytes for each arena. Those of the thread that booted are made when there
 * is one arena, and grow when that thread first meets another.
 */
export function isOwn(
  unknown: ReadonlyMap<number, number>,
  atBoot: ReadonlyMap<number, number>,
  threads: number,
  tickersBytes: number | undefined,
): boolean {
  const left = new Map(unknown);
  for (const [size, count] of atBoot) {
    if (tickersBytes !== undefined && size === ONE_TICKER) continue;
    if (left.get(size) !== count * threads) return false;
    left.delete(size);
  }
  if (tickersBytes === undefined) return left.size === 0;
  const small = left.get(ONE_TICKER) ?? 0;
  const grown = left.get(tickersBytes) ?? 0;
  return (
    small <= 1 &&
    small + grown === threads &&
    [...left.values()].length === Number(small > 0) + Number(grown > 0)
  );
}

const ONE_TICKER = 8;

/** What a snapshot says is live, by size. */
export function liveBySize({ granules }: Snapshot, info: BuildInfo): Map<number, number> {
  const out = new Map<number, number>();
  for (let i = 0; i < granules.count; i++) {
    const size = info.sizeClasses[granules.sizeClass[i]!]!;
    if (granules.live[i]! > 0) out.set(size, granules.live[i]! + (out.get(size) ?? 0));
  }
  return sorted(out);
}

function sorted(counts: Map<number, number>): Map<number, number> {
  return new Map([...counts].sort(([a], [b]) => a - b));
}
