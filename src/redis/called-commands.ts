import { argumentText, type Command } from './command.js';
import type { CommandSpec } from './command-table.js';

/** Which commands have been called: a server makes something for each at its first call. */
export class CalledCommands {
  readonly #specs = new Set<CommandSpec>();
  readonly #parts = new Set<string>();
  #last: CommandSpec | undefined;

  isFirst(spec: CommandSpec, command: Command): boolean {
    // Most commands are the one before once more.
    if (spec === this.#last) return false;
    if (spec.hasParts === true) return this.#isFirstPart(spec, command);
    this.#last = spec;
    if (this.#specs.has(spec)) return false;
    this.#specs.add(spec);
    return true;
  }

  #isFirstPart({ name }: CommandSpec, command: Command): boolean {
    const part = `${name}|${argumentText(command, 1).toLowerCase()}`;
    if (this.#parts.has(part)) return false;
    this.#parts.add(part);
    return true;
  }
}
