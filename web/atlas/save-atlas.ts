/** Buttons that save an atlas as one picture or page, or copy its answer and table. */
import type { Ground } from '../../src/map/index.js';
import { type Atlas, atlasMarkdown, atlasPage, atlasPng, atlasSvg } from '../../src/report/index.js';
import { copyButton } from '../view/dom/copy-button.js';
import { element } from '../view/dom/element.js';
import { linkLines } from '../view/save/markdown.js';
import { download } from '../view/save/save.js';
import type { AtlasState } from './atlas-state.js';

/** The parts of a page in one file. */
export interface AtlasPageParts {
  /** Returns the page without contents; null if it cannot be had, which a message says. */
  readonly template: () => Promise<string | null>;
  /** Returns the recording of a cell; null if there is none. */
  readonly recording: (cell: number) => Promise<Uint8Array | null>;
}

export interface SeenAtlas {
  readonly atlas: Atlas;
  readonly state: AtlasState;
  readonly ground: Ground;
}

type Format = 'SVG' | 'PNG' | 'HTML';

/** Returns the buttons. `page` is null where the page is one file itself. */
export function saveButtons(seen: () => SeenAtlas | null, page: AtlasPageParts | null): HTMLElement {
  const formats: Format[] = page === null ? ['SVG', 'PNG'] : ['SVG', 'PNG', 'HTML'];
  const markdown = () => {
    const now = seen();
    return now === null ? '' : [atlasMarkdown(now.atlas, now.state), ...linkLines()].join('\n');
  };
  return element(
    'div',
    { class: 'atlas-save' },
    copyButton('Copy as Markdown', markdown, { quiet: true }),
    element(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': 'Save the atlas' },
      ...formats.map((as) => {
        const button = element('button', { type: 'button', 'aria-label': `Save the atlas as ${as}` }, as);
        button.addEventListener('click', () => void save(as, seen(), page));
        return button;
      }),
    ),
  );
}

async function save(as: Format, seen: SeenAtlas | null, page: AtlasPageParts | null): Promise<void> {
  if (seen === null) return;
  const { atlas, state, ground } = seen;
  const choice = { ...state, ground };
  const name = `slablab-atlas-${atlas.workload.replaceAll(/[^\w.-]+/g, '-')}.${as.toLowerCase()}`;
  if (as === 'SVG') download(name, new Blob([atlasSvg(atlas, choice)], { type: 'image/svg+xml' }));
  else if (as === 'PNG')
    download(name, new Blob([(await atlasPng(atlas, choice)) as BlobPart], { type: 'image/png' }));
  else if (page !== null) {
    const content = await pageOf(atlas, page);
    if (content !== null) download(name, new Blob([content], { type: 'text/html' }));
  }
}

async function pageOf(atlas: Atlas, { template, recording }: AtlasPageParts): Promise<string | null> {
  const empty = await template();
  if (empty === null) return null;
  const recordings = new Map<number, Uint8Array>();
  for (const { cell } of atlas.cells) {
    const bytes = await recording(cell);
    if (bytes !== null) recordings.set(cell, bytes);
  }
  return atlasPage(empty, atlas.workload, atlas, recordings);
}
