import { Command } from 'commander';
import { InputError, KIB, MIB } from '../base/index.js';
import { OTHER_SERVER, SETTING_CHOICES } from '../model/index.js';
import { type Replayer, rssLimit, size } from '../remedy/index.js';
import { sizeReport } from '../report/index.js';
import type { Interruption } from './abort-on-signals.js';
import { append, choiceOption, percentOption, sizeOption } from './arguments.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { addQueueChoice, type QueueChoice } from './queue-options.js';
import { addServerOptions } from './run-options.js';
import { refuseStdin } from './subject-argument.js';
import {
  type ChangedInput,
  type ChangeOptions,
  meansFor,
  parseChangedInput,
  withReplayer,
} from './whatif-means.js';
import { addAtOption, addInputArgument, interruptible } from './whatif-options.js';

interface SizeCommandOptions extends ChangeOptions, QueueChoice {
  readonly rss: number;
  readonly process: number;
  readonly copied: number;
  readonly policy?: readonly string[];
}

const DEFAULT_RSS = 1024 * MIB;
/**
 * The resident memory of Debian's redis-server 7.0.15 is 8.2 MB above that of its allocator, and 2.2 to 4.5 MB as a daemon.
 */
const DEFAULT_PROCESS = 9 * MIB;
const DEFAULT_COPIED = 0.1;
const DEFAULT_POLICIES = ['allkeys-lru', 'allkeys-random', 'noeviction'];

const EXAMPLES = [
  'slablab size dump.rdb --rss 4gb',
  'slablab size monitor.log --rss 512mb --policy allkeys-lfu',
  `slablab size traffic.resp --rss 100mb --copied 0% --server ${OTHER_SERVER}`,
];

const NOTES =
  'Traffic is replayed with one maxmemory after the other, until the peak of allocator memory is within half a percent ' +
  'of the limit. A data set (RDB, AOF) is replayed with more or fewer keys like its own. One above 512 MiB is replayed ' +
  'at a half, a quarter and so on of its size. The limit of the allocator is that of the process without --process, and ' +
  'without the share of pages (--copied) that traffic writes while a child saves.\n\n' +
  'Exit code: 0 on success, 2 for bad usage or input, 130 after Ctrl-C.';

export function sizeCommand(show: (result: CommandResult, options: SizeCommandOptions) => void): Command {
  const policies = SETTING_CHOICES.get('maxmemory-policy') ?? [];
  const command = new Command('size').description(
    'Find the largest maxmemory, or number of keys, with which a server stays below a limit of memory',
  );
  addAtOption(addServerOptions(addInputArgument(command)))
    .addOption(sizeOption('--rss <size>', 'Limit of the resident memory of the process', DEFAULT_RSS))
    .addOption(sizeOption('--process <size>', 'Memory of the process beside its allocator', DEFAULT_PROCESS))
    .addOption(
      percentOption(
        '--copied <percent>',
        'Share of allocator memory that is copied while a child saves',
        DEFAULT_COPIED,
      ),
    )
    .addOption(policyOption(policies));
  return addExamples(addQueueChoice(command, 'replays'), EXAMPLES, NOTES).action(interruptible(show, answer));
}

/** Returns `--policy`, which can be repeated. */
function policyOption(policies: readonly string[]) {
  const option = choiceOption('--policy <policy>', 'Policy of eviction to try, repeatable', policies);
  const parse = option.parseArg;
  option.argParser((value: string, before: readonly string[] | undefined) => {
    parse?.(value, undefined);
    return append(value, before);
  });
  option.defaultValueDescription = DEFAULT_POLICIES.join(', ');
  return option;
}

async function answer(
  input: string,
  options: SizeCommandOptions,
  interruption: Interruption,
): Promise<CommandResult> {
  refuseStdin(input);
  const { rss, process: processBytes } = options;
  if (rss <= processBytes + KIB) {
    throw new InputError(
      `--rss ${rss}: is not above the memory of the process beside its allocator (--process ${processBytes}); allow more`,
    );
  }
  const changed = await parseChangedInput(input, options);
  return withReplayer(`size ${input}`, changed, options, interruption, (replayer) =>
    sizingOn(input, changed, options, { interruption, replayer }),
  );
}

async function sizingOn(
  input: string,
  changed: ChangedInput,
  options: SizeCommandOptions,
  {
    interruption,
    replayer,
  }: { readonly interruption: Interruption; readonly replayer: Replayer | undefined },
): Promise<CommandResult> {
  const { rss, process: processBytes, copied, hooks, policy = DEFAULT_POLICIES, quiet = false } = options;
  const { setup, cut, plan } = changed;
  const limit = rssLimit(rss, processBytes, copied);
  const sizing = await size(
    { setup, hooks, cut, limit, policies: policy },
    {
      replayer,
      meansWith: (settings) =>
        meansFor(
          input,
          { ...changed, plan: { ...plan, settings: { ...plan.settings, ...settings } } },
          options,
          interruption,
        ),
      onReplay: (what, number) => {
        if (!quiet) printMessage(`replay ${number}: ${what}`);
      },
    },
  );
  return {
    json: sizing,
    text: (terminal) => sizeReport(sizing, terminal),
    exitCode: 0,
    messages: [`${sizing.runs} replays in ${(sizing.timing.wallMs / 1000).toFixed(1)} s`],
  };
}
