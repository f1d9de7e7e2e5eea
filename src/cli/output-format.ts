import type { Option } from 'commander';
import { InputError } from '../base/index.js';
import { htmlPage, resultCsv } from '../report/node.js';
import { choiceOption } from './arguments.js';
import type { CommandResult, CommonOptions } from './command-result.js';

export const FORMATS = ['text', 'json', 'csv', 'markdown', 'html'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** The name that `text` had in earlier versions. */
const TABLE = 'table';

/** Returns `--format`, which every command with a result has, for these formats. */
export function formatOption(formats: readonly OutputFormat[]): Option {
  const option = choiceOption('--format <format>', 'Output format', formats);
  const { parseArg } = option;
  option.argParser((value) => (value === TABLE ? 'text' : parseArg?.(value, undefined)));
  option.defaultValueDescription = 'text';
  return option;
}

/** Returns the format that `--format` chooses; `--json` is short for `--format json`. */
export function outputFormat({ json = false, format }: CommonOptions): OutputFormat {
  if (json && format !== undefined && format !== 'json') {
    throw new InputError(`--json with --format ${format}: they contradict each other; remove one of the two`);
  }
  return json ? 'json' : (format ?? 'text');
}

/** The width of a text in a file or a comment, which has no terminal. */
const FILE_TERMINAL = { width: 100, colours: 'none' } as const;

/** Returns a result in a format other than text. */
export function formatted(result: CommandResult, format: Exclude<OutputFormat, 'text'>): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result.json, null, 2)}\n`;
    case 'csv':
      return result.csv?.() ?? resultCsv(result.json);
    case 'markdown':
      return result.markdown?.() ?? markdownOf(result.text(FILE_TERMINAL));
    case 'html': {
      const text = result.text(FILE_TERMINAL);
      return htmlPage(titleOf(text), text, result.json);
    }
  }
}

/** Returns a report in a fence: its first line as the heading, and the rest as it stands. */
function markdownOf(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `### ${titleOf(text).replaceAll(/[\\`*_<[\]]/g, '\\$&')}\n\n${fence}text\n${text}${fence}\n`;
}

function titleOf(text: string): string {
  return text.trimStart().split('\n', 1)[0] || 'slablab';
}
