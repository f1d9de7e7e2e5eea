import { InputError } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import { Kind, type OpChunk, type OpsFileReader, type OpsNames } from '../stream/index.js';
import type { RunSource } from './run-source.js';
import { withSweepAt } from './sweep-at.js';
import type { TraceAccounts } from './trace-accounts.js';

/** The phase at which the regions of a recorded program had asked for most bytes. */
export const PEAK = 'peak';

/** Returns a source that replays a saved stream. Closing it closes the reader. */
export function opsSource(reader: OpsFileReader, accounts?: TraceAccounts): RunSource {
  const { program, phases: named } = reader.metadata;
  // A saved stream of a recorded program has the sweep already.
  const addsPeak = program !== undefined && !named.includes(PEAK);
  const phases = addsPeak ? [...named, PEAK] : named;
  const metadata = { ...reader.metadata, phases };
  let endsWithSweep = false;
  let names: OpsNames = { owners: [] };
  async function* chunks(build: BuildInfo): AsyncGenerator<OpChunk, void> {
    if (program !== undefined) names = await namesOf(reader);
    const { peakAt } = names;
    accounts?.begin(names, build);
    const saved = reader.chunks();
    try {
      for await (const chunk of addsPeak && peakAt !== undefined
        ? withSweepAt(saved, peakAt, named.length)
        : saved) {
        endsWithSweep = (chunk.what[chunk.length - 1]! & 0xff) === Kind.sweep;
        accounts?.follow(chunk, phases);
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
      return program === undefined || !endsWithSweep;
    },
    open: chunks,
    recorded: () => names.recorded ?? program?.recorded,
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
