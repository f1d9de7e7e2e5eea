import { mapSvg, residentLine } from '../../../src/report/index.js';
import type { Scene } from '../map/scene.js';

/** Returns all shown maps as one SVG, the same file as the command line's. */
export function svgOf(scenes: readonly Scene[]): Blob {
  const picture = {
    title: scenes.map(({ title }) => title).join(' and '),
    subtitle: 'The whole map: all memory of the allocator, page by page; area is bytes',
    panels: scenes.map(({ title, claim, reason, frame, picture: { layout }, colouring }) => ({
      heading: title,
      notes: [`${claim} ${reason}`, residentLine(layout, frame.snapshot)],
      layout,
      colouring,
    })),
  };
  return new Blob([mapSvg(picture)], { type: 'image/svg+xml' });
}
