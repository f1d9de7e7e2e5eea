import type { Shown } from '../../recordings.js';
import type { Export } from '../bar/bar.js';
import type { Scene } from '../map/scene.js';
import { pngOf, svgOf } from './map-file.js';

/** Downloads the shown runs: one picture of them all, or the result of each. */
export async function save(as: Export, scenes: readonly Scene[], shown: readonly Shown[]): Promise<void> {
  const [first] = scenes;
  if (first === undefined) return;
  if (as === 'SVG') download(fileName(first, as), svgOf(scenes));
  else if (as === 'PNG') download(fileName(first, as), await pngOf(scenes));
  else for (const [side, scene] of scenes.entries()) download(fileName(scene, as), jsonOf(shown[side]!));
}

function jsonOf({ recording: { about, frames, result } }: Shown): Blob {
  const phases = frames.map(({ phase, snapshot: { granules, unused, regions, ...figures } }) => ({
    name: phase,
    ...figures,
  }));
  return new Blob([`${JSON.stringify(result ?? { ...about, phases }, null, 2)}\n`], {
    type: 'application/json',
  });
}

function fileName({ title }: Scene, as: Export): string {
  return `slablab-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.${as.toLowerCase()}`;
}

export function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file after the click; a minute is long for that and short for memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
