/** Opens a recording without its columns, which are read on demand. Hundreds of sweeps would not fit in memory. */
import { MIB } from '../base/index.js';
import type { BuildInfo, SnapshotTotals } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import type { FrameHead } from './frame-body.js';
import type { Frame } from './recording.js';
import { RecordingError } from './recording-errors.js';
import { DEFAULT_MAX_BYTES, type ReadOptions } from './recording-reader.js';
import { Refusals, recordAt } from './records.js';
import { Budget, frameFrom, readSections } from './sections.js';

/** Bytes with random access: those of a file, or of a Blob (`blobBytes`). */
export interface RandomBytes {
  readonly size: number;
  /** Reads the bytes [from, to), which are within the size. Returns fewer only if the file was cut since. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface SweepSummary {
  readonly phase: string;
  readonly totals: SnapshotTotals;
}

export interface OpenedRecording {
  readonly about: RunHeader;
  readonly info: BuildInfo;
  /** Summaries of all complete frames, in the order of the stream. */
  readonly sweeps: readonly SweepSummary[];
  readonly result: RunResult | null;
  /** The error after the last complete frame, if there is one. */
  readonly damage: RecordingError | null;
  /** Reads the frame of a sweep. Each call reads the file. */
  frame(sweep: number): Promise<Frame>;
}

interface Place {
  readonly head: FrameHead;
  readonly byte: number;
  readonly end: number;
  readonly number: number;
}

/** Reads and checks a whole file once, and keeps the totals and the place of each frame's columns. */
export async function openRecording(
  bytes: RandomBytes,
  { name, maxBytes = DEFAULT_MAX_BYTES }: ReadOptions,
): Promise<OpenedRecording> {
  const refusals = new Refusals(name);
  const places: Place[] = [];
  let header: { readonly about: RunHeader; readonly info: BuildInfo } | undefined;
  let result: RunResult | null = null;
  let damage: RecordingError | null = null;
  try {
    for await (const section of readSections(blocksOf(bytes), refusals, new Budget(maxBytes, refusals))) {
      if (section.kind === 'header') header = { about: section.about, info: section.info };
      else if (section.kind === 'result') result = section.result;
      else {
        const { head, columns } = section;
        const { number, byte, end } = columns;
        places.push({ head, number, byte, end });
      }
    }
  } catch (error) {
    if (!(error instanceof RecordingError) || header === undefined) throw error;
    damage = error;
  }
  const { about, info } = header as { about: RunHeader; info: BuildInfo };
  return {
    about,
    info,
    sweeps: places.map(({ head: { phase, snapshot } }) => ({ phase, totals: snapshot })),
    result,
    damage,
    async frame(sweep) {
      const place = places[sweep];
      if (place === undefined) throw new RangeError(`sweep ${sweep} of ${places.length}`);
      const { head, byte, end, number } = place;
      const columns = await recordAt(await bytes.read(byte, end), { number, byte }, refusals);
      return frameFrom(head, columns, info, refusals, new Budget(maxBytes, refusals));
    },
  };
}

/** Returns the bytes of a Blob, for example of a file dropped on a page. */
export function blobBytes(blob: Blob): RandomBytes {
  return {
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}

const BLOCK_BYTES = MIB;

async function* blocksOf(bytes: RandomBytes): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.size; from += BLOCK_BYTES) {
    yield bytes.read(from, Math.min(from + BLOCK_BYTES, bytes.size));
  }
}
