import { visible } from '../../base/index.js';
import {
  ALL_COMMANDS,
  argumentText,
  type Command,
  CommandIndex,
  type CommandInfo,
  fitsArity,
  subcommandOf,
} from '../../commands/index.js';
import type { Call } from './call.js';

/** Carries out one command. It may assume that the arity is right, and must not keep the call. */
export type Handler = (call: Call) => void;

/** The names that modules give their commands: a prefix with a dot. */
const MODULE_COMMAND = /^[a-z0-9_-]{1,32}\.[a-z0-9_.|-]{1,64}$/;

/** Handlers by the name of their command. */
export type Handlers = Readonly<Record<string, Handler>>;

export interface CommandSpec extends CommandInfo {
  readonly handler: Handler;
}

/** The commands of one server version that have a handler. */
export class CommandTable extends CommandIndex<CommandSpec> {
  readonly #infos: ReadonlyMap<string, CommandInfo>;
  readonly #specs: ReadonlyMap<string, CommandSpec>;

  /** Joins the commands of a server version with their handlers; handlers of other versions are left out. */
  constructor(infos: ReadonlyMap<string, CommandInfo>, ...groups: readonly Handlers[]) {
    const specs = joined(infos, groups);
    super(specs.values());
    this.#infos = infos;
    this.#specs = specs;
  }

  named(name: string): CommandSpec | undefined {
    return this.#specs.get(name);
  }

  /**
   * Returns the reason for which a server refuses a file with this command. It is undefined if the server accepts it.
   * `spec` is the command's, if it has a handler. Other commands of modules and releases are left out with a note.
   */
  refusalOf(command: Command, spec: CommandSpec | undefined): string | undefined {
    if (spec === undefined) {
      const name = argumentText(command, 0).toLowerCase();
      return ALL_COMMANDS.has(name) || MODULE_COMMAND.test(name)
        ? undefined
        : `no server has a command '${visible(name)}'`;
    }
    const info = subcommandOf(spec, command);
    if (info === undefined) {
      return `'${spec.name}' has no subcommand '${visible(argumentText(command, 1))}'`;
    }
    if (fitsArity(info.arity, command.argumentCount)) return undefined;
    return `a wrong number of arguments for '${info.name}': ${command.argumentCount - 1}`;
  }

  /** Returns the facts of a command, whether or not it has a handler. */
  info(name: string): CommandInfo | undefined {
    return this.#specs.get(name) ?? this.#infos.get(name);
  }
}

function joined(
  infos: ReadonlyMap<string, CommandInfo>,
  groups: readonly Handlers[],
): Map<string, CommandSpec> {
  const specs = new Map<string, CommandSpec>();
  for (const [name, handler] of groups.flatMap((group) => Object.entries(group))) {
    if (!ALL_COMMANDS.has(name)) throw new Error(`'${name}' has a handler, but no row in src/commands/table`);
    if (specs.has(name)) throw new Error(`'${name}' has two handlers`);
    const info = infos.get(name);
    // A literal that begins with a spread makes look-ups slower by a sixth.
    if (info !== undefined) specs.set(name, { handler, ...info });
  }
  return specs;
}
