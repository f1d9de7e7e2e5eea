/** Runs a fidelity stream in the lab, and measures its distance from a real server. */
import { openEngine } from '#slablab/src/engine/node.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { run } from '#slablab/src/run/run.js';
import {
  EMPTY_OCCUPANCY,
  type Occupancy,
  occupancyOfLab,
  since,
} from '#slablab/src/verify/class-occupancy.js';
import { type Comparison, compare } from '#slablab/src/verify/server-comparison.js';
import { type Recording, recordedOccupancy, recordedSinceIdle } from './recorded.js';
import { allocatorConf, commandsOf, type FidelityStream } from './streams.js';

export interface ModelRun {
  readonly idle: Occupancy;
  readonly after: Occupancy;
  /** Commands that the model does not know, with their counts. */
  readonly unknown: ReadonlyMap<string, number>;
}

export interface AgainstRecorded {
  readonly sinceIdle: Comparison;
  readonly absolute: Comparison;
}

/** `server` as the model calls it: redis-7.0. */
export async function modelRun(
  stream: FidelityStream,
  server: string,
  build: string,
  settleMs: number,
): Promise<ModelRun> {
  let unknown: ReadonlyMap<string, number> = new Map();
  const source = commandSource({
    name: stream.name,
    server,
    settleMs,
    hasIdlePhase: true,
    isObserved: true,
    isCluster: stream.isCluster === true,
    commands: () => commandsOf(stream),
    onUnknown: (counts) => {
      unknown = counts;
    },
  });
  const conf = allocatorConf(stream);
  const engine = await openEngine({ build, conf, hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf, hooks: 'complete', sweepEvery: 0 });
    if (failure !== null) throw failure;
    const [idle, after] = result.phases.map(occupancyOfLab);
    return { idle: idle ?? EMPTY_OCCUPANCY, after: after ?? EMPTY_OCCUPANCY, unknown };
  } finally {
    await engine.close();
    await source.close();
  }
}

export function againstRecorded({ idle, after }: ModelRun, recording: Recording): AgainstRecorded {
  return {
    sinceIdle: compare(since(idle, after), recordedSinceIdle(recording)),
    absolute: compare(after, recordedOccupancy(recording.after)),
  };
}

/** redis-7.0.15, quantum 16 -> redis-7.0, q4 */
export function modelOf({ server: { name, quantum, malloc } }: Pick<Recording, 'server'>): {
  server: string;
  build: string;
} {
  const fine = malloc.startsWith('5.2.1') ? 'q3-5.2.1' : 'q3';
  return { server: name.split('.').slice(0, 2).join('.'), build: quantum === 16 ? 'q4' : fine };
}
