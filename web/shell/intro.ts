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
      'jemalloc, the allocator inside Redis, cuts runs of memory pages into equal regions: one run is a slab, and every ' +
        'value, key and table entry lives in a region of one. A slab goes back only when its ',
      element('em', {}, 'last'),
      ' region is free. One surviving key pins a whole slab.',
    ),
    element(
      'p',
      {},
      'The first experiment deletes every other one of 100,000 keys. Half of the data is gone; move along the timeline ' +
        'and see that hardly a slab is. Then change the traffic, the server or the allocator’s configuration, and look again.',
    ),
    element(
      'p',
      {},
      'Nothing is simulated by formula: this page runs the real jemalloc, as WebAssembly, under a model of the server. It ' +
        'all happens in your browser. Files that you open here never leave this machine.',
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
