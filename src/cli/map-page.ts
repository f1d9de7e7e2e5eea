import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { PACKAGE_ROOT } from '../engine/node.js';

/** The page's view in one file, as `make web` builds it. */
const TEMPLATE = fileURLToPath(new URL('dist/web/single.html', PACKAGE_ROOT));

/** What is seen of a recording at first, by the names that a link has for it. */
export type FirstView = Readonly<Record<string, string>>;

/** A page of its own for one recording: nothing is loaded and nothing is sent. */
export async function mapPage(recording: Uint8Array, view: FirstView): Promise<string> {
  const page = put(await template(), '@VIEW@', new URLSearchParams(view).toString().replaceAll('&', '&amp;'));
  return put(page, '@RECORDING@', Buffer.from(recording).toString('base64'));
}

function put(page: string, place: string, content: string): string {
  const parts = page.split(place);
  if (parts.length === 2) return parts.join(content);
  throw new InputError(
    `${TEMPLATE}: has ${parts.length - 1} places for ${place} instead of one; build it again: make web`,
  );
}

async function template(): Promise<string> {
  try {
    return await readFile(TEMPLATE, 'utf8');
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}: a map as a page needs what \`make web\` builds; build it, or write a file.svg or file.png`,
    );
  }
}
