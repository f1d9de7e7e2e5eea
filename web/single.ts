/**
 * The page with one embedded recording, as `slablab map --out map.html` writes it. It loads nothing and sends nothing.
 */
import { latin1Bytes } from '../src/base/index.js';
import { readRecording } from '../src/recording/index.js';
import { createRecordings } from './recordings.js';
import { licences } from './shell/licences.js';
import { themeButton } from './shell/theme.js';
import { createView } from './state.js';
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
mountView(picture, { view, recordings, runBeside: null, close: null });
view.subscribe((state) =>
  history.replaceState(null, '', `#${new URLSearchParams(writeView(state).map(([...entry]) => entry))}`),
);
if (ignored.length > 0) messages.textContent = `Ignored: ${ignored.join('; ')}`;

try {
  const { recording, damage } = await readRecording(embedded(), { name: document.title });
  recordings.set([{ title: recording.about.workload, recording, isGrowing: false }]);
  if (damage !== null) messages.textContent = damage.message;
} catch (error) {
  messages.textContent = (error as Error).message;
}

/** Returns the view of the link, else the view chosen when the page was made. */
function first(): string {
  const [, linked] = location.href.split('#');
  return linked ?? document.querySelector<HTMLMetaElement>('meta[name="slablab-view"]')?.content ?? '';
}

function contentOf(selector: string): string {
  return document.querySelector(selector)?.textContent ?? '';
}

async function* embedded(): AsyncGenerator<Uint8Array> {
  yield latin1Bytes(atob(contentOf('#recording').trim()));
}
