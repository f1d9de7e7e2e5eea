import { Command } from 'commander';
import { formatCount, InputError } from '../base/index.js';
import { openEngine } from '../engine/node.js';
import { openInput } from '../input/node.js';
import { DEFAULT_VERSION, findServer } from '../model/index.js';
import {
  parseStep,
  quoted,
  type Setup,
  STEP_FORMS,
  type Step,
  type WhatIfOutcome,
  whatIf,
} from '../remedy/index.js';
import { gapLines, whatIfReport } from '../report/index.js';
import { openStream, type StreamPlan } from '../run/node.js';
import { abortOnSignals, exitCodeAfter, type Interruption } from './abort-on-signals.js';
import { append } from './arguments.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { addExamples } from './help.js';
import { type Progress, progressBar } from './progress.js';
import { addServerOptions, type SubjectOptions } from './run-options.js';
import { knownBuild, parseSubject, streamPlanOf, withFileError } from './subject-argument.js';
import { certaintyOf, cutOf } from './whatif-options.js';

interface WhatIfCommandOptions extends SubjectOptions {
  readonly then?: readonly string[];
  readonly at?: string;
}

const EXAMPLES = [
  "slablab whatif dump.rdb --then 'unlink session:*' --then purge",
  "slablab whatif dump.rdb --then 'input after.aof' --then restart",
  "slablab whatif dump.rdb --then 'set hash-max-listpack-entries=512' --then restart",
  "slablab whatif monitor.log --at 10m --then 'conf dirty_decay_ms:0'",
  'slablab whatif scattered-delete --then restart',
];

const NOTES =
  `Steps: ${STEP_FORMS.map((form) => `'${form}'`).join(', ')}.\n\n` +
  'Every step is replayed through the model and the allocator, and none is estimated. A pattern is one of KEYS. ' +
  '`expire` lets its time pass, and the time until the keys are gone. `set` takes effect at once where CONFIG SET can ' +
  'do so, and existing values keep their encoding until a restart. `restart`, `server`, `build` and `conf` save the ' +
  'data set in the order of an RDB file and load it in a new process. Time at a restart is not modelled, and strings ' +
  'count as not compressed in the file.\n\n' +
  'Exit code: 0 on success, 1 if a command could not be carried out, 2 for bad usage or input, 130 after Ctrl-C.';

export function whatifCommand(show: (result: CommandResult, options: WhatIfCommandOptions) => void): Command {
  const command = new Command('whatif')
    .description('Replay an input, then changes to its server, and report what each gives back and costs')
    .argument(
      '<input>',
      'Workload (see `slablab workloads`) or file of commands or keys, as for `slablab run`',
    );
  addServerOptions(command)
    .option('--then <step>', 'Change to make after the input; repeatable, in order', append)
    .option(
      '--at <place>',
      'End of the input before the changes: a phase of a workload, a time such as 10m, or a number of commands',
    );
  return addExamples(command, EXAMPLES, NOTES).action(
    async (input: string, options: WhatIfCommandOptions) => {
      const interruption = abortOnSignals();
      try {
        show(await answer(input, options, interruption), options);
      } finally {
        interruption.stop();
      }
    },
  );
}

async function answer(
  input: string,
  options: WhatIfCommandOptions,
  interruption: Interruption,
): Promise<CommandResult> {
  const steps = stepsOf(options);
  const subject = await parseSubject(input, options);
  if (subject.subject.kind === 'ops') {
    throw new InputError(
      `${input}: a saved stream has no server to change; name the input that it was made from`,
    );
  }
  const cut = cutOf(options.at, subject);
  const plan = streamPlanOf(subject, options);
  const setup = setupOf(plan, options);
  const { hooks, runtime, quiet = false } = options;
  let progress: Progress | undefined;
  let certainty: string | undefined;
  const outcome = await whatIf(
    { setup, hooks, steps, cut },
    {
      openEngine: ({ build, conf }) => openEngine({ build, conf, hooks, runtime }),
      openSource: (extras) => withFileError(input, () => openStream(plan, extras)),
      openInput: (path) => openInput(path),
      onProcess: async (source) => {
        certainty ??= certaintyOf(source);
        progress?.stop();
        progress = await progressBar(!quiet, source);
      },
      onProgress: (operations) => progress?.update(operations),
      beforeStep: () => interruption.check(),
    },
  ).finally(() => progress?.stop());
  const { result, failure, operations, notes } = outcome;
  const repeat = repeatLine(input, options);
  const seconds = (result.timing.wallMs / 1000).toFixed(2);
  return {
    json: result,
    text: (terminal) => whatIfReport({ result, certainty: certainty ?? '', repeat }, terminal),
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

/** Returns what the first process is started with. */
function setupOf({ server, settings }: StreamPlan, { build, conf = '' }: WhatIfCommandOptions): Setup {
  if (server === undefined) {
    throw new InputError(
      '-: what the server of standard input is must be known beforehand; name it with --server',
    );
  }
  const { defaultBuild } = findServer(server) ?? DEFAULT_VERSION;
  return { server, build: knownBuild(build ?? defaultBuild), conf, settings };
}

function exitCodeFor({ failure, result }: WhatIfOutcome, { signalName }: Interruption): ExitCode {
  const name = signalName();
  if (name !== undefined) return exitCodeAfter(name);
  if (failure !== null) return exitCodeOf(failure);
  return result.gaps === undefined ? 0 : 1;
}

/** Returns the command line that repeats a run of changes. */
function repeatLine(
  input: string,
  { server, build, conf, hooks, runtime, set = [], at, then = [] }: WhatIfCommandOptions,
): string {
  const option = (name: string, value: string | undefined, byDefault?: string) =>
    value === undefined || value === byDefault ? [] : [name, quoted(value)];
  return [
    'slablab whatif',
    quoted(input),
    ...option('--server', server),
    ...option('--build', build),
    ...option('--conf', conf),
    ...option('--hooks', hooks, 'complete'),
    ...option('--runtime', runtime, 'wasm'),
    ...set.flatMap((value) => option('--set', value)),
    ...option('--at', at),
    ...then.flatMap((value) => option('--then', value)),
  ].join(' ');
}
