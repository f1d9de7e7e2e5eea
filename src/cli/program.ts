import { Command } from 'commander';
import { attachCommand } from './attach-command.js';
import { benchCommand } from './bench-command.js';
import type { CommandResult, CommonOptions, ExitCode } from './command-result.js';
import { compareCommand } from './compare-command.js';
import { reportError } from './exit.js';
import { explainCommand } from './explain-command.js';
import { configureHelp } from './help.js';
import { mapCommand } from './map-command.js';
import { show } from './output.js';
import { runCommand } from './run-command.js';
import { serveCommand } from './serve-command.js';
import { sweepCommand } from './sweep-command.js';
import { verifyCommand } from './verify-command.js';
import { version } from './version.js';
import { webCommand } from './web-command.js';
import { workloadsCommand } from './workloads-command.js';

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
  for (const command of [
    runCommand(finish),
    sweepCommand(finish),
    benchCommand(finish),
    compareCommand(finish),
    verifyCommand(finish),
    serveCommand(finish),
    attachCommand(finish),
    mapCommand(finish),
    explainCommand(finish),
    webCommand(finish),
    workloadsCommand(finish),
  ]) {
    command
      .option('--json', 'print the result as JSON, and nothing else on stdout')
      .option('--quiet', 'no progress and no messages on stderr, only errors');
    program.addCommand(command);
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
