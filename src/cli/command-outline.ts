/** The commands of the program with their options, from which completion and the man page are made. */
import type { Command } from 'commander';
import { WORKLOADS } from '../../workloads/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { SERVERS } from '../model/index.js';
import { PRESETS } from '../sweep/index.js';
import { describeOption } from './help.js';

export interface OptionOutline {
  /** `--server`, and `-h` where there is a short form. */
  readonly names: readonly string[];
  /** The flags in the form of help: `--server <version>`. */
  readonly flags: string;
  readonly description: string;
  readonly hasValue: boolean;
  /** The values that it takes; empty if any text is one, or a file. */
  readonly values: readonly string[];
}

export interface CommandOutline {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly options: readonly OptionOutline[];
  /** Words that the command takes beside files. */
  readonly words: readonly string[];
}

/** Names that the parsers of these options know. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--server': SERVERS.map(({ name }) => name),
  '--build': KNOWN_BUILDS,
  '--preset': PRESETS.map(({ name }) => name),
};

/** Commands whose input may be a workload. */
const OF_WORKLOADS: readonly string[] = ['run', 'whatif', 'advise', 'size', 'sweep', 'verify', 'workloads'];

export function outlineOf(program: Command): CommandOutline[] {
  return program.commands.map((command) => ({
    name: command.name(),
    usage: command.usage(),
    description: command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => ({
        names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
        flags: option.flags,
        description: describeOption(option),
        hasValue: option.required || option.optional,
        values: option.argChoices ?? VALUES[option.long ?? ''] ?? [],
      })),
    words: command.registeredArguments.flatMap(
      ({ argChoices }) =>
        argChoices ?? (OF_WORKLOADS.includes(command.name()) ? WORKLOADS.map(({ name }) => name) : []),
    ),
  }));
}
