import type { CommandInfo } from '../commands/index.js';
import type { CommandContext } from './command-context.js';
import type { KeyValues } from './key-values.js';

export type StoreHandler = (ask: CommandContext) => void;

/** Returns a handler that parses the request before all else and carries it out unless that fails. */
export function parsed<Request>(
  parse: (ask: CommandContext) => Request | string,
  carryOut: (ask: CommandContext, request: Exclude<Request, string>) => void,
): StoreHandler {
  return (ask) => carryOut(ask, ask.allowed(parse(ask)));
}

/** Returns why the store does not carry out a form of a command; undefined if it does. */
type Refusal = (args: readonly string[], store: KeyValues) => string | undefined;

/** Handlers by the name of their command. Containers such as CONFIG need none: their subcommands have them. */
export type StoreHandlers = Readonly<
  Record<string, StoreHandler | { readonly handler: StoreHandler; readonly refusal: Refusal }>
>;

/** A command that the store carries out. */
export interface StoreCommand extends CommandInfo {
  readonly handler: StoreHandler;
  readonly refusal: Refusal | undefined;
}
