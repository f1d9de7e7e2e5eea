export { openRecordingFile, RecordingFile, readRecordingFile } from './recording-file.js';
