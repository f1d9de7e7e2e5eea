/**
 * Gives every page of a recording's slabs a place of its own. Slabs therefore do not move over time, and freed pages stay
 * where their slab was. A page that several classes had in turn has a place in the band of each.
 */
import { EXTENT_STATES, type ExtentColumns, type GranuleColumns } from '../engine/index.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';
import { PageSet } from './page-set.js';

/** The home of a page that was in no slab or large extent yet. */
export const HOMELESS = 255;

const RETAINED = EXTENT_STATES.indexOf('retained');

/** The places of the pages of all snapshots that were added, in the order of time. */
export class Homes {
  /** Pages that slabs of each small class had at any moment; the last set is of large extents. */
  readonly #pages: PageSet[];
  readonly #sources: MapSource[] = [];
  /** Largest number of pages at any moment that have no home, by state. */
  readonly #homeless = new Uint32Array(EXTENT_STATES.length);
  #metadataPages = 0;
  #last: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** The snapshot of `#at`, which was asked for last: the next one is usually the next in time. */
  #shown: { readonly at: number; readonly last: Uint8Array<ArrayBuffer> } | null = null;

  constructor(private readonly info: MapInfo) {
    this.#pages = Array.from({ length: info.smallClasses + 1 }, () => new PageSet());
  }

  get count(): number {
    return this.#sources.length;
  }

  /** Whether these are the sources that were added first. */
  has(sources: readonly MapSource[]): boolean {
    return (
      this.#sources.length <= sources.length && this.#sources.every((source, at) => source === sources[at])
    );
  }

  add(source: MapSource): void {
    const { smallClasses, pageSize } = this.info;
    const { granules, unused } = source;
    this.#sources.push(source);
    for (let row = 0; row < granules.count; row++) {
      const home = Math.min(smallClasses, granules.sizeClass[row]!);
      this.#pages[home]!.add(granules.page[row]!, granules.pages[row]!);
    }
    this.#last = settled(this.#last, granules, smallClasses);
    const homeless = new Uint32Array(EXTENT_STATES.length);
    for (let row = 0; row < unused.count; row++) {
      const end = unused.page[row]! + unused.pages[row]!;
      for (let page = unused.page[row]!; page < end; page++) {
        if (homeAt(this.#last, page) === HOMELESS) homeless[unused.state[row]!]!++;
      }
    }
    homeless.forEach((pages, state) => {
      this.#homeless[state] = Math.max(this.#homeless[state]!, pages);
    });
    this.#metadataPages = Math.max(this.#metadataPages, Math.ceil(metadataBytes(source) / pageSize));
  }

  /** Number of pages that the band of a class has room for; that of large extents has the number of small classes. */
  pagesOf(home: number): number {
    return this.#pages[home]!.count;
  }

  /** Returns the place of a page in the band of its class. */
  placeOf(home: number, page: number): number {
    return this.#pages[home]!.rank(page);
  }

  /** Largest number of pages of unused extents without a home, and of metadata. */
  get others(): { readonly homeless: Uint32Array; readonly metadataPages: number } {
    return { homeless: this.#homeless, metadataPages: this.#metadataPages };
  }

  /**
   * Returns the unused extents of a snapshot, cut where homes differ, with the home of each piece. The source is the
   * snapshot or its difference from another.
   */
  settle(
    at: number,
    source: MapSource,
  ): { readonly unused: ExtentColumns; readonly homes: Uint8Array<ArrayBuffer> } {
    const { granules, unused } = source;
    return cut(unused, granules, this.#lastAt(at));
  }

  #lastAt(at: number): Uint8Array<ArrayBuffer> {
    let [from, last] = [0, new Uint8Array()];
    if (this.#shown !== null && this.#shown.at <= at) [from, last] = [this.#shown.at + 1, this.#shown.last];
    for (let next = from; next <= at; next++) {
      last = settled(last, this.#sources[next]!.granules, this.info.smallClasses);
    }
    this.#shown = { at, last };
    return last;
  }
}

function homeAt(last: Uint8Array, page: number): number {
  return last[page] ?? HOMELESS;
}

/** Returns the last class of each page after a snapshot. */
function settled(last: Uint8Array, granules: GranuleColumns, smallClasses: number): Uint8Array<ArrayBuffer> {
  const end = granules.count === 0 ? 0 : endOf(granules, granules.count - 1);
  const now = new Uint8Array(Math.max(last.length, end)).fill(HOMELESS);
  now.set(last);
  for (let row = 0; row < granules.count; row++) {
    now.fill(Math.min(smallClasses, granules.sizeClass[row]!), granules.page[row]!, endOf(granules, row));
  }
  return now;
}

function endOf({ page, pages }: Pick<GranuleColumns, 'page' | 'pages'>, row: number): number {
  return page[row]! + pages[row]!;
}

/** A run of pages with one state and one home. */
interface Piece {
  readonly page: number;
  readonly pages: number;
  readonly arena: number;
  readonly state: number;
  readonly home: number;
}

/**
 * Cuts unused extents where the homes of their pages differ. Pages with a home that are in no extent any more were
 * unmapped; they are pieces, too, in the state of address space without memory.
 */
function cut(unused: ExtentColumns, granules: GranuleColumns, last: Uint8Array) {
  const pieces: Piece[] = [];
  const put = (from: number, end: number, arena: number, state: number) => {
    for (let page = from; page < end; ) {
      const home = homeAt(last, page);
      let to = page + 1;
      while (to < end && homeAt(last, to) === home) to++;
      pieces.push({ page, pages: to - page, arena, state, home });
      page = to;
    }
  };
  let granule = 0;
  let extent = 0;
  let page = 0;
  while (page < last.length || extent < unused.count) {
    const nextGranule = granule < granules.count ? granules.page[granule]! : Number.POSITIVE_INFINITY;
    const nextExtent = extent < unused.count ? unused.page[extent]! : Number.POSITIVE_INFINITY;
    const next = Math.min(nextGranule, nextExtent, Math.max(page, last.length));
    if (next > page) {
      putUnmapped(page, Math.min(next, last.length));
      page = next;
    } else if (nextGranule === page) page = endOf(granules, granule++);
    else if (nextExtent === page) {
      const end = endOf(unused, extent);
      put(page, end, unused.arena[extent]!, unused.state[extent]!);
      extent++;
      page = end;
    } else break;
  }
  return columnsOf(pieces);

  function putUnmapped(from: number, to: number): void {
    for (let at = from; at < to; ) {
      let end = at + 1;
      const isHome = homeAt(last, at) !== HOMELESS;
      while (end < to && (homeAt(last, end) !== HOMELESS) === isHome) end++;
      if (isHome) put(at, end, 0, RETAINED);
      at = end;
    }
  }
}

function columnsOf(pieces: readonly Piece[]) {
  const column = (name: keyof Piece) => Uint32Array.from(pieces, (piece) => piece[name]);
  const unused: ExtentColumns = {
    count: pieces.length,
    page: column('page'),
    pages: column('pages'),
    arena: column('arena'),
    state: column('state'),
  };
  return { unused, homes: Uint8Array.from(pieces, ({ home }) => home) };
}
