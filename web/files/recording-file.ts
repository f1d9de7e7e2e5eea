import { InputError } from '../../src/trace/index.js';
import type { Shown } from '../recordings.js';

export async function isRecording(path: string, _file: File): Promise<boolean> {
  return path.endsWith('.slabs');
}

export async function readRecordingFile(path: string, _file: File): Promise<Shown> {
  throw new InputError(`${path}: recordings cannot be read yet`);
}
