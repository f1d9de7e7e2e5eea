export { State } from './raw-format.js';
export { listImages, type RawRecording, type RecordedImage } from './raw-recording.js';
export { buildRecorder, findRecorder } from './recorder-library.js';
export { isAlive, type ProgramEnd, RecordingSession } from './recording-session.js';
export { recordableProgram } from './refuse-program.js';
export { nameOf, type WrittenTrace, writeTrace } from './trace-file.js';
