import type { Argument, Command, Option } from 'commander';
import { describeOption, epilogueOf } from '#slablab/src/cli/help.js';

/** Returns docs/command-line.md: the help of the program and of each of its commands. */
export function commandLinePage(program: Command): string {
  const sections = program.commands.map(commandSection);
  return `${[
    '<!-- `make docs` makes this file from the help of the program. -->',
    '# Command line',
    text(program.description()),
    'Every command also takes `--help`.',
    table(
      ['Command', 'Purpose'],
      program.commands.map((command) => [
        `[\`${command.name()}\`](#slablab-${command.name()})`,
        text(command.description()),
      ]),
    ),
    ...sections.flat(),
  ].join('\n\n')}\n`;
}

function commandSection(command: Command): string[] {
  const { examples, notes } = epilogueOf(command);
  return [
    `## slablab ${command.name()}`,
    `${text(command.description())}.`,
    codeBlock([`slablab ${command.name()} ${command.usage()}`]),
    ...(command.registeredArguments.length === 0
      ? []
      : [table(['Argument', 'Meaning'], command.registeredArguments.map(argumentRow))]),
    table(['Option', 'Meaning'], command.options.map(optionRow)),
    'Examples:',
    codeBlock(examples),
    ...(notes === '' ? [] : notes.split('\n\n').map(text)),
  ];
}

function argumentRow(argument: Argument): string[] {
  return [code(argument.name()), text(argument.description)];
}

function optionRow(option: Option): string[] {
  return [code(option.flags), text(describeOption(option))];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function codeBlock(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Returns a text as Markdown, in which its code spans stay and other characters have no meaning. */
function text(plain: string): string {
  return plain
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*[\]]/g, '\\$&')))
    .join('');
}
