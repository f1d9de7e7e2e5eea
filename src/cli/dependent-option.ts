import { type Command, Option } from 'commander';
import { InputError } from '../base/index.js';

/** An option without effect unless one of the options in `needed` is given, as its description says. */
export class DependentOption extends Option {
  readonly needed: readonly string[];

  constructor(flags: string, description: string, ...needed: readonly string[]) {
    super(flags, `${description}; requires ${needed.join(' or ')}`);
    this.needed = needed;
  }
}

/** Refuses dependent options on the command line of `command` whose needed option is not there. */
export function checkDependentOptions(command: Command): void {
  const isGiven = (option: Option) => command.getOptionValueSource(option.attributeName()) === 'cli';
  const given = command.options.filter(isGiven);
  for (const option of given) {
    if (!(option instanceof DependentOption)) continue;
    if (given.some(({ long }) => option.needed.some((name) => name === long))) continue;
    const needed = option.needed.join(' or ');
    throw new InputError(`${option.long} requires ${needed}; add ${needed}, or remove ${option.long}`);
  }
}
