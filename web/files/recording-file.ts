/** Reads recordings (`.slabs`) from files, and reports those with more sweeps than a page has room for. */
import { RecordingError, readParts, startsWithMagic } from '../../src/recording/index.js';
import type { Messages } from '../messages.js';
import { RecordingBuilder } from '../recording-builder.js';
import type { Shown } from '../recordings.js';
import { bytesOf } from './bytes.js';

const MAGIC_BYTES = 16;
/** Limit in decoded bytes; the browser ends a tab that asks for much more. */
export const MAX_BYTES = 2 ** 30;

export async function isRecording(path: string, file: File): Promise<boolean> {
  if (path.endsWith('.slabs')) return true;
  return startsWithMagic(new Uint8Array(await file.slice(0, MAGIC_BYTES).arrayBuffer()));
}

/**
 * Reads the intact part of a recording, with as many sweeps as there is room for. Damage after it becomes a message.
 */
export async function readRecordingFile(path: string, file: File, messages: Messages): Promise<Shown> {
  let shown: Shown | undefined;
  const put = (grown: Shown) => {
    shown = grown;
  };
  const growing = new RecordingBuilder(path, put, () => {}, MAX_BYTES);
  let result = null;
  try {
    const options = { name: path, maxBytes: MAX_BYTES, isLimitPerFrame: true };
    for await (const part of readParts(bytesOf(file.stream()), options)) {
      if (part.kind === 'header') growing.begin(part.about, part.info);
      else if (part.kind === 'frame') growing.frame(part.frame);
      else result = part.result;
    }
  } catch (error) {
    if (!(error instanceof RecordingError) || shown === undefined) throw error;
    messages.error(error.message);
  }
  growing.end(result);
  if (shown === undefined)
    throw new RecordingError('truncated', 0, `${path}: no sweep is in it; record the run again`);
  if (growing.isThinned) tellThinning(path, messages);
  return shown;
}

export function tellThinning(name: string, messages: Messages): void {
  messages.note(
    `${name} has more sweeps than a page has room for (1 GiB): of those between phases only some are shown, evenly ` +
      `spaced. \`slablab map ${name} --phase NAME\` draws any of them`,
  );
}
