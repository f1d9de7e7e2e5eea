import { mapPng, mapSvg, residentLine } from '../../../src/report/index.js';
import type { Scene } from '../map/scene.js';

/** Returns all shown maps as one SVG, the same file as the command line's. */
export function svgOf(scenes: readonly Scene[]): Blob {
  return new Blob([mapSvg(pictureOf(scenes))], { type: 'image/svg+xml' });
}

/** Returns all shown maps as one PNG, with the words of the SVG. */
export async function pngOf(scenes: readonly Scene[]): Promise<Blob> {
  return new Blob([(await mapPng(pictureOf(scenes))) as BlobPart], { type: 'image/png' });
}

function pictureOf(scenes: readonly Scene[]): Parameters<typeof mapSvg>[0] {
  return {
    title: scenes.map(({ title }) => title).join(' and '),
    subtitle: 'The whole map: all memory of the allocator, page by page; area is bytes',
    panels: scenes.map(({ title, claim, reason, frame, picture: { layout }, colouring }) => ({
      heading: title,
      notes: [`${claim} ${reason}`, residentLine(layout, frame.snapshot)],
      layout,
      colouring,
    })),
  };
}
