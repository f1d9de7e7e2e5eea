/** Runs in a web worker. */
import { expose } from 'comlink';
import { workerService } from './worker-protocol.js';

expose(workerService());
