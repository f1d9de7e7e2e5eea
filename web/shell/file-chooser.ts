import { droppedFiles } from '../files/dropped.js';
import type { GivenFiles } from '../files/open-files.js';
import { element, uniqueId } from '../view/dom/element.js';

/** Returns a button to choose files with, and makes the whole page accept dropped files. */
export function fileChooser(given: GivenFiles): HTMLElement {
  const id = uniqueId('files');
  const input = element('input', { type: 'file', id, multiple: true, class: 'for-readers' });
  input.addEventListener('change', () => {
    void given.open([...(input.files ?? [])].map((file) => ({ path: file.name, file })));
    // An empty value lets the same file be chosen again after a change.
    input.value = '';
  });
  takeDrops(given);
  return element(
    'div',
    { class: 'files' },
    input,
    element('label', { for: id, class: 'button', title: KINDS }, 'Open a file'),
  );
}

const KINDS =
  'Or drop it on the page: a recording (.slabs), a result (.json), an RDB file, an append-only file or its directory, RESP ' +
  'commands, a MONITOR log, a saved stream (.ops), a workload of your own (.json), the sweep of a directory, what INFO and ' +
  'MEMORY MALLOC-STATS print (or paste that). Any of them may be compressed by gzip. Files never leave this machine.';

function takeDrops(given: GivenFiles): void {
  const { body } = document;
  const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    body.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) body.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    if (!isOfFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    body.classList.remove('dropping');
    void droppedFiles(event.dataTransfer).then((files) => given.open(files));
  });
}
