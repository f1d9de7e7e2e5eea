import { Command, Option } from 'commander';
import { labLines, serveReport } from '../report/node.js';
import { untilSignal } from '../serve/index.js';
import { Attach, WAYS_TO_FOLLOW, type WayToFollow } from '../serve/node.js';
import { integer } from './arguments.js';
import type { CommandResult } from './command-result.js';
import { exitCodeOfLab } from './exit.js';
import { addExamples } from './help.js';
import { addListenOptions, type ListenCommandOptions, serveOptionsOf } from './listen-options.js';
import { printMessage } from './output.js';
import { addUpstreamOptions, type UpstreamCommandOptions, upstreamOf } from './upstream-options.js';
import { watchLab } from './watch-lab.js';

interface AttachCommandOptions extends ListenCommandOptions, UpstreamCommandOptions {
  readonly every: number;
  readonly as: WayToFollow;
}

const EXAMPLES = [
  'slablab attach redis://127.0.0.1:6379',
  'slablab attach redis://127.0.0.1:6379 --every 60 --owners',
  'slablab attach redis://127.0.0.1:6379 --as monitor',
  'redis-cli -p 6380 MEMORY PINS',
];

const NOTES =
  'Clients keep using the server, and the lab answers questions about memory on its own port. As a replica it receives ' +
  'the data of the server and then its changes, also those of scripts, expiry and eviction, but no reads. MONITOR shows ' +
  'reads as well, lowers the throughput of the server, and omits AUTH. SIGTERM or Ctrl-C ends the command.';

export function attachCommand(show: (result: CommandResult, options: ListenCommandOptions) => void): Command {
  const command = new Command('attach')
    .description('Follow a live server, and answer questions about its memory')
    .argument('<url>', 'Server to follow: redis://[user:password@]host[:port][/database]')
    .addOption(
      new Option('--as <way>', 'Way to follow the server').choices(WAYS_TO_FOLLOW).default('replica'),
    )
    .option(
      '--every <seconds>',
      'Interval between printed summaries; 0 disables them',
      integer('--every', 0, 999_999),
      10,
    );
  return addExamples(addListenOptions(addUpstreamOptions(command)), EXAMPLES, NOTES).action(
    async (url: string, options: AttachCommandOptions) => {
      show(await attachTo(url, options), options);
    },
  );
}

async function attachTo(url: string, options: AttachCommandOptions): Promise<CommandResult> {
  const upstream = upstreamOf('attach', url, options);
  const serveOptions = serveOptionsOf(options);
  const signal = untilSignal();
  const attach = await Attach.open(upstream, serveOptions, options.as);
  const unwatch = await watchLab(attach.lab, options).catch(async (cause) => {
    await attach.close();
    throw cause;
  });
  printMessage(`listening on ${options.host}:${attach.port}`);
  const { every, quiet = false } = options;
  const timer =
    every === 0 || quiet
      ? undefined
      : setInterval(async () => {
          const { lab } = await attach.summary();
          printMessage(lab === null ? 'the lab does not answer' : labLines(lab).join('; '));
        }, every * 1000);
  await signal;
  clearInterval(timer);
  await unwatch();
  const summary = await attach.close();
  return { json: summary, text: () => serveReport(summary), exitCode: exitCodeOfLab(summary), messages: [] };
}
