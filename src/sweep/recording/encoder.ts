import type { BuildInfo } from '../../engine/engine.js';
import type { RunResult } from '../run-result.js';
import { deflate, joined } from './deflate.js';
import { encodeHead, fileStart, type Tag } from './format.js';
import { encodeFrame } from './frame-body.js';
import type { Frame, Recording, RunHeader } from './recording.js';

/**
 * The bytes of a recording, as it comes to be: a header, frames, an end. Whoever asks puts them into a file, or sends
 * them to whoever watches, in the order of the calls, of which the next need not wait for the one before. What is
 * given may be changed as soon as a call has returned its promise.
 */
export class RecordingEncoder {
  #records = 0;

  header(about: RunHeader, info: BuildInfo): Promise<Uint8Array<ArrayBuffer>> {
    return together([fileStart(), this.#record('HEAD', json({ about, info }))]);
  }

  frame(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
    const { head, columns } = encodeFrame(frame);
    return together([this.#record('FRAM', json(head)), this.#record('COLS', columns)]);
  }

  end(result: RunResult): Promise<Uint8Array<ArrayBuffer>> {
    return this.#record('RSLT', json(result));
  }

  #record(tag: Tag, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const number = this.#records++;
    const stored = deflate(body);
    return together([stored.then((bytes) => encodeHead(tag, number, bytes, body.length)), stored]);
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

async function together(
  pieces: readonly (Uint8Array | Promise<Uint8Array>)[],
): Promise<Uint8Array<ArrayBuffer>> {
  const all = await Promise.all(pieces);
  return joined(
    all,
    all.reduce((sum, piece) => sum + piece.length, 0),
  );
}
