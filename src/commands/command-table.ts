import { argumentText, type Command } from './command.js';
import { CommandIndex } from './command-index.js';
import { type CommandInfo, infosOf } from './command-info.js';
import type { Release } from './release.js';
import { ROWS } from './table/index.js';

/** Every command of any release by name, subcommands included, as it is in its oldest release. */
export const ALL_COMMANDS: ReadonlyMap<string, CommandInfo> = infosOf(ROWS);

/** Names of the commands of any release, without subcommands. */
export const COMMAND_NAMES: ReadonlySet<string> = new Set(
  [...ALL_COMMANDS.keys()].filter((name) => !name.includes('|')),
);

const INDEX = new CommandIndex([...ALL_COMMANDS.values()].filter(({ name }) => COMMAND_NAMES.has(name)));

/** Returns the commands of a release by name, subcommands included. */
export function commandsOf(release: Release): ReadonlyMap<string, CommandInfo> {
  return infosOf(ROWS, release);
}

/** Returns the command that argument 0 names, as it is in its oldest release; undefined if the table lacks it. */
export function findCommand(command: Command): CommandInfo | undefined {
  return INDEX.find(command);
}

/** Returns the subcommand that argument 1 names, if the command has any; undefined if none has that name. */
export function subcommandOf(info: CommandInfo, command: Command): CommandInfo | undefined {
  if (info.subcommands === undefined || command.argumentCount < 2) return info;
  return info.subcommands.get(argumentText(command, 1).toLowerCase());
}

/** Whether a number of arguments, the name included, fits an arity. */
export function fitsArity(arity: number, count: number): boolean {
  return arity > 0 ? count === arity : count >= -arity;
}
