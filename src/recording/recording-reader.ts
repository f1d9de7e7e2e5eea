import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import type { Frame, Recording } from './recording.js';
import { RecordingError } from './recording-errors.js';
import { Refusals } from './records.js';
import { Budget, frameFrom, readSections } from './sections.js';

export interface ReadOptions {
  /** Name of the recording in messages. */
  readonly name: string;
  /** Maximum of decoded bytes in memory. Default: 2 GiB. */
  readonly maxBytes?: number;
}

export interface PartsOptions extends ReadOptions {
  /** Whether `maxBytes` is the limit of each single frame, for a caller that does not keep all frames. */
  readonly isLimitPerFrame?: boolean;
}

export type RecordingPart =
  | { readonly kind: 'header'; readonly about: RunHeader; readonly info: BuildInfo }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'result'; readonly result: RunResult };

/** The complete part of a recording, and the error after it, if there is one. */
export interface ReadRecording {
  readonly recording: Recording;
  readonly damage: RecordingError | null;
}

export const DEFAULT_MAX_BYTES = 2 ** 31;

/** Reads a recording to its end or to its first error. Rejects if the header cannot be read. */
export async function readRecording(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<ReadRecording> {
  const frames: Frame[] = [];
  let header: { readonly about: RunHeader; readonly info: BuildInfo } | undefined;
  let result: RunResult | null = null;
  let damage: RecordingError | null = null;
  try {
    for await (const part of readParts(bytes, options)) {
      if (part.kind === 'header') header = { about: part.about, info: part.info };
      else if (part.kind === 'frame') frames.push(part.frame);
      else result = part.result;
    }
  } catch (error) {
    if (!(error instanceof RecordingError) || header === undefined) throw error;
    damage = error;
  }
  const { about, info } = header as { about: RunHeader; info: BuildInfo };
  return { recording: { about, info, frames, result }, damage };
}

/**
 * Reads the parts of a recording as their bytes arrive, so that a run can be watched while it continues. Throws a
 * RecordingError at the first error.
 */
export async function* readParts(
  bytes: AsyncIterable<Uint8Array>,
  { name, maxBytes = DEFAULT_MAX_BYTES, isLimitPerFrame = false }: PartsOptions,
): AsyncGenerator<RecordingPart, void> {
  const refusals = new Refusals(name);
  const budget = new Budget(maxBytes, refusals);
  let info: BuildInfo | undefined;
  for await (const section of readSections(bytes, refusals, budget)) {
    if (section.kind === 'sweep') {
      const { head, columns } = section;
      // readSections guarantees that the header is first.
      const room = isLimitPerFrame ? new Budget(maxBytes, refusals) : budget;
      const frame = await frameFrom(head, columns, info!, refusals, room);
      yield { kind: 'frame', frame };
      continue;
    }
    if (section.kind === 'header') info = section.info;
    yield section;
  }
}
