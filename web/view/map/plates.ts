/** Says in tall bands what is in them: a typical slab, who has most of the regions, and how much memory it is. */
import { formatBytes, formatCount, formatShare, plural } from '../../../src/base/index.js';
import type { Band, MapLayout } from '../../../src/map/index.js';
import type { Frame } from '../../recordings.js';
import { element } from '../dom/element.js';
import { classLabel } from './gutter.js';
import type { Scene } from './scene.js';

export interface Plate {
  readonly title: string;
  /** Memory of the slabs, and the share of it that is live. */
  readonly amount: string;
  /** The numbers of full and of empty slabs. */
  readonly extremes: string;
  /** Live regions of a typical slab, and all of them, as so many boxes. */
  readonly live: number;
  readonly regions: number;
  /** True for slabs that come back as a whole. */
  readonly isEmpty: boolean;
}

/** Smallest height of a band with a plate in CSS pixels, on wide maps and on narrow ones. */
const SMALLEST_BAND_PX = 60;
const SMALLEST_NARROW_PX = 48;
/** Width of a map in CSS pixels below which its plates say less, and below which it has none. */
const NARROW_PX = 400;
const SMALLEST_MAP_PX = 220;
const MARGIN_PX = 16;
const NARROW_MARGIN_PX = 8;
const MAX_BOXES = 8;

/** Replaces the plates of a map that is shown as a whole. */
export function showPlates(container: HTMLElement, scene: Scene, width: number): void {
  const { layout } = scene.picture;
  const isNarrow = width < NARROW_PX;
  const smallest = isNarrow ? SMALLEST_NARROW_PX : SMALLEST_BAND_PX;
  const tall =
    width < SMALLEST_MAP_PX ? [] : layout.bands.filter(({ rows }) => rows * scene.cell >= smallest);
  container.replaceChildren(
    ...tall.flatMap((band) => {
      const plate = plateOf(layout, band, scene.frame);
      if (plate === null) return [];
      const boxes = Array.from({ length: plate.regions }, (_, at) =>
        element('i', { class: at < plate.live ? 'fill-use' : plate.isEmpty ? 'fill-drain' : 'fill-pinned' }),
      );
      const margin = isNarrow ? NARROW_MARGIN_PX : MARGIN_PX;
      const top = band.firstRow * scene.cell + Math.min(margin, (band.rows * scene.cell - 52) / 2);
      return [
        element(
          'div',
          {
            class: isNarrow ? 'plate is-narrow' : 'plate',
            style: `transform:translate(${margin}px, ${top}px)`,
          },
          element('span', { class: 'plate-regions', title: 'a typical slab' }, ...boxes),
          element(
            'span',
            { class: 'plate-text' },
            element('b', {}, plate.title),
            element('span', {}, isNarrow ? plate.amount : `${plate.amount} · ${plate.extremes}`),
          ),
        ),
      ];
    }),
  );
}

/** Returns the plate of a band of one class; null for other bands, and if none of its slabs is open. */
export function plateOf(
  { granules, info, pages }: MapLayout,
  { sizeClass, items }: Band,
  frame: Frame,
): Plate | null {
  if (sizeClass === null) return null;
  const slabs = items.filter((item) => item < granules.count);
  if (slabs.length === 0) return null;
  const regions = info.regionsPerSlab[sizeClass]!;
  const lives = Uint32Array.from(slabs, (slab) => granules.live[slab]!).sort();
  const median = lives[lives.length >> 1]!;
  const sum = lives.reduce((all, each) => all + each, 0);
  const empty = lives.findIndex((live) => live > 0);
  const firstFull = lives.indexOf(regions);
  const bytes = slabs.reduce((all, slab) => all + pages[slab]!, 0) * info.pageSize;
  const boxes = Math.min(MAX_BOXES, regions);
  return {
    // The owner of what little is left does not say what slabs are that are nearly all empty.
    title: [
      classLabel(info.sizeClasses[sizeClass]!),
      median === 0 ? 'most slabs are empty' : mostOwner(frame, slabs),
    ]
      .filter((part) => part !== '')
      .join(': '),
    amount: `${formatBytes(bytes)} · ${formatShare(sum / (slabs.length * regions))} live`,
    extremes: `${plural(slabs.length, 'slab')}: ${counted(firstFull < 0 ? 0 : lives.length - firstFull)} full, ${counted(empty < 0 ? lives.length : empty)} empty`,
    // A slab that holds something is not drawn as empty, and one that is not full not as full.
    live: Math.min(
      boxes - Number(median < regions),
      Math.max(Number(median > 0), Math.round((median / regions) * boxes)),
    ),
    isEmpty: median === 0,
    regions: boxes,
  };
}

function counted(slabs: number): string {
  return slabs === 0 ? 'none' : formatCount(slabs);
}

/** Returns the owner with the most regions of some slabs; an empty text if owners are unknown. */
function mostOwner({ owners }: Frame, slabs: Uint32Array): string {
  if (owners === null) return '';
  const regions = new Float64Array(owners.names.length);
  for (const slab of slabs) {
    for (let at = owners.first[slab]!; at < owners.first[slab + 1]!; at++) {
      regions[owners.owner[at]!]! += owners.regions[at]!;
    }
  }
  const most = regions.reduce((best, count, owner) => (count > regions[best]! ? owner : best), 0);
  return regions[most] === 0 ? '' : owners.names[most]!;
}
