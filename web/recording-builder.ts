import type { BuildInfo } from '../src/engine/index.js';
import type { RunHeader } from '../src/run/index.js';
import type { LabListener } from './lab/service.js';
import { buffersOf } from './lab/transfer.js';
import type { Frame, Recording, Shown } from './recordings.js';

/** Builds a recording from its frames, one by one. */
export class RecordingBuilder implements LabListener {
  #recording: Recording | undefined;
  #bytes = 0;
  #came = 0;
  /** Step of thinning: every n-th of the sweeps between phases is kept. */
  #stride = 1;

  constructor(
    private readonly title: string,
    private readonly put: (shown: Shown) => void,
    readonly progress: LabListener['progress'],
    /** Limit for all frames in bytes; over it, the sweeps between phases are thinned evenly. */
    private readonly maxBytes = Number.POSITIVE_INFINITY,
  ) {}

  /** Whether some frames were dropped. */
  get isThinned(): boolean {
    return this.#stride > 1;
  }

  begin(about: RunHeader, info: BuildInfo): void {
    this.#recording = { about, info, frames: [], result: null };
  }

  frame(frame: Frame): void {
    if (this.#recording === undefined) return;
    this.#came++;
    const { frames } = this.#recording;
    // The newest frame is always kept until the next one arrives.
    const last = frames.at(-1);
    const isToGo = last !== undefined && !isPhase(last) && (this.#came - 2) % this.#stride !== 0;
    const kept = isToGo ? frames.slice(0, -1) : frames;
    this.#bytes += bytesOf(frame) - (isToGo ? bytesOf(last) : 0);
    this.#recording = { ...this.#recording, frames: this.#thinned([...kept, frame]) };
    this.put({ title: this.title, recording: this.#recording, isGrowing: true });
  }

  end(result: Recording['result']): void {
    if (this.#recording === undefined || this.#recording.frames.length === 0) return;
    this.put({ title: this.title, recording: { ...this.#recording, result }, isGrowing: false });
  }

  #thinned(frames: Frame[]): Frame[] {
    let left = frames;
    while (this.#bytes > this.maxBytes && left.length > 2) {
      this.#stride *= 2;
      let sweeps = 0;
      const fewer = left.filter(
        (frame, at) => at === left.length - 1 || isPhase(frame) || sweeps++ % 2 === 0,
      );
      // Phases alone exceed the limit, so the oldest quarter is dropped.
      left = fewer.length < left.length ? fewer : left.slice(Math.ceil(left.length / 4));
      this.#bytes = left.reduce((sum, frame) => sum + bytesOf(frame), 0);
    }
    return left;
  }
}

function isPhase({ phase }: Frame): boolean {
  return !/^sweep-\d+$/.test(phase);
}

function bytesOf(frame: Frame): number {
  return buffersOf(frame).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
