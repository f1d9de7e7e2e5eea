import { grown } from '../base/index.js';
/**
 * Positions in the operation stream at which commands ended, kept until a reader has counted past them. A phase can so
 * count complete commands at any position, although the producer runs ahead of the replay.
 */
export class CommandLog {
  // Positions are relative to #base, so that 32 bits hold those of waiting commands.
  #ends = new Uint32Array(1024);
  #base = 0;
  #first = 0;
  #last = 0;
  #counted = 0;
  #completed = 0;
  #awaited = -1;
  #action: () => void = () => {};

  /** Notes that a command is complete; `position` is the writer's after its last operation. */
  completed(position: number): void {
    if (this.#last === this.#ends.length) this.#makeRoom();
    this.#ends[this.#last++] = position - this.#base;
    if (++this.#completed === this.#awaited) this.#action();
  }

  /** Calls `action` once so many commands are complete: at once, or when the last of them is. */
  atCount(commands: number, action: () => void): void {
    if (this.#completed >= commands) {
      action();
      return;
    }
    this.#awaited = commands;
    this.#action = action;
  }

  /** Returns the number of commands complete at `position`, which must not decrease from call to call. */
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
