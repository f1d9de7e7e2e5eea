import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import type { Frame, Recording } from './recording.js';
import { RecordingError } from './recording-errors.js';
import { Refusals } from './records.js';
import { Budget, frameFrom, readSections } from './sections.js';

export interface ReadOptions {
  /** For messages. */
  readonly name: string;
  /** What may be held, decoded; 2 GiB unless it says. */
  readonly maxBytes?: number;
}

export interface PartsOptions extends ReadOptions {
  /** Whoever asks does not keep all frames: `maxBytes` is for each of them. */
  readonly isEachAlone?: boolean;
}

export type RecordingPart =
  | { readonly kind: 'header'; readonly about: RunHeader; readonly info: BuildInfo }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'result'; readonly result: RunResult };

/** All that is whole, and what is wrong behind it. */
export interface ReadRecording {
  readonly recording: Recording;
  readonly damage: RecordingError | null;
}

export const DEFAULT_MAX_BYTES = 2 ** 31;

/** Reads a recording to its end, or to what is wrong with it; if that is its header, it rejects. */
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

/** The same as it comes: a run that goes on can be watched so. Throws a RecordingError where it stops being one. */
export async function* readParts(
  bytes: AsyncIterable<Uint8Array>,
  { name, maxBytes = DEFAULT_MAX_BYTES, isEachAlone = false }: PartsOptions,
): AsyncGenerator<RecordingPart, void> {
  const refusals = new Refusals(name);
  const budget = new Budget(maxBytes, refusals);
  let info: BuildInfo | undefined;
  for await (const section of readSections(bytes, refusals, budget)) {
    if (section.kind === 'sweep') {
      const { head, columns } = section;
      // The header comes first; sections are in order.
      const room = isEachAlone ? new Budget(maxBytes, refusals) : budget;
      const frame = await frameFrom(head, columns, info!, refusals, room);
      yield { kind: 'frame', frame };
      continue;
    }
    if (section.kind === 'header') info = section.info;
    yield section;
  }
}
