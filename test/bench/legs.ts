/** The legs by name; leg-names.ts has their order. */
import { accounting } from './accounting.js';
import { againstNative } from './against-native.js';
import { againstServer } from './against-server.js';
import { atlasRedraw } from './atlas-redraw.js';
import { coldStart } from './cold-start.js';
import { dataSets } from './data-sets.js';
import { firstVisit } from './first-visit.js';
import { memoryOfKeys } from './keys.js';
import type { Leg } from './leg.js';
import type { LegName } from './leg-names.js';
import { mapFrames } from './map-frames.js';
import { costOfMaps } from './maps.js';
import { pageSweep } from './page-sweep.js';
import { costOfRecorder } from './recorder.js';
import { costOfRecordings } from './recordings.js';
import { scale } from './scale.js';
import { standalone } from './standalone.js';
import { startUp } from './start-up.js';
import { speedOfWorkers } from './sweep-workers.js';
import { costOfSweeps } from './sweeps.js';
import { throughTap } from './through-tap.js';

export const LEGS: Readonly<Record<LegName, Leg>> = {
  replay: againstNative,
  traffic: againstServer,
  cold: coldStart,
  rdb: dataSets,
  start: startUp,
  keys: memoryOfKeys,
  tap: throughTap,
  standalone,
  accounting,
  recorder: costOfRecorder,
  recordings: costOfRecordings,
  sweeps: costOfSweeps,
  workers: speedOfWorkers,
  maps: costOfMaps,
  frames: mapFrames,
  atlas: atlasRedraw,
  'page-sweep': pageSweep,
  visit: firstVisit,
  scale,
};
