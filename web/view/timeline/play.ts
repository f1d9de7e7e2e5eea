/** Steps through frames, one every so often, until the last one. */
export class Player {
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly step: () => boolean,
    private readonly changed: (playing: boolean) => void,
  ) {}

  get playing(): boolean {
    return this.#timer !== null;
  }

  /** A whole run takes about ten seconds, and no frame more than one: what is not seen was not shown. */
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
