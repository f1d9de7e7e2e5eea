/** Says in tall bands what is in them: a typical slab, who has most of the regions, and how much memory it is. */
import { formatBytes, formatCount, formatShare, plural } from '../../../src/base/index.js';
import { type Band, type MapLayout, PARTS, regionSwatches } from '../../../src/map/index.js';
import type { Frame } from '../../recordings.js';
import { element } from '../dom/element.js';
import { classLabel } from './gutter.js';
import type { Scene } from './scene.js';

export interface Plate {
  readonly title: string;
  readonly text: string;
  /** Live regions of a typical slab, and all of them, as so many boxes. */
  readonly live: number;
  readonly regions: number;
  /** True for slabs that come back as a whole. */
  readonly isEmpty: boolean;
}

/** Smallest height of a band with a plate in CSS pixels, and the width of the map from which there are any. */
const SMALLEST_BAND_PX = 60;
const SMALLEST_MAP_PX = 300;
const MARGIN_PX = 16;
const MAX_BOXES = 8;

/** Replaces the plates of a map that is shown as a whole. */
export function showPlates(container: HTMLElement, scene: Scene, width: number): void {
  const { layout } = scene.picture;
  const tall =
    width < SMALLEST_MAP_PX ? [] : layout.bands.filter(({ rows }) => rows * scene.cell >= SMALLEST_BAND_PX);
  const { ground } = scene.colouring;
  const [free, , live] = regionSwatches(ground);
  const gone = ({ isEmpty }: Plate) => (isEmpty ? PARTS[ground].drain : free.colour);
  container.replaceChildren(
    ...tall.flatMap((band) => {
      const plate = plateOf(layout, band, scene.frame);
      if (plate === null) return [];
      const boxes = Array.from({ length: plate.regions }, (_, at) =>
        element('i', { style: `background:${at < plate.live ? live.colour : gone(plate)}` }),
      );
      const top = band.firstRow * scene.cell + Math.min(MARGIN_PX, (band.rows * scene.cell - 52) / 2);
      return [
        element(
          'div',
          { class: 'plate', style: `transform:translate(${MARGIN_PX}px, ${top}px)` },
          element('span', { class: 'plate-regions', title: 'a typical slab' }, ...boxes),
          element(
            'span',
            { class: 'plate-text' },
            element('b', {}, plate.title),
            element('span', {}, plate.text),
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
    title: [`${classLabel(info.sizeClasses[sizeClass]!)} regions`, mostOwner(frame, slabs)]
      .filter((part) => part !== '')
      .join(': '),
    text: [
      plural(slabs.length, 'slab'),
      formatBytes(bytes),
      `${formatShare(sum / (slabs.length * regions))} live`,
      `${counted(firstFull < 0 ? 0 : lives.length - firstFull)} full, ${counted(empty < 0 ? lives.length : empty)} empty`,
    ].join(' · '),
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
