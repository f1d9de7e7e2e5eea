import { openOpsFile } from '../stream/node.js';
import { opsSource, type RunSource } from './run-source.js';

/** Returns a source that runs an `.ops` file on disk. */
export async function opsFileSource(path: string): Promise<RunSource> {
  return opsSource(await openOpsFile(path));
}
