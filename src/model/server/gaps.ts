import { visible } from '../../base/index.js';
import { argumentText, type Command } from '../../commands/index.js';

/** A command that could not be carried out, or not to its end. */
export interface Gap {
  /** The number of the command in the input, from 1. */
  readonly command: number;
  readonly name: string;
  /** The place of the command in its input; absent if the input has none. */
  readonly place?: string;
  readonly problem: string;
  /** Whether it left regions that nothing frees any more, and keys that were taken out. */
  readonly isPartial: boolean;
}

/** The gaps of a run. The first ones are kept whole, since a hostile input may consist of nothing else. */
export interface Gaps {
  readonly count: number;
  readonly first: readonly Gap[];
}

const MOST_KEPT = 10;
const MAX_PROBLEM = 200;

/** Collects the commands that could not be carried out. One such command never ends a run. */
export class GapLog implements Gaps {
  /** The number of commands that have arrived, with the current one. */
  arrived = 0;
  count = 0;
  readonly first: Gap[] = [];
  /** Returns the place of the current command in its input. */
  placeOf: ((command: Command) => string) | undefined;
  /** Called with each gap that is kept. */
  onGap: (gap: Gap) => void = () => {};

  add(command: Command, error: unknown, isPartial: boolean): void {
    this.count++;
    if (this.first.length === MOST_KEPT) return;
    const place = this.placeOf?.(command);
    const gap: Gap = {
      command: this.arrived,
      name: command.argumentCount === 0 ? '' : visible(argumentText(command, 0).toUpperCase()),
      ...(place === undefined ? {} : { place }),
      problem: visible(
        error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        MAX_PROBLEM,
      ),
      isPartial,
    };
    this.first.push(gap);
    this.onGap(gap);
  }
}
