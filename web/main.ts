import { createRecordings } from './recordings.js';
import { createView } from './state.js';
import { mountView } from './view/index.js';

const container = document.querySelector<HTMLElement>('#view');
if (container === null) throw new Error('index.html has no element #view');
mountView(container, { view: createView(), recordings: createRecordings() });
