import { Command, CommanderError } from 'commander';
import { refuseAddresses } from './addresses.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { checkDependentOptions } from './dependent-option.js';
import { reportError } from './exit.js';
import { configureHelp } from './help.js';
import { printed, printMessage, show } from './output.js';
import { FORMATS, formatOption, type OutputFormat, outputFormat } from './output-format.js';
import { version } from './version.js';

type Finish = (result: CommandResult, options: CommonOptions) => void;
type MakeCommand = (finish: Finish) => Command;

/** The commands in the order of the help. Each loads its modules on demand, since most of a short run is loading. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  run: async () => (await import('./run-command.js')).runCommand,
  record: async () => (await import('./record-command.js')).recordCommand,
  whatif: async () => (await import('./whatif-command.js')).whatifCommand,
  advise: async () => (await import('./advise-command.js')).adviseCommand,
  size: async () => (await import('./size-command.js')).sizeCommand,
  sweep: async () => (await import('./sweep-command.js')).sweepCommand,
  bench: async () => (await import('./bench-command.js')).benchCommand,
  worker: async () => (await import('./worker-command.js')).workerCommand,
  queue: async () => (await import('./queue-command.js')).queueCommand,
  compare: async () => (await import('./compare-command.js')).compareCommand,
  verify: async () => (await import('./verify-command.js')).verifyCommand,
  serve: async () => (await import('./serve-command.js')).serveCommand,
  attach: async () => (await import('./attach-command.js')).attachCommand,
  map: async () => (await import('./map-command.js')).mapCommand,
  explain: async () => (await import('./explain-command.js')).explainCommand,
  setup: async () => (await import('./setup-command.js')).setupCommand,
  web: async () => (await import('./web-command.js')).webCommand,
  workloads: async () => (await import('./workloads-command.js')).workloadsCommand,
  completion: async () => (await import('./completion-command.js')).completionCommand,
  man: async () => (await import('./man-command.js')).manCommand,
};
const COMMAND_NAMES = Object.keys(COMMANDS);
/** Commands that are about all commands. */
const OF_ALL_COMMANDS: readonly string[] = ['completion', 'man'];
/** The formats of commands that show something else than figures; all others have each format. */
const FORMATS_OF: Readonly<Record<string, readonly OutputFormat[]>> = {
  map: ['text', 'json'],
  web: ['text', 'json'],
  completion: [],
  man: [],
};

/** Runs one command line, which excludes node and the script. Returns the exit code. */
export async function runProgram(given: readonly string[]): Promise<number> {
  // Other programs have this as a command.
  const args = given[0] === 'version' ? ['--version', ...given.slice(1)] : given;
  let exitCode = 0;
  const program = await makeProgram(namesFor(args), (result, options) => {
    exitCode = show(result, options);
  });
  // Commander would end the process itself; exit.ts chooses the exit code instead.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
    await printed();
    return exitCode;
  } catch (error) {
    const exitCode = reportError(error);
    await nameOwners(error);
    return exitCode;
  }
}

/** Names the commands that have an option, if it is unknown where it was given. */
async function nameOwners(error: unknown): Promise<void> {
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownOption') return;
  const option = /'(--[\w-]+)/.exec(error.message)?.[1];
  const { commands } = await makeProgram();
  const owners = commands.filter(({ options }) => options.some(({ long }) => long === option));
  if (owners.length > 0)
    printMessage(`${option} is an option of ${owners.map((one) => one.name()).join(', ')}`);
}

/** Returns the program with the named commands (default: all), each of which passes its result to `finish`. */
export async function makeProgram(names = COMMAND_NAMES, finish: Finish = () => {}): Promise<Command> {
  const program = new Command('slablab')
    .description(
      'Replay Redis traffic on real jemalloc, and report which memory can be returned to the system and what pins the rest.',
    )
    .version(version(), '-V, --version', 'Print the version')
    .helpCommand('help [command]', 'Show the help of slablab or of a command')
    .hook('preAction', (_, command) => {
      checkDependentOptions(command);
      refuseAddresses(command);
      outputFormat(command.opts());
    });
  const makers = await Promise.all(names.map((name) => COMMANDS[name]!()));
  for (const make of makers) {
    const command = make(finish);
    const formats = FORMATS_OF[command.name()] ?? FORMATS;
    if (formats.length > 0) command.addOption(formatOption(formats));
    program.addCommand(
      command
        .option('--json', 'Print the result as JSON on stdout, without any other text')
        .option('--no-pager', 'Print a text that is longer than the screen without a pager')
        .option('--quiet', 'Suppress progress and messages on stderr, except errors'),
    );
  }
  configureHelp(program, 'slablab');
  for (const command of program.commands) configureHelp(command, `slablab ${command.name()}`);
  return program;
}

/** Returns the command that a line begins with, or all commands for help and for a misspelt name. */
function namesFor([first = '']: readonly string[]): string[] {
  if (first === '--version' || first === '-V') return [];
  if (OF_ALL_COMMANDS.includes(first)) return COMMAND_NAMES;
  return COMMAND_NAMES.includes(first) ? [first] : COMMAND_NAMES;
}
