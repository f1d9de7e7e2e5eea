import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { PACKAGE_ROOT } from '../engine/node.js';
import type { RunResult } from '../run/index.js';
import type { SweepResult } from '../sweep/index.js';

/** The view of a recording in one HTML file, which `make web` builds. */
const TEMPLATE = fileURLToPath(new URL('dist/web/single.html', PACKAGE_ROOT));

/** The initial state of the view, in the parameters of a view link. */
export type InitialView = Readonly<Record<string, string>>;

/** Returns an HTML page that contains a recording and loads nothing else. */
export function mapPage(recording: Uint8Array, view: InitialView): Promise<string> {
  return pageWith({ recording: Buffer.from(recording).toString('base64'), view });
}

/** Returns an HTML page that contains a sweep, with the recordings of its cells by number. */
export function atlasPage(
  name: string,
  result: SweepResult,
  recordings: ReadonlyMap<number, Uint8Array>,
): Promise<string> {
  const cells = [...recordings].map(([cell, bytes]) => [cell, Buffer.from(bytes).toString('base64')]);
  // The figures of all phases are in the recordings.
  const slim = { ...result, cells: result.cells.map((cell) => ({ ...cell, run: slimRun(cell.run) })) };
  const text = JSON.stringify({ name, result: slim, cells: Object.fromEntries(cells) });
  return pageWith({ atlas: text.replaceAll('<', '\\u003c') });
}

function slimRun(run: RunResult | null): unknown {
  return run === null ? null : { ...run, phases: [] };
}

async function pageWith({
  recording = '',
  atlas = '',
  view = {},
}: {
  readonly recording?: string;
  readonly atlas?: string;
  readonly view?: InitialView;
}): Promise<string> {
  const query = new URLSearchParams(view).toString().replaceAll('&', '&amp;');
  const page = replacePlaceholder(await template(), '@VIEW@', query);
  return replacePlaceholder(replacePlaceholder(page, '@ATLAS@', atlas), '@RECORDING@', recording);
}

function replacePlaceholder(page: string, placeholder: string, content: string): string {
  const parts = page.split(placeholder);
  if (parts.length === 2) return parts.join(content);
  throw new InputError(
    `${TEMPLATE}: contains ${placeholder} ${parts.length - 1} times instead of once; rebuild it with make web`,
  );
}

async function template(): Promise<string> {
  try {
    return await readFile(TEMPLATE, 'utf8');
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}: an HTML map requires \`make web\`; run that, or write map.svg or map.png`,
    );
  }
}
