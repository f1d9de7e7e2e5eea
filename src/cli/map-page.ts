import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { PACKAGE_ROOT } from '../engine/node.js';

const TEMPLATE = fileURLToPath(new URL('dist/web/single.html', PACKAGE_ROOT));

/** Returns the view in one HTML file, which `make web` builds. */
export async function pageTemplate(): Promise<string> {
  try {
    return await readFile(TEMPLATE, 'utf8');
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}: an HTML map requires \`make web\`; run that, or write map.svg or map.png`,
    );
  }
}
