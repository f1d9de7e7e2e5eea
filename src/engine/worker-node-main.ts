/** The main script of the engine's worker thread in Node. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { workerService } from './worker-protocol.js';

if (parentPort === null) throw new Error('worker-node-main.js runs in a worker thread only');
expose(workerService(), nodeEndpoint(parentPort));
