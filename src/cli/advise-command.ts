import { Command } from 'commander';
import { OTHER_SERVER } from '../model/index.js';
import { advise, type Replayer } from '../remedy/index.js';
import { adviceReport } from '../report/index.js';
import type { Interruption } from './abort-on-signals.js';
import { percentOption } from './arguments.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { addQueueChoice, type QueueChoice } from './queue-options.js';
import { addServerOptions } from './run-options.js';
import { refuseStdin } from './subject-argument.js';
import { serverArena, traceAdvice } from './whatif-arena.js';
import {
  type ChangedInput,
  type ChangeOptions,
  meansFor,
  parseChangedInput,
  whatIfLine,
  withReplayer,
} from './whatif-means.js';
import { addAtOption, addInputArgument, interruptible } from './whatif-options.js';

interface AdviseCommandOptions extends ChangeOptions, QueueChoice {
  readonly tolerance: number;
}

const DEFAULT_TOLERANCE = 0.01;

const EXAMPLES = [
  'slablab advise dump.rdb',
  `slablab advise monitor.log --server ${OTHER_SERVER} --build q4`,
  'slablab advise scattered-delete --tolerance 5% --json',
  'slablab advise dump.rdb --queue redis://queue.example.com',
];

const NOTES =
  'Tried are a purge, a restart, active defragmentation where the build has it, the deletion of the key patterns that ' +
  'hold most memory (alone and with a restart), a shorter life for those whose keys expire, decay without delay, larger ' +
  'listpacks, and the newest version of the same product; then pairs of those that help. ' +
  'Each is a replay of `slablab whatif`. For an RDB file, which is a server as after a restart, no purge, restart or decay is ' +
  'tried. A setting or version must give back more than a restart alone, and an upgrade a tenth of resident memory.\n\n' +
  'First come remedies that an operator can carry out today and that keep the keys, then upgrades and changes of a program, ' +
  'then keys that expire anyway, then other keys. In each of these the largest gain leads. Gains that differ by less than ' +
  'the tolerance are equal, and the cheaper remedy leads: purge, defragmentation, restart, allocator setting, encodings. ' +
  'A purge or defragmentation also leads if it gives back a tenth less than a restart. A remedy below the tolerance makes no ' +
  'difference, and the default stays.\n\n' +
  'For the trace of a recorded program, decay without delay, one arena, no tcache, and arenas for the call sites that ' +
  'keep most slabs or free most regions are tried.\n\n' +
  'Exit code: 0 on success, 2 for bad usage or input, 130 after Ctrl-C.';

export function adviseCommand(show: (result: CommandResult, options: AdviseCommandOptions) => void): Command {
  const command = new Command('advise').description(
    'Replay an input with each remedy that applies, and rank them by the memory that they give back',
  );
  addAtOption(addServerOptions(addInputArgument(command))).addOption(
    percentOption(
      '--tolerance <percent>',
      'Share of resident memory that counts as no difference',
      DEFAULT_TOLERANCE,
    ),
  );
  return addExamples(addQueueChoice(command, 'replays'), EXAMPLES, NOTES).action(interruptible(show, answer));
}

async function answer(
  input: string,
  options: AdviseCommandOptions,
  interruption: Interruption,
): Promise<CommandResult> {
  refuseStdin(input);
  const ofTrace = await traceAdvice(input, options, interruption);
  if (ofTrace !== undefined) return ofTrace;
  const changed = await parseChangedInput(input, options);
  return withReplayer(`advise ${input}`, changed, options, interruption, (replayer) =>
    adviceOn(input, changed, options, { interruption, replayer }),
  );
}

async function adviceOn(
  input: string,
  changed: ChangedInput,
  options: AdviseCommandOptions,
  {
    interruption,
    replayer,
  }: { readonly interruption: Interruption; readonly replayer: Replayer | undefined },
): Promise<CommandResult> {
  const { setup, cut } = changed;
  const { hooks, tolerance, quiet = false } = options;
  const advice = await advise(
    { setup, hooks, cut, tolerance },
    {
      ...meansFor(input, changed, options, interruption),
      replayer,
      withArena: serverArena(input, changed, options, interruption),
      onTrial: (steps, number, planned) => {
        const what = steps.length === 0 ? 'the input alone' : steps.join(', then ');
        if (!quiet) printMessage(`replay ${number} of ${planned}: ${what}`);
      },
    },
  );
  const seconds = (advice.timing.wallMs / 1000).toFixed(1);
  return {
    json: advice,
    text: (terminal) => adviceReport(advice, (steps) => whatIfLine(input, options, steps), terminal),
    exitCode: 0,
    messages: [`${advice.runs} replays in ${seconds} s`],
  };
}
