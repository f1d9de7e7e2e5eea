/** Steps through the frames at a fixed interval, until the last one. */
export class Player {
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly step: () => boolean,
    private readonly changed: (playing: boolean) => void,
  ) {}

  get playing(): boolean {
    return this.#timer !== null;
  }

  /**
   * Starts to play. A run takes about ten seconds; a frame stays for at least 80 ms, to be visible, and at most a
   * second.
   */
  start(frames: number): void {
    this.stop();
    const everyMs = Math.min(1000, Math.max(80, 10_000 / Math.max(1, frames)));
    this.#timer = setInterval(() => {
      if (!this.step()) this.stop();
    }, everyMs);
    this.changed(true);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.changed(false);
  }
}
