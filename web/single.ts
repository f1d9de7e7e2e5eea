/**
 * The page with embedded recordings, of a run, of two, or of a sweep's cells. `slablab map` and the page itself write it.
 * It loads nothing and sends nothing.
 */
import { latin1Bytes } from '../src/base/index.js';
import { readRecording } from '../src/recording/index.js';
import type { Atlas } from '../src/report/index.js';
import { FIRST_ATLAS } from './atlas/atlas-state.js';
import { mountAtlas } from './atlas/atlas-view.js';
import { growAtlas, type OpenCell, readCell } from './atlas/grow-atlas.js';
import { bytesOf } from './files/bytes.js';
import { createRecordings, type Shown } from './recordings.js';
import { licences } from './shell/licences.js';
import { themeButton } from './shell/theme.js';
import { createView } from './state.js';
import { Store } from './store.js';
import type { ShownSweep } from './sweep/sweeps.js';
import { element } from './view/dom/element.js';
import { mountView } from './view/index.js';
import { readView, writeView } from './view-link.js';

const ignored: string[] = [];
const view = createView(readView([...new URLSearchParams(first())], (text) => ignored.push(text)));
const recordings = createRecordings();
const messages = element('p', { role: 'status' });
const picture = element('div', { class: 'view' });
document.body.append(
  element(
    'header',
    { class: 'top' },
    element('span', { class: 'logo' }, 'slablab'),
    element('p', { class: 'tagline' }, 'Which memory comes back, which does not, and what pins it'),
    element('div', { class: 'actions' }, themeButton()),
  ),
  element('main', { id: 'main' }, messages, picture),
  licences(
    element('details', {}, element('summary', {}, 'Licences'), element('pre', {}, contentOf('#notices'))),
  ),
);
mountView(picture, {
  view,
  recordings,
  runBeside: null,
  close: null,
  running: null,
  changeRun: null,
  singlePage: null,
});
view.subscribe((state) =>
  history.replaceState(null, '', `#${new URLSearchParams(writeView(state).map(([...entry]) => entry))}`),
);
if (ignored.length > 0) messages.textContent = `Ignored: ${ignored.join('; ')}`;

/** A sweep in the page: its atlas without maps, and the recordings of its cells in base64. */
interface EmbeddedSweep {
  readonly name: string;
  readonly atlas: Atlas;
  readonly cells: Readonly<Record<string, string>>;
}

const sweep = contentOf('#atlas').trim();
try {
  if (sweep === '') await showRecordings();
  else await showAtlas(sweep);
} catch (error) {
  messages.textContent = (error as Error).message;
}

/** Recordings in the page, in base64. */
type EmbeddedRecordings = readonly { readonly title: string; readonly bytes: string }[];

async function showRecordings(): Promise<void> {
  const shown: Shown[] = [];
  for (const { title, bytes } of JSON.parse(contentOf('#recordings')) as EmbeddedRecordings) {
    const { recording, damage } = await readRecording(bytesOf(streamOf(bytes)), { name: title });
    shown.push({ title, recording, isGrowing: false });
    if (damage !== null) messages.textContent = damage.message;
  }
  recordings.set(shown);
}

/** Shows a sweep. Its cells open as runs, with a way back. */
async function showAtlas(text: string): Promise<void> {
  const { name, atlas, cells } = JSON.parse(text) as EmbeddedSweep;
  const shown = new Store<ShownSweep | null>(null);
  const back = element('button', { type: 'button', hidden: true }, 'To the atlas');
  messages.before(back);
  const open: OpenCell = async (cell) => {
    const bytes = cells[cell];
    return bytes === undefined ? null : streamOf(bytes);
  };
  const show = (grown: Atlas) => shown.set({ atlas: grown, plan: null, workers: 0, isCancelled: false });
  let whole: ShownSweep | null = null;
  const nameOf = (cell: number) => {
    const { values = {} } = atlas.cells.find((each) => each.cell === cell) ?? {};
    return Object.entries(values)
      .map(([axis, value]) => `${axis}=${value}`)
      .join(' ');
  };
  back.addEventListener('click', () => {
    back.hidden = true;
    recordings.set([]);
    shown.set(whole);
  });
  mountAtlas(picture, {
    shown,
    state: new Store(FIRST_ATLAS),
    cancel: () => {},
    page: null,
    open: async (numbers) => {
      const found = await Promise.all(numbers.map((cell) => readCell(name, cell, open)));
      whole = shown.get();
      back.hidden = false;
      shown.set(null);
      recordings.set(
        found.flatMap((recording, at) =>
          recording === null ? [] : [{ title: nameOf(numbers[at]!), recording, isGrowing: false }],
        ),
      );
    },
  });
  await growAtlas(name, atlas, open, show);
}

/** Returns the view of the link, else the view chosen when the page was made. */
function first(): string {
  const [, linked] = location.href.split('#');
  return linked ?? document.querySelector<HTMLMetaElement>('meta[name="slablab-view"]')?.content ?? '';
}

function contentOf(selector: string): string {
  return document.querySelector(selector)?.textContent ?? '';
}

function streamOf(bytes: string): ReadableStream<Uint8Array> {
  return new Blob([latin1Bytes(atob(bytes)) as BlobPart]).stream();
}
