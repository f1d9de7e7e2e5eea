import type { Database, Keyspace } from '../keyspace/index.js';
import { StreamValue } from '../values/index.js';

/** The parts of the server that forgetting requests needs. */
export interface RequestExpiryServer {
  readonly databases: readonly Database[];
  readonly keyspace: Keyspace;
  readonly epochMs: number;
  readonly nowMs: number;
}

/** Forgets the requests that streams have remembered for long enough, as each tick does (handleExpiredIdmpEntries). */
export function expireRequests({ databases, keyspace, epochMs, nowMs }: RequestExpiryServer): void {
  for (const { trackedStreams } of databases) {
    for (const row of [...trackedStreams.rows]) {
      const { requests } = streamOf(keyspace, row);
      requests.expire(epochMs + nowMs);
      if (requests.isEmpty) trackedStreams.remove(row);
    }
  }
}

/** Returns the virtual time at which the first request is forgotten; Infinity for none. */
export function firstRequestExpiryMs({ databases, keyspace, epochMs }: RequestExpiryServer): number {
  let first = Infinity;
  for (const { trackedStreams } of databases) {
    for (const row of trackedStreams.rows) {
      first = Math.min(first, streamOf(keyspace, row).requests.firstExpiryMs - epochMs);
    }
  }
  return first;
}

function streamOf(keyspace: Keyspace, row: number): StreamValue {
  const model = keyspace.modelOf(row);
  if (model instanceof StreamValue) return model;
  throw new TypeError('a tracked key is no stream');
}
