/** Recordings, wherever their bytes are; disk.ts is for those of this machine. */
export { encodeRecording, RecordingEncoder } from './encoder.js';
export { LiveRecording } from './live.js';
export {
  blobBytes,
  type OpenedRecording,
  openRecording,
  type RandomBytes,
  type SweepSummary,
} from './open-recording.js';
export { type PackedRecord, packEnd, packFrame, packHeader } from './pack-records.js';
export type { Frame, Recording } from './recording.js';
export { type Damage, RecordingError } from './recording-errors.js';
export { EXTENSION, startsWithMagic } from './recording-format.js';
export {
  type ReadOptions,
  type ReadRecording,
  type RecordingPart,
  readParts,
  readRecording,
} from './recording-reader.js';
