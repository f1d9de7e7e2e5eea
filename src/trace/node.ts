export { State } from './raw-format.js';
export { listImages, type RawRecording, type RecordedImage } from './raw-recording.js';
export { convertLog, isLog } from './read-log.js';
export { buildRecorder, findRecorder } from './recorder-library.js';
export { isAlive, type ProgramEnd, RecordingSession } from './recording-session.js';
export { recordableProgram } from './refuse-program.js';
export { nameOf, writeTrace } from './trace-file.js';
export { convertToLog } from './write-log.js';
export type { WrittenTrace } from './written-trace.js';
