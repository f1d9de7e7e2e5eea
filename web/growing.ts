import type { BuildInfo } from '../src/engine/engine.js';
import type { RunHeader } from '../src/sweep/recording/recording.js';
import type { LabListener } from './lab/service.js';
import type { Frame, Recording, Shown } from './recordings.js';

/** A recording as it comes in, frame by frame. */
export class Growing implements LabListener {
  #recording: Recording | undefined;

  constructor(
    private readonly title: string,
    private readonly put: (shown: Shown) => void,
    readonly progress: LabListener['progress'],
  ) {}

  begin(about: RunHeader, info: BuildInfo): void {
    this.#recording = { about, info, frames: [], result: null };
  }

  frame(frame: Frame): void {
    if (this.#recording === undefined) return;
    this.#recording = { ...this.#recording, frames: [...this.#recording.frames, frame] };
    this.put({ title: this.title, recording: this.#recording, isGrowing: true });
  }

  end(result: Recording['result']): void {
    if (this.#recording === undefined || this.#recording.frames.length === 0) return;
    this.put({ title: this.title, recording: { ...this.#recording, result }, isGrowing: false });
  }
}
