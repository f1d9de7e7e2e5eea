/**
 * `make bench [LEG=NAME]`: speed, as ratios measured side by side in one run. What a leg compares takes turns, so that
 * what the machine does meanwhile falls on both sides. Absolute figures are the machine's, ratios ours.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { costOfAccounting } from './accounting.js';
import { againstNative } from './against-native.js';
import { againstServer } from './against-server.js';
import { firstVisit } from './first-visit.js';
import { memoryOfKeys } from './keys.js';
import { mapFrames } from './map-frames.js';
import { costOfMaps } from './maps.js';
import { costOfRecorder } from './recorder.js';
import { costOfRecordings } from './recordings.js';
import { speedOfWorkers } from './sweep-workers.js';
import { costOfSweeps } from './sweeps.js';
import { throughTap } from './through-tap.js';

const LEGS: Readonly<Record<string, () => unknown>> = {
  replay: againstNative,
  traffic: againstServer,
  keys: memoryOfKeys,
  tap: throughTap,
  accounting: costOfAccounting,
  recorder: costOfRecorder,
  recordings: costOfRecordings,
  sweeps: costOfSweeps,
  workers: speedOfWorkers,
  maps: costOfMaps,
  frames: mapFrames,
  visit: firstVisit,
};
const RESULTS = new URL('../../../results/', import.meta.url);

/** Measures some of the legs, one after the other, and writes what they return. */
async function measure(names: readonly string[], file: string): Promise<void> {
  const results: Record<string, unknown> = { schema: 'slablab.speed/10' };
  for (const name of names) results[name] = await LEGS[name]?.();
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL(file, RESULTS), `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nwritten to results/${file}`);
}

const [leg = ''] = process.argv.slice(2);
if (leg === '') await measure(Object.keys(LEGS), 'bench.json');
else if (Object.hasOwn(LEGS, leg)) await measure([leg], `bench-${leg}.json`);
else {
  console.error(`slablab: LEG=${leg}: there is no such leg; legs are ${Object.keys(LEGS).join(', ')}`);
  process.exitCode = 2;
}
