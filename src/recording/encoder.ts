import { concatBytes } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { numbered, type PackedRecord, packEnd, packFrame, packHeader } from './pack-records.js';
import type { Frame, Recording } from './recording.js';
import { fileStart } from './recording-format.js';

/**
 * The bytes of a recording, as it comes to be: a header, frames, an end. Whoever asks puts them into a file in the
 * order of the calls, of which the next need not wait for the one before. What is given may be changed as soon as a
 * call has returned its promise.
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

  /** A frame that goes elsewhere as well. */
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

/** A recording that is whole already, in pieces. */
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
