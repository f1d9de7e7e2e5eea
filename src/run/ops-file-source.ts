import { openOpsFile } from '../stream/node.js';
import { type ArenaSource, arenaSource } from './arena-source.js';
import { opsSource } from './ops-source.js';
import type { RunSource } from './run-source.js';
import type { Subject } from './subject.js';
import type { TraceAccounts } from './trace-accounts.js';

/** Returns the subject of an `.ops` file. */
export async function opsSubject(path: string): Promise<Subject> {
  const reader = await openOpsFile(path);
  await reader.close();
  const { program } = reader.metadata;
  return { kind: 'ops', path, ...(program === undefined ? {} : { program }) };
}

/** Returns a source that runs an `.ops` file on disk. Its content is read from `at`, if that is given. */
export async function opsFileSource(path: string, accounts?: TraceAccounts, at?: string): Promise<RunSource> {
  return opsSource(await openOpsFile(path, at), accounts);
}

/** Returns a source that runs the trace on disk with an arena for the regions of an owner. */
export async function arenaFileSource(path: string, pattern: string, at?: string): Promise<ArenaSource> {
  const reader = await openOpsFile(path, at);
  try {
    return await arenaSource(reader, pattern);
  } catch (error) {
    await reader.close();
    throw error;
  }
}
