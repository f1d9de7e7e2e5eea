/** Runs in a worker thread of Node. */
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { labService } from './lab-service.js';

if (parentPort === null) throw new Error('lab-worker-main.js runs in a worker thread only');
// The lab may be late, the traffic may not. On Linux this is the priority of this thread alone; elsewhere it would be
// that of the process, so it is left as it is.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
expose(labService(), nodeEndpoint(parentPort));
