import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { PACKAGE_ROOT } from '../engine/node.js';

/** The view of a recording in one HTML file, which `make web` builds. */
const TEMPLATE = fileURLToPath(new URL('dist/web/single.html', PACKAGE_ROOT));

/** The initial state of the view, in the parameters of a view link. */
export type InitialView = Readonly<Record<string, string>>;

/** Returns an HTML page that contains a recording and loads nothing else. */
export async function mapPage(recording: Uint8Array, view: InitialView): Promise<string> {
  const page = replacePlaceholder(
    await template(),
    '@VIEW@',
    new URLSearchParams(view).toString().replaceAll('&', '&amp;'),
  );
  return replacePlaceholder(page, '@RECORDING@', Buffer.from(recording).toString('base64'));
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
