import type { Command } from '../src/commands/index.js';
/** Stamps a writer's commands with virtual time, at a rate of commands per second. */
export class Pace {
  readonly #command: Command;
  readonly #perSecond: number;
  #startMs = 0;
  #count = 0;

  constructor(command: Command, perSecond: number) {
    this.#command = command;
    this.#perSecond = perSecond;
  }

  get nowMs(): number {
    return this.#startMs + Math.floor((this.#count * 1000) / this.#perSecond);
  }

  /** Advances the time for the next command. */
  step(): void {
    this.#count++;
    this.#command.timeMs = this.nowMs;
  }

  /** Advances the time without a command. */
  rest(milliseconds: number): void {
    this.#startMs = this.nowMs + milliseconds;
    this.#count = 0;
    this.#command.timeMs = this.#startMs;
  }
}
