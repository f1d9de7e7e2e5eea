/** Recordings (`.slabs`), from a file or as they come. */
import { readRecording, startsWithMagic } from '../../src/sweep/recording/index.js';
import type { Messages } from '../messages.js';
import type { Shown } from '../recordings.js';
import { bytesOf } from './bytes.js';

const MAGIC_BYTES = 16;
/** Decoded; a tab that asks for much more is ended by the browser. */
export const MAX_BYTES = 2 ** 30;

export async function isRecording(path: string, file: File): Promise<boolean> {
  if (path.endsWith('.slabs')) return true;
  return startsWithMagic(new Uint8Array(await file.slice(0, MAGIC_BYTES).arrayBuffer()));
}

/** All that is whole of it; what is wrong behind that becomes a message. */
export async function readRecordingFile(path: string, file: File, messages: Messages): Promise<Shown> {
  const options = { name: path, maxBytes: MAX_BYTES };
  const { recording, damage } = await readRecording(bytesOf(file.stream()), options);
  if (damage !== null) messages.error(damage.message);
  return { title: path, recording, isGrowing: false };
}
