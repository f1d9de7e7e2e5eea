import { Command } from 'commander';
import { type Column, tableInBlocks } from '../base/index.js';
import { cancelSweep, listQueue, preflight, type QueueListing } from '../queue/node.js';
import type { Terminal } from '../report/index.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { addQueueOptions, type QueueOptions, queuePlaceOf } from './queue-options.js';

interface QueueCommandOptions extends CommonOptions, QueueOptions {
  readonly cancel?: string;
}

const EXAMPLES = [
  'slablab queue redis://queue.example.com',
  'slablab queue redis://queue.example.com --cancel 0123456789abcdef',
  'slablab sweep --attach 0123456789abcdef --queue redis://queue.example.com --out results',
];

const NOTES =
  'A sweep is listed until its producer has all of its cells. Cancelling stops its cells within a second. Its producer ' +
  'then ends with the cells that it has, and --resume continues. Exit code: 0 on success, 2 for bad usage, a sweep that ' +
  'is not there or a server that cannot be used.';

export function queueCommand(show: (result: CommandResult, options: QueueCommandOptions) => void): Command {
  const command = new Command('queue')
    .description('List the sweeps and the workers of a queue, or cancel a sweep')
    .argument('<url>', 'Server of the queue, as for `slablab worker`')
    .option('--cancel <id>', 'Cancel this sweep');
  return addExamples(addQueueOptions(command), EXAMPLES, NOTES).action(
    async (url: string, options: QueueCommandOptions) => {
      const place = queuePlaceOf('queue', url, options);
      const messages = await preflight('queue', place);
      if (options.cancel !== undefined) {
        await cancelSweep(place, options.cancel);
        messages.push(`sweep ${options.cancel} is cancelled`);
      }
      const listing = await listQueue(place);
      show(
        { json: listing, text: (terminal) => listingText(listing, terminal), exitCode: 0, messages },
        options,
      );
    },
  );
}

function listingText({ sweeps, workers, slices }: QueueListing, { width }: Terminal): string {
  const sweepLines = tableInBlocks(
    column('sweep', sweeps, ({ id }) => id),
    [
      column('state', sweeps, ({ state }) => state),
      column('cells', sweeps, ({ finished, cells }) => `${finished}/${cells}`),
      column('version', sweeps, ({ version }) => version),
      column('input', sweeps, ({ input }) => input),
    ],
    width,
  );
  const workerLines = tableInBlocks(
    column('worker', workers, ({ name }) => name),
    [
      column('running', workers, ({ running, jobs }) => `${running}/${jobs}`),
      column('cells', workers, ({ cells }) => String(cells)),
      column('version', workers, ({ version }) => version),
      column('refused', workers, ({ refusals }) => String(Object.keys(refusals).length)),
    ],
    width,
  );
  return [
    ...(sweeps.length === 0 ? ['no sweeps'] : sweepLines),
    '',
    ...(workers.length === 0 ? ['no workers'] : workerLines),
    '',
    `slices: ${slices.waiting} waiting, ${slices.running} running, ${slices.failed} failed`,
    '',
  ].join('\n');
}

function column<Row>(title: string, rows: readonly Row[], cellOf: (row: Row) => string): Column {
  return { title, cells: rows.map(cellOf) };
}
