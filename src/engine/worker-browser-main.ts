/** The main script of the engine's web worker. */
import { expose } from 'comlink';
import { workerService } from './worker-protocol.js';

expose(workerService());
