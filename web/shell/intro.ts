import { element } from '../view/dom/element.js';
import { KEYS_HELP } from '../view/map/keys.js';

/** Returns the explanation of the map, which the head of the page opens. */
export function introduction(): HTMLDetailsElement {
  const details = element('details', { class: 'intro' });
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
    element(
      'p',
      {},
      element('strong', {}, 'To keep what you see: '),
      'Save has the picture, the recording (.slabs), the result, and this page with its runs as one HTML file, which ' +
        'opens without a network. Copy as Markdown has the answer for an issue, and the link repeats the run.',
    ),
    element(
      'p',
      {},
      element('strong', {}, 'Keys. '),
      `? opens this text, / searches owners. On the map: ${KEYS_HELP}`,
    ),
  );
  return details;
}
