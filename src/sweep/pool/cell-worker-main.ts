/** The main script of a sweep's worker thread. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { cellService } from './cell-service.js';

if (parentPort === null) throw new Error('cell-worker-main.js runs in a worker thread only');
expose(cellService, nodeEndpoint(parentPort));
