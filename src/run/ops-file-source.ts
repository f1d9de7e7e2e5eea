import { openOpsFile } from '../stream/node.js';
import { opsSource, type RunSource } from './run-source.js';

/** A run of an `.ops` file of this machine. */
export async function opsFileSource(path: string): Promise<RunSource> {
  return opsSource(await openOpsFile(path));
}
