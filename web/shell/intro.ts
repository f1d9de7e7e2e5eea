import { element } from '../view/dom/element.js';

const KEY = 'slablab-intro-read';

/** Below this size the map would begin under the edge of the screen. */
const ROOMY = '(min-width: 60rem) and (min-height: 40rem)';

/** Returns the explanation of the map. It is open on the first visit if it leaves room for the map. */
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
    // The introduction is open again next time.
  }
}
