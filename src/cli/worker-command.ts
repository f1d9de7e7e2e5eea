import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { GIB } from '../base/index.js';
import { TemporaryDirectory } from '../output/node.js';
import { MetricsServer, preflight, QueueWorker, type WorkerFigures } from '../queue/node.js';
import { abortOnSignals } from './abort-on-signals.js';
import { integer, seconds, sizeOption } from './arguments.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { DependentOption } from './dependent-option.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { addQueueOptions, type QueueOptions, queuePlaceOf } from './queue-options.js';
import { jobsOption } from './sweep-options.js';
import { version } from './version.js';

interface WorkerCommandOptions extends CommonOptions, QueueOptions {
  readonly jobs: number;
  readonly inputs: string;
  readonly inputsSize: number;
  readonly metrics?: number;
  readonly metricsHost: string;
  readonly lostAfter: number;
}

const EXAMPLES = [
  'slablab worker redis://queue.example.com',
  'slablab worker rediss://lab@queue.example.com:6380 --queue-password-file password --queue-ca ca.pem',
  'slablab worker redis://queue.example.com --jobs 2 --metrics 9100',
  'slablab sweep traffic.resp --preset decay --queue redis://queue.example.com --out results',
];

const NOTES = `To let a second machine run cells: install the same version of slablab there (npm install --global slablab), make sure that it reaches the server of the queue, and start \`slablab worker\` with the URL that \`slablab sweep --queue\` has. It needs no files: inputs come through the queue, by their content. Start and stop workers at any time. What a stopped one ran is run by another.

The server is a Redis 6.2 or later or a Valkey of its own, with maxmemory-policy noeviction and appendonly yes. docs/scale.md has examples for containers, and the least rights of a user.

A worker of another version, or whose builds of the allocator have other checksums, takes no cells. SIGTERM or Ctrl-C gives back what runs and ends the worker. Exit code: 0 after a signal, 2 for bad usage or a server that cannot be used.`;

const HOUR_SECONDS = 3600;
const LAST_WAIT_MS = 500;

export function workerCommand(show: (result: CommandResult, options: WorkerCommandOptions) => void): Command {
  const command = new Command('worker')
    .description('Run cells of sweeps from a queue, on this machine, until a signal')
    .argument(
      '<url>',
      'Server of the queue: redis://[user:password@]host[:port][/database], rediss:// or unix:///path',
    )
    .addOption(jobsOption('Number of cells to run in parallel'))
    .option('--inputs <dir>', 'Directory of the inputs that were fetched (default: in the cache of the user)')
    .addOption(sizeOption('--inputs-size <size>', 'Limit of that directory', 8 * GIB))
    .option('--metrics <port>', 'Serve figures for Prometheus at this port', integer('--metrics', 0, 65_535))
    .addOption(
      new DependentOption(
        '--metrics-host <address>',
        'Address of that port (default: 127.0.0.1)',
        '--metrics',
      ),
    )
    .addOption(
      new Option(
        '--lost-after <seconds>',
        'Silence after which cells of a worker run elsewhere; equal on all workers',
      )
        .argParser(seconds('--lost-after'))
        .default(15, '15'),
    );
  return addExamples(addQueueOptions(command), EXAMPLES, NOTES).action(
    async (url: string, options: WorkerCommandOptions) => {
      show(await work(url, options), options);
      // Without its server, the queue engine would wait before it ends.
      setTimeout(() => process.exit(), LAST_WAIT_MS).unref();
    },
  );
}

async function work(url: string, options: WorkerCommandOptions): Promise<CommandResult> {
  const interruption = abortOnSignals();
  const place = queuePlaceOf('worker', url, options);
  const note = (text: string) => {
    if (options.quiet !== true) printMessage(text);
  };
  for (const warning of await preflight('worker', place)) note(warning);
  const directory = await TemporaryDirectory.make('slablab-worker-');
  const worker = await QueueWorker.open(place, {
    version: version(),
    jobs: options.jobs,
    inputs: { directory: options.inputs ?? defaultInputs(), maxBytes: options.inputsSize },
    directory: directory.path,
    lostAfterMs: Math.min(options.lostAfter, HOUR_SECONDS) * 1000,
    onNote: note,
  });
  let metrics: MetricsServer | undefined;
  try {
    metrics = await metricsFor(worker, options);
    note(`worker ${worker.name} takes cells from ${place.server.url}, ${options.jobs} at a time`);
    await ended(interruption.signal);
    return resultOf(worker.name, worker.figures);
  } finally {
    metrics?.close();
    await worker.close();
    await directory.remove();
    interruption.stop();
  }
}

async function metricsFor(
  worker: QueueWorker,
  { metrics: port, metricsHost = '127.0.0.1', quiet = false }: WorkerCommandOptions,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined;
  const server = await MetricsServer.open(worker, metricsHost, port);
  if (!quiet) printMessage(`figures at http://${metricsHost}:${server.port}/metrics`);
  return server;
}

function resultOf(name: string, figures: WorkerFigures): CommandResult {
  const { cells, failedCells } = figures;
  const failed = failedCells === 0 ? '' : `, ${failedCells} of them with an error`;
  return {
    json: { schema: 'slablab.worker/1', name, ...figures },
    text: () => `${name}: ${cells} cells${failed}\n`,
    exitCode: 0,
    messages: [],
  };
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function defaultInputs(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slablab', 'inputs');
}
