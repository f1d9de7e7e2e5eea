import { bytesOfPacked, numbered, type PackedRecord } from './pack-records.js';
import { fileStart } from './recording-format.js';

/**
 * A recording that comes to be while others read it: each gets it from its first byte on, and waits for what is not
 * there yet. With a limit, the oldest frames give way to new ones, and whoever begins to read later begins behind them:
 * a recording of fewer frames, and whole.
 */
export class LiveRecording {
  #header: readonly PackedRecord[] | undefined;
  readonly #frames: (readonly PackedRecord[])[] = [];
  #frameBytes = 0;
  /** Of frames, that gave way. */
  #gone = 0;
  #end: readonly PackedRecord[] = [];
  #state: 'grows' | 'whole' | 'broken' = 'grows';
  #waiting: (() => void)[] = [];

  constructor(private readonly maxBytes = Number.POSITIVE_INFINITY) {}

  begin(header: readonly PackedRecord[]): void {
    this.#header = header;
    this.#wake();
  }

  add(frame: readonly PackedRecord[]): void {
    this.#frames.push(frame);
    this.#frameBytes += bytesOfPacked(frame);
    // The newest is kept however large it is.
    while (this.#frameBytes > this.maxBytes && this.#frames.length > 1) {
      this.#frameBytes -= bytesOfPacked(this.#frames.shift()!);
      this.#gone++;
    }
    this.#wake();
  }

  finish(end: readonly PackedRecord[]): void {
    this.#end = end;
    this.#state = 'whole';
    this.#wake();
  }

  /** There will be no end; whoever reads gets what there is, and then an error. */
  abandon(): void {
    if (this.#state === 'grows') this.#state = 'broken';
    this.#wake();
  }

  async *read(): AsyncGenerator<Uint8Array, void> {
    while (this.#header === undefined && this.#state === 'grows') await this.#more();
    yield fileStart();
    let number = 0;
    const next = (records: readonly PackedRecord[]) => {
      const bytes = numbered(records, number);
      number += records.length;
      return bytes;
    };
    if (this.#header !== undefined) yield next(this.#header);
    for (let frame = this.#gone; ; frame++) {
      while (frame >= this.#gone + this.#frames.length && this.#state === 'grows') await this.#more();
      // Who reads more slowly than frames come goes on with the oldest there is.
      frame = Math.max(frame, this.#gone);
      const records = this.#frames[frame - this.#gone];
      if (records === undefined) break;
      yield next(records);
    }
    if (this.#state === 'broken') throw new Error('the recording was abandoned');
    yield next(this.#end);
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
