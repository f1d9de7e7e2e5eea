/**
 * A deliberately naive model of what is live: for each handle the size class that jemalloc must have used.
 * It knows the rules of size classes, and nothing of slabs, tcaches or arenas.
 */
import type { BuildInfo, Snapshot } from '#slablab/src/engine/index.js';

export class Reference {
  readonly #classOf = new Map<number, number>();
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

  /** Live regions by size, with those that jemalloc holds for itself (the stacks of tcaches). */
  live(internal: ReadonlyMap<number, number>): Map<number, number> {
    const out = new Map(internal);
    this.#live.forEach((count, i) => {
      const size = this.info.sizeClasses[i]!;
      if (count > 0) out.set(size, count + (out.get(size) ?? 0));
    });
    return sorted(out);
  }

  /** jemalloc's sz_sa2u: a small class that is a multiple of the alignment if there is one, else a large one. */
  #sizeClass(sizeBytes: number, alignment: number): number {
    const { sizeClasses, smallClasses, pageSize } = this.info;
    const smallestFor = (bytes: number) => sizeClasses.findIndex((size) => size >= bytes);
    if (sizeBytes <= sizeClasses[smallClasses - 1]! && alignment <= pageSize) {
      const aligned = smallestFor(Math.ceil(sizeBytes / alignment) * alignment);
      if (aligned < smallClasses) return aligned;
    }
    return Math.max(smallestFor(sizeBytes), alignment > 1 ? smallClasses : 0);
  }
}

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
