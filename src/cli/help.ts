/** How help and usage errors look: as wide as the terminal, and with what to do next. */
import type { Command } from 'commander';
import { shellLines, wrap } from '../base/index.js';
import { terminalOf } from '../report/index.js';

const INDENT = 2;
/** Less than this beside the terms, and descriptions go below them. */
const NARROWEST_DESCRIPTION = 28;

export function configureHelp(command: Command, path: string): void {
  command
    .configureOutput({
      getOutHelpWidth: () => terminalOf(process.stdout, process.env).width,
      getErrHelpWidth: () => terminalOf(process.stderr, process.env).width,
      // As all messages begin; the program's name tells whose they are in a pipeline.
      outputError: (message, write) => write(message.replace(/^error: /, 'slablab: ')),
    })
    .configureHelp({
      // Commands' options are in their own help.
      subcommandTerm: (subcommand) =>
        [subcommand.name(), subcommand.usage()].join(' ').replace('[options] ', ''),
      formatItem: (term, termWidth, description, helper) => {
        const width = helper.helpWidth ?? 80;
        const beside = width - INDENT - termWidth - INDENT;
        const indent = ' '.repeat(INDENT);
        if (beside >= NARROWEST_DESCRIPTION) {
          const [first = '', ...rest] = wrap(description, beside);
          const below = rest.map((line) => ' '.repeat(INDENT + termWidth + INDENT) + line);
          return [`${indent}${term.padEnd(termWidth + INDENT)}${first}`.trimEnd(), ...below].join('\n');
        }
        const below = wrap(description, width - 3 * INDENT).map((line) => indent.repeat(3) + line);
        return [indent + term, ...below].join('\n');
      },
    })
    .showHelpAfterError(`(\`${path} --help\` tells what it takes)`);
}

/** Commands to copy, then anything else worth saying. */
export function addExamples(command: Command, examples: readonly string[], more = ''): Command {
  return command.addHelpText('after', () => {
    const { width } = terminalOf(process.stdout, process.env);
    const lines = examples.flatMap((example) => shellLines(example, width - 2 * INDENT));
    const text = ['', 'Examples:', ...lines.map((line) => `  ${line}`)];
    return [...text, ...(more === '' ? [] : ['', ...paragraphs(more, width)])].join('\n');
  });
}

/** Line ends are kept; wrapping loses empty lines. */
function paragraphs(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (line === '' ? [''] : wrap(line, width)));
}
