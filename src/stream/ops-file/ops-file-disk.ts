/** `.ops` files on disk, for Node. A page opens the reader on bytes instead. */
import { open } from 'node:fs/promises';
import { isOpsFile as isOps, type OpsBytes, OpsFileReader } from './ops-reader.js';

export { OpsFileWriter } from './ops-file-writer.js';

export async function openOpsFile(path: string): Promise<OpsFileReader> {
  return OpsFileReader.open(path, await bytesOf(path));
}

/** Whether a path is an .ops file by its name or by its first bytes; false for a directory. */
export async function isOpsFile(path: string): Promise<boolean> {
  const bytes = await bytesOf(path);
  try {
    return !(await bytes.isDirectory()) && (await isOps(path, bytes));
  } finally {
    await bytes.close();
  }
}

async function bytesOf(path: string): Promise<OpsBytes & { isDirectory(): Promise<boolean> }> {
  const file = await open(path, 'r');
  return {
    read: async (target, position) => (await file.read(target, 0, target.length, position)).bytesRead,
    close: () => file.close(),
    isDirectory: async () => (await file.stat()).isDirectory(),
  };
}
