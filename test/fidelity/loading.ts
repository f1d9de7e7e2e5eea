/** Servers that load an image as they start, real ones and the model, and how far they are apart. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '#slablab/src/engine/node.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { inputSource } from '#slablab/src/run/input-source.js';
import { run } from '#slablab/src/run/run.js';
import type { RunSource } from '#slablab/src/run/run-source.js';
import { type Occupancy, occupancyOfLab, since } from '#slablab/src/verify/class-occupancy.js';
import { type Comparison, compare, type Measures } from '#slablab/src/verify/server-comparison.js';
import type { VerifyResult } from '#slablab/src/verify/verify-result.js';
import { slablab } from '../support/cli.js';
import type { LoadedImage } from './images.js';
import { type RecordedOccupancy, type RecordedServer, recordedOccupancy } from './recorded.js';

export const LOADED_SCHEMA = 'slablab.loaded/1';

export interface LoadRecording {
  readonly schema: typeof LOADED_SCHEMA;
  readonly image: string;
  /** SHA-256 of the image. */
  readonly digest: string;
  readonly server: RecordedServer;
  readonly settleMs: number;
  /** An empty server, and one that has loaded the image; each with two clients. */
  readonly idle: RecordedOccupancy;
  readonly after: RecordedOccupancy;
  /** How far a second server was from this one, of what the image added. */
  readonly runToRun: Measures;
}

const DIRECTORY = new URL('loaded/', import.meta.url);

export function recordingPath(server: string, image: string): URL {
  return new URL(`${server}/${image}.json`, DIRECTORY);
}

export async function loadRecording(server: string, image: string): Promise<LoadRecording> {
  return JSON.parse(await readFile(recordingPath(server, image), 'utf8')) as LoadRecording;
}

/** A file of the image for as long as `use` takes. */
export async function withImage<T>(image: LoadedImage, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-image-'));
  try {
    const path = join(directory, `${image.name}.rdb`);
    await writeFile(path, image.bytes());
    return await use(path);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What the image adds to an idle server: the model beside what was recorded. */
export async function modelAgainst(path: string, recording: LoadRecording): Promise<Comparison> {
  const { idle, after, settleMs } = recording;
  const { name, quantum } = recording.server;
  const server = name.split('.').slice(0, 2).join('.');
  const build = quantum === 16 ? 'q4' : 'q3';
  const empty = commandSource({
    name: path,
    server,
    hasIdlePhase: true,
    isObserved: true,
    commands: () => [],
  });
  const loaded = inputSource(openInput(path), { server, isUntimed: true, isObserved: true, settleMs });
  const model = since(await occupancyAfter(empty, build), await occupancyAfter(loaded, build));
  return compare(model, since(recordedOccupancy(idle), recordedOccupancy(after)));
}

/** At the first phase. */
async function occupancyAfter(source: RunSource, build: string): Promise<Occupancy> {
  const engine = await openEngine({ build, conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
    const [phase] = result.phases;
    if (failure !== null || phase === undefined) throw failure ?? new Error('a run without a phase');
    return occupancyOfLab(phase);
  } finally {
    await engine.close();
    await source.close();
  }
}

/** `slablab verify` of a file or directory. */
export async function verified(path: string, binary: string): Promise<VerifyResult> {
  const { stdout, stderr, exitCode } = await slablab([
    'verify',
    path,
    '--server-bin',
    binary,
    '--json',
    '--quiet',
  ]);
  if (exitCode === 2) throw new Error(stderr);
  return JSON.parse(stdout) as VerifyResult;
}
