import { Command } from 'commander';
import { InputError } from '../base/index.js';
import { parseServerSettings } from '../model/index.js';
import { serveReport } from '../report/node.js';
import { untilSignal } from '../serve/index.js';
import { Standalone, Tap } from '../serve/node.js';
import { append } from './arguments.js';
import type { CommandResult } from './command-result.js';
import { exitCodeOfLab } from './exit.js';
import { addExamples } from './help.js';
import { addListenOptions, type ListenCommandOptions, serveOptionsOf } from './listen-options.js';
import { printMessage } from './output.js';
import { addUpstreamOptions, type UpstreamCommandOptions, upstreamOf } from './upstream-options.js';
import { watchLab } from './watch-lab.js';

interface ServeCommandOptions extends ListenCommandOptions, UpstreamCommandOptions {
  readonly upstream?: string;
  readonly set?: readonly string[];
}

const EXAMPLES = [
  'slablab serve',
  'slablab serve --port 6380 --upstream redis://127.0.0.1:6379',
  'slablab serve --watch --watch-every 5 --owners',
  'slablab serve --set cluster-enabled=yes',
  'redis-cli -p 6380 INFO memory',
  'slablab verify --live redis://127.0.0.1:6380',
];

const NOTES =
  'Clients use the port as they would use the server. The lab replays their commands, and answers INFO memory, ' +
  'INFO rdb_stats, MEMORY STATS, MEMORY DOCTOR, MEMORY VERIFY and BGSAVE STAT_MEMORY. SIGTERM or Ctrl-C ends the ' +
  'command and prints a summary.';

export function serveCommand(show: (result: CommandResult, options: ListenCommandOptions) => void): Command {
  const command = new Command('serve')
    .description('Serve applications from the lab, as a tap in front of a real server or without one')
    .option(
      '--upstream <url>',
      'Real server to tap: redis://[user:password@]host[:port][/database], rediss:// or unix:///path ' +
        '(default: none, the lab answers)',
    )
    .option(
      '--set <name=value>',
      'Setting of the server that the lab is; repeatable; not with --upstream',
      append,
    );
  return addExamples(addListenOptions(addUpstreamOptions(command)), EXAMPLES, NOTES).action(
    async (options: ServeCommandOptions) => {
      show(await serve(options), options);
    },
  );
}

async function serve(options: ServeCommandOptions): Promise<CommandResult> {
  const serveOptions = serveOptionsOf(options);
  const { upstream, set = [] } = options;
  if (upstream !== undefined && set.length > 0) {
    throw new InputError(
      `--set ${set[0]}: the real server has settings of its own; remove --set or --upstream`,
    );
  }
  const serverSettings = parseServerSettings(set);
  const signal = untilSignal();
  const serving =
    upstream === undefined
      ? await Standalone.open({ ...serveOptions, serverSettings })
      : await Tap.open(upstreamOf('--upstream', upstream, options), serveOptions);
  const unwatch = await watchLab(serving.lab, options).catch(async (cause) => {
    await serving.close();
    throw cause;
  });
  printMessage(`listening on ${options.host}:${serving.port}`);
  await signal;
  await unwatch();
  const summary = await serving.close();
  return { json: summary, text: () => serveReport(summary), exitCode: exitCodeOfLab(summary), messages: [] };
}
