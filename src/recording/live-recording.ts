import { bytesOfPacked, numbered, type PackedRecord } from './pack-records.js';
import { fileStart } from './recording-format.js';

/**
 * A recording that is read while it grows. Each reader gets all of it from the first byte on, and waits for the rest.
 *
 * If there is a limit, new frames displace the oldest ones. A reader that begins later gets a complete recording with
 * fewer frames.
 */
export class LiveRecording {
  #header: readonly PackedRecord[] | undefined;
  readonly #frames: (readonly PackedRecord[])[] = [];
  #frameBytes = 0;
  /** Number of frames that were displaced. */
  #displaced = 0;
  #end: readonly PackedRecord[] = [];
  #state: 'growing' | 'complete' | 'abandoned' = 'growing';
  #waiting: (() => void)[] = [];

  constructor(private readonly maxBytes = Number.POSITIVE_INFINITY) {}

  begin(header: readonly PackedRecord[]): void {
    this.#header = header;
    this.#wake();
  }

  add(frame: readonly PackedRecord[]): void {
    this.#frames.push(frame);
    this.#frameBytes += bytesOfPacked(frame);
    // The newest frame is kept even if it is larger than the limit.
    while (this.#frameBytes > this.maxBytes && this.#frames.length > 1) {
      this.#frameBytes -= bytesOfPacked(this.#frames.shift()!);
      this.#displaced++;
    }
    this.#wake();
  }

  finish(end: readonly PackedRecord[]): void {
    this.#end = end;
    this.#state = 'complete';
    this.#wake();
  }

  /** Ends the recording without a result. Readers get the frames so far, and then an error. */
  abandon(): void {
    if (this.#state === 'growing') this.#state = 'abandoned';
    this.#wake();
  }

  async *read(): AsyncGenerator<Uint8Array, void> {
    while (this.#header === undefined && this.#state === 'growing') await this.#more();
    yield fileStart();
    let number = 0;
    const next = (records: readonly PackedRecord[]) => {
      const bytes = numbered(records, number);
      number += records.length;
      return bytes;
    };
    if (this.#header !== undefined) yield next(this.#header);
    for (let frame = this.#displaced; ; frame++) {
      while (frame >= this.#displaced + this.#frames.length && this.#state === 'growing') await this.#more();
      // A reader that is slower than new frames continues with the oldest frame left.
      frame = Math.max(frame, this.#displaced);
      const records = this.#frames[frame - this.#displaced];
      if (records === undefined) break;
      yield next(records);
    }
    if (this.#state === 'abandoned') throw new Error('the recording was abandoned');
    yield next(this.#end);
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
