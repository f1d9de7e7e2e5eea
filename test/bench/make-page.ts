/** `make performance` keeps the records of results/bench.json in docs/performance, and writes docs/performance.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { keep, readKept, readResults } from './leg-record.js';
import { performancePage } from './performance-page.js';

const DOCS = new URL('../../../docs/', import.meta.url);

const fresh = await readResults();
await keep(fresh);
const more = await readFile(new URL('performance/not-legs.md', DOCS), 'utf8');
await writeFile(new URL('performance.md', DOCS), performancePage(await readKept(), more));
console.log(`docs/performance.md: ${Object.keys(fresh).join(', ') || 'no leg'} from results/bench.json`);
