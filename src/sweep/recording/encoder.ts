import type { BuildInfo } from '../../engine/engine.js';
import type { RunResult } from '../run-result.js';
import { deflate, joined } from './deflate.js';
import { encodeHead, fileStart, type Tag } from './format.js';
import { encodeFrame } from './frame-body.js';
import type { Frame, Recording, RunHeader } from './recording.js';

/**
 * The bytes of a recording, as it comes to be: a header, frames, an end. Whoever asks puts them into a file, or sends
 * them to whoever watches. One call after the other.
 */
export class RecordingEncoder {
  #records = 0;

  async header(about: RunHeader, info: BuildInfo): Promise<Uint8Array<ArrayBuffer>> {
    return together([fileStart(), await this.#record('HEAD', json({ about, info }))]);
  }

  /** The columns are read before this returns, so that the frame may be given away. */
  async frame(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
    const { head, columns } = encodeFrame(frame);
    return together([await this.#record('FRAM', json(head)), await this.#record('COLS', columns)]);
  }

  end(result: RunResult): Promise<Uint8Array<ArrayBuffer>> {
    return this.#record('RSLT', json(result));
  }

  async #record(tag: Tag, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const stored = await deflate(body);
    return together([encodeHead(tag, this.#records++, stored, body.length), stored]);
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

function json(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function together(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joined(
    pieces,
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
}
