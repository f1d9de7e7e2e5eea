import { type ByteSource, InputError } from '../../base/index.js';
import { ByteWindow } from '../../resp/index.js';
import { InputClock } from '../input-clock.js';
import { AofFile } from './aof-file.js';

const HASH = 0x23;
const MARK = [HASH, 0x54, 0x53, 0x3a];

/** A file of an append-only log that can be opened for a look ahead. */
export interface PeekedFile {
  readonly path: string;
  open(): ByteSource;
}

/**
 * Returns the first Unix time in milliseconds of a log, or undefined if it has none. A server writes times from the
 * moment at which `aof-timestamp-enabled` is set, so commands may come before the first.
 */
export function firstTime(files: readonly PeekedFile[]): number | undefined {
  for (const file of files) {
    const time = hasMark(file) ? timeIn(file) : undefined;
    if (time !== undefined) return time;
  }
  return undefined;
}

/** Whether `#TS:` occurs anywhere. Most logs have none, and this search is many times faster than parsing. */
function hasMark({ path, open }: PeekedFile): boolean {
  const window = new ByteWindow(path, open());
  try {
    while (window.need(MARK.length)) {
      const { bytes, end } = window;
      for (let at = bytes.indexOf(HASH, window.at); at >= 0 && at < end; at = bytes.indexOf(HASH, at + 1)) {
        if (MARK.every((byte, index) => bytes[at + index] === byte)) return true;
      }
      // A mark may lie across two blocks.
      window.at = end - MARK.length + 1;
    }
    return false;
  } finally {
    window.source?.close();
  }
}

/** Parses the file up to its first time. A defect before it leaves the time unknown. */
function timeIn({ path, open }: PeekedFile): number | undefined {
  const source = open();
  try {
    const clock = new InputClock(() => {});
    const file = new AofFile(new ByteWindow(path, source), {
      clock,
      client: 0,
      isDump: false,
      isLast: true,
      warn: () => {},
    });
    for (const event of file.events()) if (event.kind === 'epoch') return event.unixMs;
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  } finally {
    source.close();
  }
}
