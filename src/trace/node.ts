export { Control, CONTROL_BYTES, State } from './raw-format.js';
export { listImages, type RawRecording, type RecordedImage } from './raw-recording.js';
export { nameOf, type WrittenTrace, writeTrace } from './trace-file.js';
