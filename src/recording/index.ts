/** Recordings, for any runtime. Files on disk are in node.ts. */

export { LiveRecording } from './live-recording.js';
export {
  blobBytes,
  type OpenedRecording,
  openRecording,
  type RandomBytes,
  type SweepSummary,
} from './open-recording.js';
export { type PackedRecord, packEnd, packFrame, packHeader } from './pack-records.js';
export type { Frame, Recording } from './recording.js';
export { encodeRecording, RecordingEncoder } from './recording-encoder.js';
export { type Damage, RecordingError } from './recording-errors.js';
export { EXTENSION, startsWithMagic } from './recording-format.js';
export {
  type ReadOptions,
  type ReadRecording,
  type RecordingPart,
  readParts,
  readRecording,
} from './recording-reader.js';
