/** Recordings, wherever their bytes are; disk.ts is for those of this machine. */
export { encodeRecording, RecordingEncoder } from './encoder.js';
export { type Damage, RecordingError } from './errors.js';
export { EXTENSION, startsWithMagic } from './format.js';
export { LiveRecording } from './live.js';
export {
  blobBytes,
  type OpenedRecording,
  openRecording,
  type RandomBytes,
  type SweepSummary,
} from './open.js';
export { type PackedRecord, packEnd, packFrame, packHeader } from './packed.js';
export {
  type ReadOptions,
  type ReadRecording,
  type RecordingPart,
  readParts,
  readRecording,
} from './reader.js';
export type { Frame, Recording, RunHeader } from './recording.js';
