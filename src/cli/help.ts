/** The layout of help and of usage errors, which fit the width of the terminal. */
import type { Command, Option } from 'commander';
import { shellLines, wrap } from '../base/index.js';
import { terminalOf } from '../report/index.js';

const INDENT = 2;
/** If less width than this is left next to the terms, the descriptions stand below them. */
const MIN_DESCRIPTION_WIDTH = 28;

export function configureHelp(command: Command, path: string): void {
  command
    .configureOutput({
      getOutHelpWidth: () => terminalOf(process.stdout, process.env).width,
      getErrHelpWidth: () => terminalOf(process.stderr, process.env).width,
      // Every message begins with the program's name, which identifies it in a pipeline.
      outputError: (message, write) => write(message.replace(/^error: /, 'slablab: ')),
    })
    .configureHelp({
      optionDescription: describeOption,
      // The help of each command lists its options.
      subcommandTerm: (subcommand) =>
        [subcommand.name(), subcommand.usage()].join(' ').replace('[options] ', ''),
      formatItem: (term, termWidth, description, helper) => {
        const width = helper.helpWidth ?? 80;
        const descriptionWidth = width - INDENT - termWidth - INDENT;
        const indent = ' '.repeat(INDENT);
        if (descriptionWidth >= MIN_DESCRIPTION_WIDTH) {
          const [first = '', ...rest] = wrap(description, descriptionWidth);
          const below = rest.map((line) => ' '.repeat(INDENT + termWidth + INDENT) + line);
          return [`${indent}${term.padEnd(termWidth + INDENT)}${first}`.trimEnd(), ...below].join('\n');
        }
        const below = wrap(description, width - 3 * INDENT).map((line) => indent.repeat(3) + line);
        return [indent + term, ...below].join('\n');
      },
    })
    .helpOption('-h, --help', 'Show help')
    .showHelpAfterError(`(see \`${path} --help\`)`);
}

/** The text of a command's help after its options. */
export interface Epilogue {
  readonly examples: readonly string[];
  readonly notes: string;
}

const EPILOGUES = new WeakMap<Command, Epilogue>();

export function epilogueOf(command: Command): Epilogue {
  return EPILOGUES.get(command) ?? { examples: [], notes: '' };
}

/** Adds examples and notes to the help of a command. */
export function addExamples(command: Command, examples: readonly string[], notes = ''): Command {
  EPILOGUES.set(command, { examples, notes });
  return command.addHelpText('after', () => {
    const { width } = terminalOf(process.stdout, process.env);
    const lines = examples.flatMap((example) => shellLines(example, width - 2 * INDENT));
    const text = ['', 'Examples:', ...lines.map((line) => `  ${line}`)];
    return [...text, ...(notes === '' ? [] : ['', ...paragraphs(notes, width)])].join('\n');
  });
}

/** Returns an option's description with its default value. */
export function describeOption({ description, defaultValue, defaultValueDescription }: Option): string {
  const byDefault = defaultValueDescription ?? defaultValue;
  if (byDefault === undefined || typeof byDefault === 'boolean') return description;
  return `${description} (default: ${byDefault})`;
}

/** Wraps each line of a text; empty lines stay. */
function paragraphs(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (line === '' ? [''] : wrap(line, width)));
}
