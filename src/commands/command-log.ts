import { grown } from '../base/index.js';
/**
 * Where in the operation stream each command ended, kept until somebody has counted past it. A phase can thus say how
 * many commands were complete at any position, although the producer runs ahead of the replay.
 */
export class CommandLog {
  // Positions relative to #base, so that 32 bits do for the commands that wait.
  #ends = new Uint32Array(1024);
  #base = 0;
  #first = 0;
  #last = 0;
  #counted = 0;

  /** A command was completed; `position` is the writer's after its last operation. */
  completed(position: number): void {
    if (this.#last === this.#ends.length) this.#makeRoom();
    this.#ends[this.#last++] = position - this.#base;
  }

  /** Commands complete at `position`. Positions must not go back from call to call. */
  countUpTo(position: number): number {
    const ends = this.#ends;
    const relative = position - this.#base;
    let first = this.#first;
    while (first < this.#last && ends[first]! <= relative) first++;
    this.#counted += first - this.#first;
    this.#first = first;
    return this.#counted;
  }

  #makeRoom(): void {
    const waiting = this.#ends.subarray(this.#first, this.#last);
    const shift = waiting.length > 0 ? waiting[0]! : 0;
    const room =
      waiting.length * 2 > this.#ends.length ? grown(this.#ends, this.#ends.length * 2) : this.#ends;
    for (let index = 0; index < waiting.length; index++) room[index] = waiting[index]! - shift;
    this.#ends = room;
    this.#base += shift;
    this.#last = waiting.length;
    this.#first = 0;
  }
}
