import { encodeRecording } from '../../../src/recording/index.js';
import { mapPage } from '../../../src/report/index.js';
import type { Shown } from '../../recordings.js';
import type { ViewState } from '../../state.js';
import { writeView } from '../../view-link.js';
import type { Scene } from '../map/scene.js';
import { titlesOf } from '../titles.js';
import { pngOf, svgOf } from './map-file.js';

export const EXPORTS = ['SVG', 'PNG', 'HTML', 'slabs', 'JSON'] as const;
export type Export = (typeof EXPORTS)[number];

/** A run, or two beside each other, and how they are looked at. */
export interface Seen {
  readonly scenes: readonly Scene[];
  readonly shown: readonly Shown[];
  readonly view: ViewState;
  /** Returns null if the page in one file cannot be had, which a message says. */
  readonly singlePage: () => Promise<string | null>;
}

/** Downloads the shown runs: one picture or page of them all, or the recording or the result of each. */
export async function save(as: Export, seen: Seen): Promise<void> {
  const { scenes, shown } = seen;
  const titles = titlesOf(shown);
  const [first] = scenes;
  if (first === undefined) return;
  if (as === 'SVG') download(fileName(first.title, as), svgOf(scenes));
  else if (as === 'PNG') download(fileName(first.title, as), await pngOf(scenes));
  else if (as === 'HTML') {
    const page = await pageOf(seen);
    if (page !== null) download(fileName(first.title, as), page);
  } else {
    for (const [side, title] of titles.entries()) {
      const content = as === 'JSON' ? jsonOf(shown[side]!) : await recordingOf(shown[side]!);
      download(fileName(title, as), content);
    }
  }
}

async function pageOf({ shown, view, singlePage }: Seen): Promise<Blob | null> {
  const template = await singlePage();
  if (template === null) return null;
  const recordings: { title: string; bytes: Uint8Array }[] = [];
  for (const each of shown) {
    const bytes = await (await recordingOf(each)).arrayBuffer();
    recordings.push({ title: each.title, bytes: new Uint8Array(bytes) });
  }
  return new Blob([mapPage(template, recordings, Object.fromEntries(writeView(view)))], {
    type: 'text/html',
  });
}

/** Returns the frames that are shown, as a file. A run in progress has no result yet. */
async function recordingOf({ recording }: Shown): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of encodeRecording(recording)) pieces.push(piece);
  return new Blob(pieces, { type: 'application/octet-stream' });
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

function fileName(title: string, as: Export): string {
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
