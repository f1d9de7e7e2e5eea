/** A section of the statistics: all arenas merged, or one arena. */
import type { BinStats, LargeStats } from './malloc-stats.js';

/** Figures of a section. Null means that the text does not have the figure. */
export interface SectionFigures {
  /** Bytes of small and of large allocations, which the tables must add up to. */
  small: number | null;
  large: number | null;
  /** Large allocations that live, each of which a cache-oblivious jemalloc pads. */
  largeCount: number | null;
  active: number | null;
  internal: number | null;
  parked: number | null;
  dirtyPages: number | null;
  muzzyPages: number | null;
}

export interface Section {
  readonly bins: readonly BinStats[];
  readonly large: readonly LargeStats[];
  readonly figures: Readonly<SectionFigures>;
  /** The first fault of a table; null if all rows were read. */
  readonly damage: string | null;
}

/** Returns the bytes of large allocations: the section's own figure, else the sum of the rows. */
export function largeBytesOf({ large, figures }: Section): number {
  return figures.large ?? rowBytes(large);
}

/** Returns the sum of the rows of large allocations. */
export function rowBytes(large: readonly LargeStats[]): number {
  return large.reduce((sum, { size, curlextents }) => sum + size * curlextents, 0);
}

const NO_FIGURES: SectionFigures = {
  small: null,
  large: null,
  largeCount: null,
  active: null,
  internal: null,
  parked: null,
  dirtyPages: null,
  muzzyPages: null,
};

export function noFigures(): SectionFigures {
  return { ...NO_FIGURES };
}

/** Returns the sum of arenas. A figure that one arena lacks is unknown in the sum. */
export function sumOfSections(sections: readonly Section[]): Section {
  const bins = new Map<number, BinStats>();
  const large = new Map<number, LargeStats>();
  for (const section of sections) {
    for (const bin of section.bins) {
      const before = bins.get(bin.size);
      bins.set(bin.size, {
        ...bin,
        curregs: bin.curregs + (before?.curregs ?? 0),
        curslabs: bin.curslabs + (before?.curslabs ?? 0),
        nonfullSlabs: bin.nonfullSlabs === null ? null : bin.nonfullSlabs + (before?.nonfullSlabs ?? 0),
      });
    }
    for (const { size, curlextents } of section.large) {
      large.set(size, { size, curlextents: curlextents + (large.get(size)?.curlextents ?? 0) });
    }
  }
  const figures = noFigures();
  for (const name of Object.keys(figures) as (keyof SectionFigures)[]) {
    const values = sections.map((section) => section.figures[name]);
    const isKnown = values.length > 0 && !values.includes(null);
    figures[name] = isKnown ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) : null;
  }
  const bySize = (a: { size: number }, b: { size: number }) => a.size - b.size;
  return {
    bins: [...bins.values()].sort(bySize),
    large: [...large.values()].sort(bySize),
    figures,
    damage: sections.find(({ damage }) => damage !== null)?.damage ?? null,
  };
}
