/** The entry point of the lab's worker thread. */
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { labService } from './lab-service.js';

if (parentPort === null) throw new Error('lab-worker-main.js runs in a worker thread only');
// Traffic has precedence over the lab. Only on Linux does this set the priority of the thread instead of the process.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
expose(labService(), nodeEndpoint(parentPort));
