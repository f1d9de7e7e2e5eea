/** Sets the mark of the cohort at a place of an input. */
import { formatCount, InputError } from '../base/index.js';
import type { Command, CommandBatch, CommandLog } from '../commands/index.js';
import type { InputEvent } from '../input/index.js';
import type { Cut } from './continuation.js';

/** The place of a mark in an input that is a file: its end, a virtual time, or a number of commands. */
export class CohortMark {
  readonly #place: Cut;
  readonly #log: CommandLog;
  readonly #mark: () => void;
  #isSet = false;
  /** Commands that have been read. */
  #read = 0;

  constructor(place: Cut, log: CommandLog, mark: () => void) {
    this.#place = place;
    this.#log = log;
    this.#mark = mark;
  }

  /** Passes commands on. A server may read some ahead, so the log of completed commands decides when to mark. */
  *before(commands: Iterable<Command | CommandBatch>): Generator<Command | CommandBatch> {
    if ('commands' in this.#place) this.#after(this.#place.commands);
    for (const command of commands) {
      if ('timeMs' in this.#place && !('count' in command) && command.timeMs > this.#place.timeMs) {
        this.#after(this.#read);
      }
      this.#read++;
      yield command;
    }
  }

  /** Passes the events of a file that a server loads on. Each is carried out before the next is read. */
  *beforeLoaded(events: Iterable<InputEvent>): Generator<InputEvent> {
    for (const event of events) {
      if (event.kind === 'command') {
        if (this.#isReached(event.command)) this.#set();
        this.#read++;
      }
      yield event;
    }
    if (this.#isReached(undefined)) this.#set();
  }

  /** Sets a mark at the end of the input. Throws if the place of another one was never reached. */
  finish(): void {
    if ('phase' in this.#place) this.#set();
    if (this.#isSet) return;
    const end = `ends after ${formatCount(this.#read)} commands, before that; name an earlier place, or the phase \`end\``;
    throw new InputError(`--mark: the input ${end}`);
  }

  #isReached(next: Command | undefined): boolean {
    const place = this.#place;
    if ('commands' in place) return this.#read >= place.commands;
    return 'timeMs' in place && next !== undefined && next.timeMs > place.timeMs;
  }

  #after(commands: number): void {
    if (!this.#isSet) this.#log.atCount(commands, () => this.#set());
  }

  #set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#mark();
  }
}
