import { ALL_COMMANDS, CommandIndex, type CommandInfo } from '../../commands/index.js';
import type { Call } from './call.js';

/** Carries out one command. It may assume that the arity is right, and must not keep the call. */
export type Handler = (call: Call) => void;

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
