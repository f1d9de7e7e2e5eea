/** Fills the view in one HTML file, which `make web` builds, with what it shows. The file loads nothing and sends nothing. */
import { base64, InputError } from '../base/index.js';
import type { Atlas } from './atlas/atlas.js';

/** The initial state of the view, in the parameters of a view link. */
export type InitialView = Readonly<Record<string, string>>;

/** A recording in a page. */
export interface PageRecording {
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** Returns a page with the recording of a run, or those of two, which stand beside each other. */
export function mapPage(template: string, recordings: readonly PageRecording[], view: InitialView): string {
  const embedded = recordings.map(({ title, bytes }) => ({ title, bytes: base64(bytes) }));
  return filled(template, { RECORDINGS: scriptText(embedded), VIEW: attributeText(view) });
}

/** Returns a page with an atlas and the recordings of its cells, by number. The maps are made from the recordings. */
export function atlasPage(
  template: string,
  name: string,
  atlas: Atlas,
  recordings: ReadonlyMap<number, Uint8Array>,
): string {
  const cells = [...recordings].map(([cell, bytes]) => [cell, base64(bytes)]);
  const bare = { ...atlas, cells: atlas.cells.map((cell) => ({ ...cell, map: null })) };
  return filled(template, { ATLAS: scriptText({ name, atlas: bare, cells: Object.fromEntries(cells) }) });
}

/** Names between two `@` in the file. This code is in the file itself, which must not have the whole placeholders again. */
const PLACEHOLDERS = ['VIEW', 'ATLAS', 'RECORDINGS'] as const;
type Contents = Readonly<Partial<Record<(typeof PLACEHOLDERS)[number], string>>>;

function filled(template: string, contents: Contents): string {
  for (const name of PLACEHOLDERS) {
    const count = template.split(`@${name}@`).length - 1;
    if (count === 1) continue;
    throw new InputError(
      `single.html: contains @${name}@ ${count} times instead of once; rebuild it with make web`,
    );
  }
  const placeholder = new RegExp(`@(${PLACEHOLDERS.join('|')})@`, 'g');
  return template.replaceAll(placeholder, (_, name: keyof Contents) => contents[name] ?? '');
}

/** Returns a value as JSON that cannot end its script element. */
function scriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function attributeText(view: InitialView): string {
  return new URLSearchParams(view).toString().replaceAll('&', '&amp;');
}
