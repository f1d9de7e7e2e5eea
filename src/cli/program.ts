import { Command } from 'commander';
import type { CommandResult, CommonOptions, ExitCode } from './command-result.js';
import { reportError } from './exit.js';
import { configureHelp } from './help.js';
import { show } from './output.js';
import { version } from './version.js';

type MakeCommand = (show: (result: CommandResult, options: CommonOptions) => void) => Command;

/** In the order of the help. What a command is made of loads when it is asked for: most of a short run is loading. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  run: async () => (await import('./run-command.js')).runCommand,
  sweep: async () => (await import('./sweep-command.js')).sweepCommand,
  bench: async () => (await import('./bench-command.js')).benchCommand,
  compare: async () => (await import('./compare-command.js')).compareCommand,
  verify: async () => (await import('./verify-command.js')).verifyCommand,
  serve: async () => (await import('./serve-command.js')).serveCommand,
  attach: async () => (await import('./attach-command.js')).attachCommand,
  map: async () => (await import('./map-command.js')).mapCommand,
  explain: async () => (await import('./explain-command.js')).explainCommand,
  web: async () => (await import('./web-command.js')).webCommand,
  workloads: async () => (await import('./workloads-command.js')).workloadsCommand,
};

/** Runs one command line (without node and script) to the end. */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const finish = (result: CommandResult, options: CommonOptions) => {
    exitCode = show(result, options);
  };
  const program = new Command('slablab')
    .description('Which memory can be given back after this traffic, which cannot, and what pins it?')
    .version(version())
    .helpCommand('help [command]', 'what the program takes, or one of its commands');
  for (const make of await commandsFor(args)) {
    program.addCommand(
      make(finish)
        .option('--json', 'print the result as JSON, and nothing else on stdout')
        .option('--quiet', 'no progress and no messages on stderr, only errors'),
    );
  }
  configureHelp(program, 'slablab');
  for (const command of program.commands) configureHelp(command, `slablab ${command.name()}`);
  // Commander would end the process itself; the exit code is decided in exit.ts instead.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error);
  }
}

/** The one that the line begins with; all of them for help, and for a name that is none: it may be like one that is. */
async function commandsFor([first = '']: readonly string[]): Promise<MakeCommand[]> {
  if (first === '--version' || first === '-V') return [];
  const names = Object.keys(COMMANDS);
  const wanted = names.includes(first) ? [first] : names;
  return Promise.all(wanted.map((name) => COMMANDS[name]!()));
}
