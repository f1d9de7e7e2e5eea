/** A trace whose chosen regions have an arena of their own. */
import { InputError } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { NamedOwner, OpChunk, OpsFileReader } from '../stream/index.js';
import { opsSource } from './ops-source.js';
import { type IsChosen, OwnArena } from './own-arena.js';
import type { RunSource } from './run-source.js';
import { matchesFunction } from './trace-groups.js';

export interface ArenaSource extends RunSource {
  /** Number of allocations that went to the arena so far. */
  chosen(): number;
}

/** Returns a source of a trace in which the regions of an owner have an arena: see chosenBy. */
export async function arenaSource(reader: OpsFileReader, pattern: string): Promise<ArenaSource> {
  const { owners } = await reader.names();
  return withArena(opsSource(reader), chosenBy(owners, pattern));
}

/** Returns a source in which the chosen regions have an arena. */
export function withArena(source: RunSource, isChosen: IsChosen): ArenaSource {
  const arena = new OwnArena(isChosen);
  return {
    ...source,
    get hasEndPhase() {
      return source.hasEndPhase;
    },
    open: (build) => rewritten(source, build, arena),
    commandsUpTo: (position) => source.commandsUpTo(arena.originalOf(position)),
    chosen: () => arena.chosen,
  };
}

async function* rewritten(
  source: RunSource,
  build: BuildInfo,
  arena: OwnArena,
): AsyncGenerator<OpChunk, void> {
  for await (const chunk of source.open(build)) yield arena.rewrite(chunk);
}

/** Chooses operations any of whose frames matches a pattern, or whose thread does as `thread N`. */
function chosenBy(owners: readonly NamedOwner[], pattern: string): IsChosen {
  const ofTag = new Map<number, boolean>(
    owners.map(({ tag, frames }) => [tag, frames.some((frame) => matchesFunction(frame, pattern))]),
  );
  const ofThread = new Map<number, boolean>();
  const isOfThread = (thread: number) => {
    const known = ofThread.get(thread) ?? matchesFunction(`thread ${thread}`, pattern);
    ofThread.set(thread, known);
    return known;
  };
  const matchesThreads = /^thread\b/.test(pattern);
  if (!matchesThreads && ![...ofTag.values()].includes(true)) throw unknownSite(owners, pattern);
  return (tag, thread) => ofTag.get(tag) === true || (matchesThreads && isOfThread(thread));
}

const SITES_NAMED = 5;

function unknownSite(owners: readonly NamedOwner[], pattern: string): InputError {
  const sites = [...new Set(owners.flatMap(({ frames }) => frames.slice(0, 1)))];
  const some = sites.slice(0, SITES_NAMED).join(', ');
  return new InputError(
    sites.length === 0
      ? `arena ${pattern}: the trace has no names of call sites; record it with --stacks, or name threads: 'arena thread 3'`
      : `arena ${pattern}: no call site has a frame of that name; call sites are ${some}` +
          `${sites.length > SITES_NAMED ? ` and ${sites.length - SITES_NAMED} more (slablab run --owners)` : ''}`,
  );
}
