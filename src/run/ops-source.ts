import { InputError } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import { Kind, type OpChunk, type OpsFileReader, type OpsNames } from '../stream/index.js';
import type { RunSource } from './run-source.js';
import type { TraceAccounts } from './trace-accounts.js';

/** Returns a source that replays a saved stream. Closing it closes the reader. */
export function opsSource(reader: OpsFileReader, accounts?: TraceAccounts): RunSource {
  const { metadata } = reader;
  let endsWithSweep = false;
  let names: OpsNames = { owners: [] };
  async function* chunks(build: BuildInfo): AsyncGenerator<OpChunk, void> {
    if (metadata.program !== undefined) names = await namesOf(reader);
    accounts?.begin(names, build);
    try {
      for await (const chunk of reader.chunks()) {
        endsWithSweep = (chunk.what[chunk.length - 1]! & 0xff) === Kind.sweep;
        accounts?.follow(chunk, metadata.phases);
        yield chunk;
      }
    } catch (error) {
      endsWithSweep = false;
      accounts?.copyAt('incomplete');
      throw error;
    }
    accounts?.copyAt('end');
  }
  return {
    metadata,
    contents: [],
    isModelled: false,
    estimatedOperations: undefined,
    /** The stream of a recorded program ends with a sweep of its own. */
    get hasEndPhase() {
      return metadata.program === undefined || !endsWithSweep;
    },
    open: chunks,
    recorded: () => names.recorded ?? metadata.program?.recorded,
    notes: () => accounts?.notes() ?? [],
    commandsUpTo: () => 0,
    close: () => reader.close(),
  };
}

/** Returns the names of a file that may be cut short; its chunks then say where. */
async function namesOf(reader: OpsFileReader): Promise<OpsNames> {
  try {
    return await reader.names();
  } catch (error) {
    if (error instanceof InputError) return { owners: [] };
    throw error;
  }
}
