import type { Option } from 'commander';
import { InputError } from '../base/index.js';
import { choiceOption } from './arguments.js';

/** Returns `--format`, whose first choice is the default. */
export function formatOption(formats: readonly [string, ...string[]]): Option {
  const option = choiceOption('--format <format>', 'Output format', formats);
  option.defaultValueDescription = formats[0];
  return option;
}

/** Returns the format that `--format` chooses; `--json` is short for `--format json`. */
export function outputFormat<Format extends string>({
  json = false,
  format,
}: {
  readonly json?: boolean;
  readonly format?: Format;
}): Format | 'json' | 'table' {
  if (json && format !== undefined && format !== 'json') {
    throw new InputError(`--json with --format ${format}: they contradict each other; remove one of the two`);
  }
  return json ? 'json' : (format ?? 'table');
}
