/** Runs a cell of a sweep in the worker, and returns its result, the map of its end, and its recording. */
import { concatBytes } from '../../src/base/index.js';
import { cellMapOf } from '../../src/map/index.js';
import { encodeRecording } from '../../src/recording/index.js';
import { RecordingBuilder } from '../recording-builder.js';
import type { Recording } from '../recordings.js';
import { runExperiment } from './run-experiment.js';
import type { CellOutcome, LabRequest } from './service.js';

export async function runCell(request: LabRequest): Promise<CellOutcome> {
  let made: Recording | null = null;
  const builder = new RecordingBuilder(
    '',
    ({ recording }) => {
      made = recording;
    },
    () => {},
  );
  const outcome = await runExperiment(request, builder);
  builder.end(outcome.result);
  const recording = made as Recording | null;
  if (recording === null) return { ...outcome, map: null, recording: null };
  const snapshots = recording.frames.map(({ snapshot }) => snapshot);
  return {
    ...outcome,
    map: cellMapOf(snapshots, recording.info),
    recording: await encoded(recording),
  };
}

async function encoded(recording: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeRecording(recording)) pieces.push(piece);
  return concatBytes(pieces);
}
