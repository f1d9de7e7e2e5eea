import type { Command } from 'commander';
import type { Cut } from '../run/index.js';
import { abortOnSignals, type Interruption } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { placeIn } from './input-place.js';
import type { SubjectArgument } from './subject-argument.js';

/** Adds the argument of the commands that change an input. */
export function addInputArgument(command: Command): Command {
  return command.argument(
    '<input>',
    'Workload (see `slablab workloads`) or file of commands or keys, as for `slablab run`',
  );
}

/** Returns the action of such a command: it shows the answer, and signals end the replays until then. */
export function interruptible<Options>(
  show: (result: CommandResult, options: Options) => void,
  answer: (input: string, options: Options, interruption: Interruption) => Promise<CommandResult>,
): (input: string, options: Options) => Promise<void> {
  return async (input, options) => {
    const interruption = abortOnSignals();
    try {
      show(await answer(input, options, interruption), options);
    } finally {
      interruption.stop();
    }
  };
}

/** Adds `--at`. */
export function addAtOption(command: Command): Command {
  return command.option(
    '--at <place>',
    'End of the input before the changes: a phase of a workload, a time such as 10m, or a number of commands',
  );
}

/** Returns the place that `--at` names in an input; undefined without it. */
export function cutOf(at: string | undefined, { workload }: SubjectArgument): Cut | undefined {
  return at === undefined ? undefined : placeIn(workload, `--at ${at}`, at);
}
