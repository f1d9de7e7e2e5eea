/** Who lives in each granule of a snapshot, as compressed rows: those of granule `g` are `first[g]` to `first[g + 1]`. */
export interface SlabOwners {
  /** What the numbers in `owner` stand for. */
  readonly names: readonly string[];
  /** As many as there are granules, and one more. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Those with the most regions first. */
  readonly owner: Uint16Array<ArrayBuffer>;
  readonly regions: Uint32Array<ArrayBuffer>;
}
