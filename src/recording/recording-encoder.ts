import { concatBytes } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { numbered, type PackedRecord, packEnd, packFrame, packHeader } from './pack-records.js';
import type { Frame, Recording } from './recording.js';
import { fileStart } from './recording-format.js';

/**
 * Encodes a recording while its run continues: a header, frames, and an end. The caller writes the results in the order
 * of its calls, which may overlap. Arguments may be changed as soon as a call has returned its promise.
 */
export class RecordingEncoder {
  #records = 0;

  async header(about: RunHeader, info: BuildInfo): Promise<Uint8Array<ArrayBuffer>> {
    const start = fileStart();
    const header = await this.#next(1, packHeader(about, info));
    return concatBytes([start, header]);
  }

  frame(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
    return this.packedFrame(packFrame(frame));
  }

  /** Encodes a frame that was packed already, because it is also sent elsewhere. */
  packedFrame(packing: Promise<readonly PackedRecord[]>): Promise<Uint8Array<ArrayBuffer>> {
    return this.#next(2, packing);
  }

  end(result: RunResult): Promise<Uint8Array<ArrayBuffer>> {
    return this.#next(1, packEnd(result));
  }

  async #next(count: number, packing: Promise<readonly PackedRecord[]>): Promise<Uint8Array<ArrayBuffer>> {
    const first = this.#records;
    this.#records += count;
    return numbered(await packing, first);
  }
}

/** Encodes a complete recording, in pieces. */
export async function* encodeRecording({
  about,
  info,
  frames,
  result,
}: Recording): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new RecordingEncoder();
  yield encoder.header(about, info);
  for (const frame of frames) yield encoder.frame(frame);
  if (result !== null) yield encoder.end(result);
}
