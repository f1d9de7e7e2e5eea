import type { CommandContext } from './command-context.js';

export interface StoreCommand {
  /** Lower case. */
  readonly name: string;
  /** Arguments including the name; negative: at least so many. */
  readonly arity: number;
  readonly handler: (ask: CommandContext) => void;
  readonly does: 'write' | 'read' | 'other';
  /** First and last key (negative: from the end) and the step between keys, as COMMAND says them. */
  readonly keys?: readonly [first: number, last: number, step: number];
  /** Carried out at once inside MULTI. */
  readonly isNotQueued?: boolean;
  /** Arity of each subcommand, by its name in lower case. */
  readonly subcommands?: Readonly<Record<string, number>>;
  /** Why this form of it is not done, if it is not. */
  readonly refusal?: (args: readonly string[]) => string | undefined;
}

type Keys = NonNullable<StoreCommand['keys']>;

const ONE: Keys = [1, 1, 1];

export function write(
  name: string,
  arity: number,
  handler: StoreCommand['handler'],
  keys: Keys = ONE,
): StoreCommand {
  return { name, arity, handler, does: 'write', keys };
}

export function read(
  name: string,
  arity: number,
  handler: StoreCommand['handler'],
  keys: Keys = ONE,
): StoreCommand {
  return { name, arity, handler, does: 'read', keys };
}

export function other(name: string, arity: number, handler: StoreCommand['handler']): StoreCommand {
  return { name, arity, handler, does: 'other' };
}
