import { Command, Option } from 'commander';
import { InputError } from '../base/index.js';
import { labLines, serveReport } from '../report/node.js';
import { untilSignal } from '../serve/index.js';
import { Attach, parseUpstream } from '../serve/node.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { addListenOptions, type ListenCommandOptions, serveOptionsOf } from './serve-flags.js';
import { watchLab } from './watch-lab.js';

interface AttachCommandOptions extends ListenCommandOptions {
  readonly every: number;
}

const EXAMPLES = [
  'slablab attach redis://127.0.0.1:6379',
  'slablab attach redis://127.0.0.1:6379 --every 60 --owners',
  'redis-cli -p 6380 MEMORY PINS',
];

const MORE =
  'Clients keep using the server; the lab follows what MONITOR tells, and answers about memory on a port of its own. ' +
  'MONITOR costs a server throughput, and leaves out what it is told in secret (AUTH). SIGTERM or Ctrl-C ends it.';

export function attachCommand(show: (result: CommandResult, options: ListenCommandOptions) => void): Command {
  const command = new Command('attach')
    .description('let the lab follow a live server by its MONITOR feed, and ask it about memory')
    .argument('<url>', 'the server: redis://[user:password@]host[:port][/database]')
    .addOption(
      new Option('--every <seconds>', 'how often a summary is printed; 0: never')
        .argParser(seconds)
        .default(10),
    );
  return addExamples(addListenOptions(command), EXAMPLES, MORE).action(
    async (url: string, options: AttachCommandOptions) => {
      show(await attachTo(url, options), options);
    },
  );
}

async function attachTo(url: string, options: AttachCommandOptions): Promise<CommandResult> {
  const upstream = parseUpstream('attach', url);
  const serveOptions = serveOptionsOf(options);
  const signal = untilSignal();
  const attach = await Attach.open(upstream, serveOptions);
  const unwatch = await watchLab(attach.lab, options).catch(async (cause) => {
    await attach.close();
    throw cause;
  });
  say(`listening on ${options.host}:${attach.port}`);
  const { every, quiet = false } = options;
  const timer =
    every === 0 || quiet
      ? undefined
      : setInterval(async () => {
          const { lab } = await attach.summary();
          say(lab === null ? 'the lab does not answer' : labLines(lab).join('; '));
        }, every * 1000);
  await signal;
  clearInterval(timer);
  await unwatch();
  const summary = await attach.close();
  return { json: summary, text: () => serveReport(summary), exitCode: 0, messages: [] };
}

function seconds(value: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw new InputError(`--every ${value}: must be a whole number of seconds`);
}
