import { openOpsFile } from '../stream/node.js';
import { opsSource, type RunSource } from './run-source.js';
import type { Subject } from './subject.js';
import type { TraceAccounts } from './trace-accounts.js';

/** Returns the subject of an `.ops` file. */
export async function opsSubject(path: string): Promise<Subject> {
  const reader = await openOpsFile(path);
  await reader.close();
  const { program } = reader.metadata;
  return { kind: 'ops', path, ...(program === undefined ? {} : { program }) };
}

/** Returns a source that runs an `.ops` file on disk. */
export async function opsFileSource(path: string, accounts?: TraceAccounts): Promise<RunSource> {
  return opsSource(await openOpsFile(path), accounts);
}
