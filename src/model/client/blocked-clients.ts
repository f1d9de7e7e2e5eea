import type { Command, CommandInfo } from '../../commands/index.js';
import type { Arguments } from './arguments.js';
import type { Client } from './client.js';

/** A command whose client waits for keys to have something. */
export interface Waiting {
  readonly client: Client;
  readonly info: CommandInfo;
  /** A copy: a producer's Command is used again. */
  readonly command: Command;
  /** They stay allocated until the client is served or has waited long enough. */
  readonly args: Arguments;
  /** Would the command find something now? */
  readonly isReady: () => boolean;
  /** Virtual time at which it gives up; Infinity: never. */
  readonly untilMs: number;
}

/**
 * Clients that BLPOP, BZPOPMIN, XREAD BLOCK and the like keep waiting, in the order in which they came. What a server
 * notes about each (an entry in two tables, a list node; some 200 bytes until it is served) is not modelled.
 */
export class BlockedClients {
  #waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Takes the first that would find something. */
  takeReady(): Waiting | undefined {
    return this.#take(this.#waiting.find(({ isReady }) => isReady()));
  }

  /** Takes the one that gives up first, if that is by `timeMs`. */
  takeLate(timeMs: number): Waiting | undefined {
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
