import { formatBytes, formatShare } from '../base/index.js';
import type { AllocatorView } from '../engine/index.js';
import type { InputEvent } from '../input/index.js';
import { servesWholeProcess } from './modelled-server.js';
import type { PhaseResult } from './run-result.js';

/** The difference as a share of the lab's used_memory, from which on another build may be the reason. */
const NOTABLE_SHARE = 0.05;

/** Returns the used_memory in bytes of a server when it saved an RDB file; undefined if the file does not have it. */
export function savedMemoryIn(events: Iterable<InputEvent>): number | undefined {
  for (const event of events) {
    if (event.kind !== 'rdb-aux' || event.name !== 'used-mem') continue;
    return /^[1-9]\d{0,14}$/.test(event.value) ? Number(event.value) : undefined;
  }
  return undefined;
}

/**
 * Compares the used_memory of the server when it saved the file with that of the lab after loading it. Returns sentences,
 * and none if the file was not loaded to its end.
 */
export function savedMemorySentences(
  savedBytes: number | undefined,
  phases: readonly PhaseResult[],
  build: AllocatorView,
): readonly string[] {
  const loaded = phases.find(({ name }) => name === 'end');
  if (savedBytes === undefined || loaded === undefined) return [];
  const here = loaded.memory.usedMemory;
  const more = (savedBytes - here) / here;
  const difference = `${formatShare(Math.abs(more))} ${more < 0 ? 'less' : 'more'} than here`;
  const sentences = [
    `The server that saved it had ${formatBytes(savedBytes)} of used_memory, ${difference}.`,
  ];
  if (more > NOTABLE_SHARE && !servesWholeProcess(build)) {
    sentences.push("Build q4 models the allocator of a distribution's package.");
  }
  return sentences;
}
