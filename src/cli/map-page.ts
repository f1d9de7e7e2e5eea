import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../trace/index.js';

/** The page's view in one file, as `make web` builds it, and what a recording takes the place of in it. */
const TEMPLATE = fileURLToPath(new URL('../../web/single.html', import.meta.url));
const PLACE = '@RECORDING@';

/** A page of its own for one recording: nothing is loaded and nothing is sent. */
export async function mapPage(recording: Uint8Array): Promise<string> {
  const parts = (await template()).split(PLACE);
  if (parts.length !== 2) {
    throw new InputError(
      `${TEMPLATE}: has ${parts.length - 1} places for a recording instead of one; build it again: make web`,
    );
  }
  return parts.join(Buffer.from(recording).toString('base64'));
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
