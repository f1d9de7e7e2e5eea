/** The man page, made of the help of the program. */
import type { Command } from 'commander';
import { outlineOf } from './command-outline.js';
import { epilogueOf } from './help.js';
import { version } from './version.js';

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'No colours, if it is not empty.'],
  ['FORCE_COLOR', 'Colours in pipes and files, too: 3 for all, other values for 256, 0 for none.'],
  ['COLUMNS, LINES', 'The size of the screen.'],
  [
    'SLABLAB_PAGER, PAGER',
    'The pager of texts that are longer than the screen; empty or cat for none. Default: less.',
  ],
];

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'Success.'],
  ['1', 'A check failed, or a command could not be carried out.'],
  ['2', 'Bad usage, bad input, or an output that could not be written.'],
  ['129, 130, 143', 'Ended by SIGHUP, SIGINT or SIGTERM, with the results so far.'],
];

/** Returns the page in the macros of man(7). */
export function manPage(program: Command): string {
  const terms = (pairs: readonly (readonly [string, string])[]) =>
    pairs.flatMap(([term, text]) => ['.TP', `.B ${roff(term)}`, roff(text)]);
  const commands = program.commands.flatMap((command, index) => {
    const { name, usage, description, options } = outlineOf(program)[index]!;
    const { examples, notes } = epilogueOf(command);
    return [
      `.SS slablab ${roff(`${name} ${usage}`)}`,
      roff(`${description}.`),
      ...terms(options.map((option) => [option.flags, option.description])),
      ...(notes === ''
        ? []
        : ['.PP', ...notes.split('\n').map((line) => (line === '' ? '.PP' : roff(line)))]),
      ...(examples.length === 0 ? [] : ['.PP', 'Examples:', '.PP', '.nf', ...examples.map(roff), '.fi']),
    ];
  });
  return [
    `.TH SLABLAB 1 "" "slablab ${version()}" "User Commands"`,
    '.SH NAME',
    'slablab \\- allocator lab for Redis and Valkey traffic',
    '.SH SYNOPSIS',
    '.B slablab',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    roff(program.description()),
    '.SH COMMANDS',
    ...commands,
    '.SH ENVIRONMENT',
    ...terms(ENVIRONMENT),
    '.SH EXIT STATUS',
    ...terms(EXIT_CODES),
    '',
  ].join('\n');
}

/** Escapes a line: backslashes, hyphens, and a dot or quote at its beginning. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
