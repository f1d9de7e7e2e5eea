import type { Shown } from '../../recordings.js';
import type { Export } from '../bar/bar.js';
import type { Scene } from '../map/scene.js';
import { svgOf } from './map-file.js';
import { pictureOf } from './picture-file.js';

/** Downloads the shown runs, one file for each; a single SVG has both. */
export async function save(as: Export, scenes: readonly Scene[], shown: readonly Shown[]): Promise<void> {
  const [first] = scenes;
  if (as === 'SVG' && first !== undefined) download(fileName(first, as), svgOf(scenes));
  for (const [side, scene] of scenes.entries()) {
    const name = fileName(scene, as);
    if (as === 'PNG') download(name, await pictureOf(scene));
    else if (as === 'JSON') download(name, jsonOf(shown[side]!));
  }
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
