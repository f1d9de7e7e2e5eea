import { Command } from 'commander';
import { InputError } from '../base/index.js';
import { serveReport } from '../report/node.js';
import { untilSignal } from '../serve/index.js';
import { parseUpstream, SHARING, Standalone, Tap } from '../serve/node.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { addListenOptions, type ListenCommandOptions, serveOptionsOf } from './serve-flags.js';
import { watchLab } from './watch-lab.js';

interface ServeCommandOptions extends ListenCommandOptions {
  readonly upstream?: string;
  readonly ownConnections?: boolean;
}

const EXAMPLES = [
  'slablab serve',
  'slablab serve --port 6380 --upstream redis://127.0.0.1:6379',
  'slablab serve --watch --watch-every 5 --owners',
  'redis-cli -p 6380 INFO memory',
  'slablab verify --live redis://127.0.0.1:6380',
];

const MORE =
  'Clients use the port as they would use the server. The lab follows what passes, and answers INFO memory and ' +
  'INFO rdb_stats, MEMORY STATS, DOCTOR and VERIFY, and BGSAVE STAT_MEMORY. SIGTERM or Ctrl-C ends it with a summary.';

export function serveCommand(show: (result: CommandResult, options: ListenCommandOptions) => void): Command {
  const command = new Command('serve')
    .description(
      'let applications drive the lab: as a tap in front of a real server, or as a server of its own',
    )
    .option(
      '--upstream <url>',
      'the real server: redis://[user:password@]host[:port][/database] (default: none, the lab answers itself)',
    )
    .option(
      '--own-connections',
      'with --upstream: what a client sends goes over its own connection always; else, when many send in the same ' +
        'moment, it goes together over one more, which takes less time',
    );
  return addExamples(addListenOptions(command), EXAMPLES, MORE).action(
    async (options: ServeCommandOptions) => {
      show(await serve(options), options);
    },
  );
}

async function serve(options: ServeCommandOptions): Promise<CommandResult> {
  const serveOptions = serveOptionsOf(options);
  const { ownConnections = false } = options;
  if (ownConnections && options.upstream === undefined) {
    throw new InputError('--own-connections is for --upstream: give that as well');
  }
  const sharing = ownConnections ? undefined : SHARING;
  const signal = untilSignal();
  const serving =
    options.upstream === undefined
      ? await Standalone.open(serveOptions)
      : await Tap.open(parseUpstream('--upstream', options.upstream), { ...serveOptions, sharing });
  const unwatch = await watchLab(serving.lab, options).catch(async (cause) => {
    await serving.close();
    throw cause;
  });
  say(`listening on ${options.host}:${serving.port}`);
  await signal;
  await unwatch();
  const summary = await serving.close();
  return { json: summary, text: () => serveReport(summary), exitCode: 0, messages: [] };
}
