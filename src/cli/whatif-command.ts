import { Command } from 'commander';
import { formatCount, InputError } from '../base/index.js';
import { parseStep, STEP_FORMS, type Step, type WhatIfOutcome, whatIf } from '../remedy/index.js';
import { gapLines, whatIfReport } from '../report/index.js';
import { exitCodeAfter, type Interruption } from './abort-on-signals.js';
import { append } from './arguments.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { addExamples } from './help.js';
import { type Progress, progressBar } from './progress.js';
import { addServerOptions } from './run-options.js';
import { arenaAnswer } from './whatif-arena.js';
import { type ChangeOptions, meansFor, parseChangedInput, whatIfLine } from './whatif-means.js';
import { addAtOption, addInputArgument, interruptible } from './whatif-options.js';

interface WhatIfCommandOptions extends ChangeOptions {
  readonly then?: readonly string[];
}

const EXAMPLES = [
  "slablab whatif dump.rdb --then 'unlink session:*' --then purge",
  "slablab whatif dump.rdb --then 'input after.aof' --then restart",
  "slablab whatif dump.rdb --then 'set hash-max-listpack-entries=512' --then restart",
  "slablab whatif monitor.log --at 10m --then 'conf dirty_decay_ms:0'",
  'slablab whatif scattered-delete --then restart',
  "slablab whatif monitor.log 'arena session:*'",
  "slablab whatif trace.ops 'arena parse_*'",
];

const NOTES =
  `Steps: ${STEP_FORMS.map((form) => `'${form}'`).join(', ')}.\n\n` +
  'Every step is replayed through the model and the allocator, and none is estimated. A pattern is one of KEYS. ' +
  '`expire` lets its time pass, and the time until the keys are gone. `set` takes effect at once where CONFIG SET can ' +
  'do so, and existing values keep their encoding until a restart. `restart`, `server`, `build` and `conf` save the ' +
  'data set in the order of an RDB file and load it in a new process; `server` keeps a build that you chose. Time at a ' +
  'restart is not modelled, and strings count as not compressed in the file.\n\n' +
  '`arena PATTERN` changes the whole run, without --then: the regions of the keys that match have an arena and a tcache of ' +
  'their own from the beginning. For the trace of a recorded program they are the regions whose call site has a frame of ' +
  'that function (`thread 3` names the regions of a thread). ' +
  'A region stays where it was allocated first when it is resized.\n\n' +
  'Exit code: 0 on success, 1 if a command could not be carried out, 2 for bad usage or input, 130 after Ctrl-C.';

export function whatifCommand(show: (result: CommandResult, options: WhatIfCommandOptions) => void): Command {
  const command = new Command('whatif').description(
    'Replay an input, then changes to its server, and report what each gives back and costs',
  );
  addAtOption(
    addServerOptions(addInputArgument(command))
      .argument('[change]', "Change of the whole run: 'arena PATTERN'")
      .option('--then <step>', 'Change to make after the input; repeatable, in order', append),
  );
  return addExamples(command, EXAMPLES, NOTES).action(
    (input: string, change: string | undefined, options: WhatIfCommandOptions) =>
      interruptible<WhatIfCommandOptions>(show, (path, given, interruption) =>
        change === undefined
          ? answer(path, given, interruption)
          : arenaAnswer(path, change, given, interruption),
      )(input, options),
  );
}

async function answer(
  input: string,
  options: WhatIfCommandOptions,
  interruption: Interruption,
): Promise<CommandResult> {
  const steps = stepsOf(options);
  const changed = await parseChangedInput(input, options);
  const { setup, cut } = changed;
  const { hooks, quiet = false, then = [] } = options;
  let progress: Progress | undefined;
  const outcome = await whatIf(
    { setup, hooks, steps, cut },
    {
      ...meansFor(input, changed, options, interruption),
      onProcess: async (source) => {
        progress?.stop();
        progress = await progressBar(!quiet, source);
      },
      onProgress: (operations) => progress?.update(operations),
    },
  ).finally(() => progress?.stop());
  const { result, failure, operations, notes } = outcome;
  const repeat = whatIfLine(input, options, then);
  const seconds = (result.timing.wallMs / 1000).toFixed(2);
  return {
    json: result,
    text: (terminal) => whatIfReport({ result, repeat }, terminal),
    exitCode: exitCodeFor(outcome, interruption),
    messages: [`${formatCount(operations)} operations in ${seconds} s`, ...notes, ...gapLines(result.gaps)],
    ...(failure === null ? {} : { error: failure }),
  };
}

function stepsOf({ then = [] }: WhatIfCommandOptions): Step[] {
  if (then.length === 0) {
    throw new InputError(
      `--then: name at least one change, for example --then 'unlink session:*'; steps are ${STEP_FORMS.join(', ')}`,
    );
  }
  return then.map((text) => parseStep(text, '--then'));
}

function exitCodeFor({ failure, result }: WhatIfOutcome, { signalName }: Interruption): ExitCode {
  const name = signalName();
  if (name !== undefined) return exitCodeAfter(name);
  if (failure !== null) return exitCodeOf(failure);
  return result.gaps === undefined ? 0 : 1;
}
