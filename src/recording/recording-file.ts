/** Reads and writes recordings on disk, for Node. */
import { type FileHandle, open } from 'node:fs/promises';
import type { BuildInfo } from '../engine/index.js';
import { OutputError, OutputFile } from '../output/node.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { openPlain, wholeIfPacked } from '../stream/node.js';
import { blobBytes, type OpenedRecording, openRecording, type RandomBytes } from './open-recording.js';
import { type PackedRecord, packFrame } from './pack-records.js';
import type { Frame } from './recording.js';
import { RecordingEncoder } from './recording-encoder.js';
import { type ReadOptions, type ReadRecording, readRecording } from './recording-reader.js';

/**
 * Writes a recording frame by frame beside its place, which it takes when it is complete. A frame is written while the
 * run continues. At most one frame is held in memory.
 */
export class RecordingFile {
  readonly #encoder = new RecordingEncoder();
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(private readonly file: OutputFile) {}

  get path(): string {
    return this.file.path;
  }

  static async create(path: string, about: RunHeader, info: BuildInfo): Promise<RecordingFile> {
    const recording = new RecordingFile(await OutputFile.create(path));
    await recording.#write(recording.#encoder.header(about, info));
    return recording;
  }

  /** Writes a frame. Resolves when the frame before is written. Errors are kept for `finish`, so the run can continue. */
  frame(frame: Frame): Promise<void> {
    return this.packedFrame(packFrame(frame));
  }

  /** Writes a frame that was packed already, because it is also sent elsewhere. */
  async packedFrame(packing: Promise<readonly PackedRecord[]>): Promise<void> {
    if (this.#failure === undefined) await this.#write(this.#encoder.packedFrame(packing));
  }

  async finish(result: RunResult): Promise<void> {
    await this.#write(this.#encoder.end(result));
    await this.#writing;
    if (this.#failure === undefined) return this.file.finish();
    const part = await this.abandon();
    if (!(this.#failure instanceof OutputError)) throw this.#failure;
    throw new OutputError(`${this.#failure.message}; the frames before that are in ${part}`);
  }

  /** Closes the file without its end. Returns its path, where it can be read up to its last complete frame. */
  async abandon(): Promise<string> {
    await this.#writing;
    await this.file.close().catch(() => {});
    return this.file.currentPath;
  }

  #write(bytes: Promise<Uint8Array>): Promise<void> {
    const before = this.#writing;
    this.#writing = this.#append(before, bytes);
    return before;
  }

  async #append(before: Promise<void>, bytes: Promise<Uint8Array>): Promise<void> {
    try {
      const [encoded] = await Promise.all([bytes, before]);
      if (this.#failure === undefined) await this.file.write(encoded);
    } catch (error) {
      this.#failure = error;
    }
  }
}

/** Reads a file. Errors of its contents (RecordingError) and of the system name the file. */
export async function readRecordingFile(
  path: string,
  options: Omit<ReadOptions, 'name'> = {},
): Promise<ReadRecording> {
  return readRecording(await openPlain(path), { ...options, name: path });
}

/** Opens a recording whose frames are read on demand. The caller closes it. */
export async function openRecordingFile(
  path: string,
  options: Omit<ReadOptions, 'name'> = {},
): Promise<OpenedRecording & { close(): Promise<void> }> {
  const whole = await wholeIfPacked(path);
  if (whole !== undefined) {
    const recording = await openRecording(blobBytes(new Blob([whole.slice()])), { ...options, name: path });
    return { ...recording, close: async () => {} };
  }
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
