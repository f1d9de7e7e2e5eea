/** `.ops` files of the machine, for Node. Whoever has none (a page) opens the reader on bytes of its own. */
import { open } from 'node:fs/promises';
import { isOpsFile as isOps, type OpsBytes, OpsFileReader } from './ops-reader.js';

export { OpsFileWriter } from './ops-file-writer.js';

export async function openOpsFile(path: string): Promise<OpsFileReader> {
  return OpsFileReader.open(path, await bytesOf(path));
}

/** Whether a path is one of these by its name, or by how it begins. A directory is not. */
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
