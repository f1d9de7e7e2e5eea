/**
 * `make bench`: speed, as ratios measured side by side in one run. The legs take turns, so that what the machine
 * does meanwhile falls on all of them. Absolute figures are the machine's, ratios ours.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { costOfAccounting } from './accounting.js';
import { againstNative } from './against-native.js';
import { againstServer } from './against-server.js';
import { firstVisit } from './first-visit.js';
import { memoryOfKeys } from './keys.js';
import { mapFrames } from './map-frames.js';
import { costOfMaps } from './maps.js';
import { costOfRecordings } from './recordings.js';
import { speedOfWorkers } from './sweep-workers.js';
import { costOfSweeps } from './sweeps.js';
import { throughTap } from './through-tap.js';

const replay = await againstNative();
const traffic = await againstServer();
const keys = await memoryOfKeys();
const tap = await throughTap();
const accounting = await costOfAccounting();
const recordings = await costOfRecordings();
const sweeps = await costOfSweeps();
const workers = await speedOfWorkers();
const maps = costOfMaps();
const frames = await mapFrames();
const visit = await firstVisit();
const file = new URL('../../../results/bench.json', import.meta.url);
await mkdir(new URL('.', file), { recursive: true });
await writeFile(
  file,
  `${JSON.stringify({ schema: 'slablab.speed/9', replay, traffic, keys, tap, accounting, recordings, sweeps, workers, maps, frames, visit }, null, 2)}\n`,
);
console.log('\nwritten to results/bench.json');
