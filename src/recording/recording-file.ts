/** Recordings of this machine, for Node. */

import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { MIB } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { RecordingEncoder } from './encoder.js';
import { type OpenedRecording, openRecording, type RandomBytes } from './open-recording.js';
import { type PackedRecord, packFrame } from './pack-records.js';
import type { Frame } from './recording.js';
import { type ReadOptions, type ReadRecording, readRecording } from './recording-reader.js';

/**
 * Writes a recording frame by frame, beside its place; it is put there when all of it is written. What is made of one
 * frame is written while the run goes on, and no more than that is held.
 */
export class RecordingFile {
  readonly #encoder = new RecordingEncoder();
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(path: string, about: RunHeader, info: BuildInfo): Promise<RecordingFile> {
    const recording = new RecordingFile(path, await open(unfinished(path), 'w'));
    await recording.#write(recording.#encoder.header(about, info));
    return recording;
  }

  /** Resolves when the frame before is written. What goes wrong is for `finish` to say: the run may go on. */
  frame(frame: Frame): Promise<void> {
    return this.packedFrame(packFrame(frame));
  }

  /** The same of a frame that goes elsewhere as well. */
  async packedFrame(packing: Promise<readonly PackedRecord[]>): Promise<void> {
    if (this.#failure === undefined) await this.#write(this.#encoder.packedFrame(packing));
  }

  async finish(result: RunResult): Promise<void> {
    await this.#write(this.#encoder.end(result));
    await this.abandon();
    if (this.#failure !== undefined) throw this.#failure;
    await rename(unfinished(this.path), this.path);
  }

  /** What is written stays beside its place, and can be read as far as it goes. */
  async abandon(): Promise<void> {
    await this.#writing;
    await this.file.close();
  }

  #write(bytes: Promise<Uint8Array>): Promise<void> {
    const before = this.#writing;
    this.#writing = this.#append(before, bytes);
    return before;
  }

  async #append(before: Promise<void>, bytes: Promise<Uint8Array>): Promise<void> {
    try {
      const [encoded] = await Promise.all([bytes, before]);
      if (this.#failure === undefined) await this.file.writeFile(encoded);
    } catch (error) {
      this.#failure = error;
    }
  }
}

function unfinished(path: string): string {
  return `${path}.new`;
}

/** Reads a file; a RecordingError names it, and so does what the system has to say. */
export function readRecordingFile(
  path: string,
  options: Omit<ReadOptions, 'name'> = {},
): Promise<ReadRecording> {
  return readRecording(createReadStream(path, { highWaterMark: MIB }), { ...options, name: path });
}

/** A recording of which frames are read as they are asked for; `close` it in the end. */
export async function openRecordingFile(
  path: string,
  options: Omit<ReadOptions, 'name'> = {},
): Promise<OpenedRecording & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  try {
    const bytes = await bytesOf(file);
    const recording = await openRecording(bytes, { ...options, name: path });
    return { ...recording, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function bytesOf(file: FileHandle): Promise<RandomBytes> {
  return {
    size: (await file.stat()).size,
    async read(from, to) {
      const bytes = new Uint8Array(to - from);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) return bytes.subarray(0, at);
        at += bytesRead;
      }
      return bytes;
    },
  };
}
