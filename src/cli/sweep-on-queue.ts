/** Runs a sweep on the workers of a queue instead of those of this process. */
import { tmpdir } from 'node:os';
import { InputError } from '../base/index.js';
import { writeWhole } from '../output/node.js';
import {
  contractOf,
  describeInput,
  isSent,
  type PlannedGrid,
  planOf,
  preflight,
  type QueuedOutcome,
  QueuedSweep,
  type QueuePlace,
  queueName,
  type SweepPlan,
  sweepId,
} from '../queue/node.js';
import { contentPath, subjectName } from '../run/node.js';
import { buildsOf, CellShelf, concludeGrid, type Grid, startClock } from '../sweep/node.js';
import { abortOnSignals, type Interruption } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { printMessage } from './output.js';
import { Outputs } from './outputs.js';
import { cellsBar } from './progress.js';
import { queuePlaceOf } from './queue-options.js';
import { ResultFile } from './result-file.js';
import { sweepCommandResult } from './sweep-command-result.js';
import { finishJournal, headerOf, type OpenJournal, openJournal } from './sweep-journal.js';
import type { SweepCommandOptions } from './sweep-options.js';
import { recordingsOf } from './sweep-recordings.js';
import { version } from './version.js';

/** Returns the place of the queue that the options name, after a look at its server. */
export async function queueOf(url: string, options: SweepCommandOptions): Promise<QueuePlace> {
  if (options.shard !== undefined) {
    throw new InputError('--queue with --shard: a queue divides a sweep by itself; remove one of the two');
  }
  const place = queuePlaceOf('--queue', url, options);
  const warnings = await preflight('--queue', place);
  if (options.quiet !== true) for (const warning of warnings) printMessage(warning);
  return place;
}

/** Puts the cells of a grid on a queue, and collects them. */
export async function sweepOnQueue(
  grid: Grid,
  file: ResultFile | undefined,
  place: QueuePlace,
  interruption: Interruption,
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const header = await headerOf(grid);
  const { subject } = grid;
  const plan = {
    header,
    title: subjectName(subject),
    grid: { outline: grid.outline, bestBy: options.bestBy, tolerance: options.tolerance },
    cells: grid.cells,
    cellTimeoutMs: options.cellTimeout === undefined ? null : options.cellTimeout * 1000,
    isRecorded: file !== undefined && options.recordings,
    verifiedShare: options.verify,
    contract: await contractOf(version(), grid.cells),
    inputs: isSent(subject) ? [await describeInput(contentPath(subject))] : [],
    queue: await queueName(version()),
  };
  return collect(plan, file, place, interruption, { ...options, isRevived: true });
}

/** Collects the cells of a sweep that another process put on a queue. */
export async function attachSweep(
  id: string,
  url: string,
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const place = await queueOf(url, options);
  const plan = await planOf(place, id);
  if (plan.contract.version !== version()) {
    throw new InputError(
      `--attach ${id}: is a sweep of slablab ${plan.contract.version}, and this is ${version()}; use that version`,
    );
  }
  const interruption = abortOnSignals();
  const { out } = options;
  const attach = (file: ResultFile | undefined) =>
    collect(plan, file, place, interruption, { ...options, resume: true, isRevived: false });
  try {
    if (out === undefined) return await attach(undefined);
    return await ResultFile.use(out, `${subjectName(plan.grid.outline.subject)}.sweep`, attach);
  } finally {
    interruption.stop();
  }
}

async function collect(
  plan: SweepPlan & { readonly grid: PlannedGrid },
  file: ResultFile | undefined,
  place: QueuePlace,
  interruption: Interruption,
  options: SweepCommandOptions & { readonly isRevived: boolean },
): Promise<CommandResult> {
  const clock = startClock();
  const { quiet = false, resume = false } = options;
  const note = (text: string) => {
    if (!quiet) printMessage(text);
  };
  const shelf = CellShelf.in(file?.directory ?? tmpdir());
  const journal = file === undefined ? undefined : await openJournal(plan.header, file, { resume, shelf });
  for (const message of journal?.messages ?? []) note(message);
  const recordTo = file === undefined ? undefined : await recordingsOf(file, options);
  const progress = await cellsBar(!quiet, plan.cells.length);
  try {
    const sweep = new QueuedSweep(place, plan, {
      done: journal?.done ?? new Map(),
      shelf,
      ...(journal === undefined ? {} : { keep: (cell) => journal.writer.add(cell) }),
      ...(recordTo === undefined ? {} : { record: (cell, bytes) => writeWhole(recordTo(cell), bytes) }),
      onCell: (done) => progress.update(done),
      onNote: note,
      isRevived: options.isRevived,
      signal: interruption.signal,
    });
    note(`sweep ${sweepId(plan.header)}: ${plan.cells.length} cells on ${place.server.url}`);
    const outcome = await sweep.run();
    const { outline, bestBy, tolerance } = plan.grid;
    const grid = { subject: outline.subject, axes: outline.axes, cells: plan.cells, outline };
    const result = concludeGrid(grid, outcome.cells, await buildsOf(plan.cells), {
      bestBy,
      tolerance,
      ...clock(),
      jobs: Math.max(1, outcome.workers.length),
      resumedCells: journal?.done.size ?? 0,
    });
    const outputs = new Outputs();
    addVerdicts(outcome, outputs);
    await finishJournal(result, plan.cells.length, { file, journal, shelf }, outputs, options);
    const signal = interruption.signalName();
    const wanted = plan.cells.length;
    const end = { signal: outcome.isCancelled ? ('SIGTERM' as const) : signal, journal, wanted };
    return sweepCommandResult(result, outputs, options, {
      ...end,
      shelf,
      kept: keptOf(plan, outcome, place, journal),
    });
  } catch (error) {
    await journal?.writer.close();
    throw error;
  } finally {
    progress.stop();
  }
}

/** Says how a sweep continues that its producer left. */
function keptOf(
  { header }: SweepPlan,
  { isCancelled }: QueuedOutcome,
  { server }: QueuePlace,
  journal: OpenJournal | undefined,
): string {
  const id = sweepId(header);
  const inJournal = journal === undefined ? '' : `these are kept in ${journal.path}; `;
  if (isCancelled) return `the sweep was cancelled; ${inJournal}repeat the command with --resume to continue`;
  return (
    `${inJournal}the others go on at the workers: --attach ${id} --queue ${server.url} collects them, and ` +
    `\`slablab queue ${server.url} --cancel ${id}\` stops them`
  );
}

function addVerdicts({ verdicts, wantedVerdicts }: QueuedOutcome, { messages, errors }: Outputs): void {
  if (wantedVerdicts === 0) return;
  for (const { cell, isEqual, workers } of verdicts) {
    if (isEqual) continue;
    errors.push(
      new InputError(
        `cell ${cell} has different results on ${workers.join(' and ')}; run it on each of them to find which is wrong`,
      ),
    );
  }
  messages.push(`${verdicts.length} of ${wantedVerdicts} cells to verify were run on two workers`);
}
