/** `.ops` files on disk, for Node. A page opens the reader on bytes instead. */
import { open, stat } from 'node:fs/promises';
import { STDIN, wholeIfPacked } from '../whole-input.js';
import type { OpsBytes } from './ops-bytes.js';
import { isOpsFile as isOps, OpsFileReader } from './ops-reader.js';

export { type OpsFileOptions, OpsFileWriter } from './ops-file-writer.js';

/** Opens a file. Its content is read from `at`, if that is not the path that names it. */
export async function openOpsFile(path: string, at = path): Promise<OpsFileReader> {
  return OpsFileReader.open(path, await bytesOf(at));
}

/**
 * Whether a path is an .ops file by its name or by its first bytes; false for a directory. A pipe is not opened, because
 * that would wait for its writer.
 */
export async function isOpsFile(path: string): Promise<boolean> {
  if (path !== STDIN && !(await stat(path)).isFile()) return false;
  const bytes = await bytesOf(path);
  try {
    return await isOps(path, bytes);
  } finally {
    await bytes.close();
  }
}

async function bytesOf(path: string): Promise<OpsBytes> {
  const whole = await wholeIfPacked(path);
  if (whole !== undefined) return memoryBytes(whole);
  const file = await open(path, 'r');
  return {
    read: async (target, position) => (await file.read(target, 0, target.length, position)).bytesRead,
    close: () => file.close(),
  };
}

function memoryBytes(whole: Uint8Array): OpsBytes {
  return {
    read: async (target, position) => {
      const part = whole.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    },
    close: async () => {},
  };
}
