import { element } from '../view/dom/element.js';

const KEY = 'slablab-intro-read';

/** On less than this, the map would begin below the screen. */
const ROOMY = '(min-width: 60rem) and (min-height: 40rem)';

/** What one looks at. Open on first sight, where it leaves room for the map; after that for whoever opens it. */
export function introduction(): HTMLDetailsElement {
  const details = element('details', { class: 'intro' });
  details.open = !isRead() && matchMedia(ROOMY).matches;
  markRead();
  details.append(
    element('summary', {}, 'What you are looking at'),
    element(
      'p',
      {},
      element('strong', {}, 'All the memory of a Redis server, slab by slab. '),
      'jemalloc cuts runs of pages, slabs, into equal regions. A slab goes back only when its ',
      element('em', {}, 'last'),
      ' region is free: one surviving key pins it.',
    ),
    element(
      'p',
      {},
      'At first every other one of 100,000 keys is deleted: move along the timeline, and half of the data goes, but ' +
        'hardly a slab. Then change traffic, server or configuration.',
    ),
    element(
      'p',
      {},
      'It is the real jemalloc, as WebAssembly, under a model of the server, and runs in your browser. Files that you ' +
        'open here never leave this machine.',
    ),
  );
  return details;
}

function isRead(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function markRead(): void {
  try {
    localStorage.setItem(KEY, 'yes');
  } catch {
    // Then it is open again next time.
  }
}
