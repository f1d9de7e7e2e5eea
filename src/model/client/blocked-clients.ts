import type { Command, CommandInfo } from '../../commands/index.js';
import type { Arguments } from './arguments.js';
import type { Client } from './client.js';

/** A command that waits until its keys have an element. */
export interface Waiting {
  readonly client: Client;
  readonly info: CommandInfo;
  /** A copy, because the input reuses its Command. */
  readonly command: Command;
  /** The arguments stay allocated until the client is served or times out. */
  readonly args: Arguments;
  /** Whether the command would find an element now. */
  readonly isReady: () => boolean;
  /** Virtual time of the time-out; Infinity if there is none. */
  readonly untilMs: number;
}

/**
 * Clients that are blocked by BLPOP, BZPOPMIN, XREAD BLOCK and the like, in the order of their commands. The server's
 * records of each (two table entries and a list node of some 200 bytes) are not modelled.
 */
export class BlockedClients {
  #waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Removes and returns the first client whose command would find an element. */
  takeReady(): Waiting | undefined {
    return this.#take(this.#waiting.find(({ isReady }) => isReady()));
  }

  /** Removes and returns the client with the earliest time-out, if that is no later than `timeMs`. */
  takeTimedOut(timeMs: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.untilMs <= timeMs && waiting.untilMs < (first?.untilMs ?? Infinity)) first = waiting;
    }
    return this.#take(first);
  }

  takeOf(client: Client): Waiting | undefined {
    return this.#take(this.#waiting.find((waiting) => waiting.client === client));
  }

  #take(found: Waiting | undefined): Waiting | undefined {
    if (found !== undefined) this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    return found;
  }
}
