import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { InputError } from '../base/index.js';
import { DEFAULT_SERVER, OTHER_SERVER } from '../model/index.js';
import { PRESETS } from '../sweep/index.js';
import { CellWorker } from '../sweep/node.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { addSweepOptions, type SweepCommandOptions } from './sweep-options.js';

const EXAMPLES = [
  'slablab sweep scattered-delete --preset decay',
  'slablab sweep scattered-delete --axis order=random --axis drop=0.5,0.75,0.9 --axis seed=1,2,3 --format csv',
  'slablab sweep scattered-delete --axis conf= --axis conf=narenas:1,tcache:false --axis build=q3,q4',
  `slablab sweep traffic.resp --axis hash-max-listpack-entries=128,512 --axis server=${DEFAULT_SERVER},${OTHER_SERVER}`,
  'slablab sweep traffic.resp --preset tcache --preset decay --out results --resume',
  'slablab sweep traffic.resp --preset tcache --shard 2/5 --out part',
  'slablab sweep traffic.resp --preset decay --queue redis://queue.example.com --out results',
  'slablab sweep --merge part-1 part-2 part-3 part-4 part-5 --out results',
];

const NOTES = `Axes: build, server, conf, an option of jemalloc (dirty_decay_ms, tcache_max, …), a setting of the server (maxmemory, hash-max-listpack-entries, …), a parameter of the workload (drop, order, …), or seed. Commas separate values, except in a configuration string, which contains commas: repeat --axis conf=… for each. An --axis replaces the axis of the same name in a preset.

Presets:
${PRESETS.map(({ name, meaning }) => `- ${name}: ${meaning}`).join('\n')}

Exit code: 0 if at least one cell was measured (the rows of failed cells contain the error), 1 if a ledger did not reconcile or a command could not be carried out, 2 for bad usage or if no cell was measured, 130 after Ctrl-C, which prints the results so far.`;

export function sweepCommand(show: (result: CommandResult, options: SweepCommandOptions) => void): Command {
  const command = new Command('sweep')
    .description('Run a workload or a file under every combination of settings, and report the best ones')
    .argument('[workload | file]', 'Input, as for `slablab run`; not with --merge or --attach');
  return addExamples(addSweepOptions(command), EXAMPLES, NOTES).action(
    async (input: string | undefined, options: SweepCommandOptions) => {
      const print = (result: CommandResult) => show(result, options);
      if (options.merge !== undefined) {
        refuseInput('--merge', input);
        const { mergeSweep } = await import('./merge-sweep.js');
        print(await mergeSweep(options.merge, options));
        return;
      }
      if (options.verify > 0 && options.queue === undefined) {
        throw new InputError('--verify requires --queue; add --queue, or remove --verify');
      }
      if (options.attach !== undefined && options.queue !== undefined) {
        refuseInput('--attach', input);
        const { attachSweep } = await import('./sweep-on-queue.js');
        print(await attachSweep(options.attach, options.queue, options));
        return;
      }
      if (input === undefined) {
        throw new InputError('no input is given: name a workload (see `slablab workloads`) or a file');
      }
      const workers = options.queue === undefined ? startedWorkers(options.jobs) : [];
      try {
        const { runSweep } = await import('./run-sweep.js');
        print(await runSweep(input, options, workers));
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()));
      }
    },
  );
}

/** Refuses an input beside an option that takes the input from elsewhere. */
function refuseInput(option: string, input: string | undefined): void {
  if (input === undefined) return;
  throw new InputError(`${option} with ${input}: the input is that of the sweep itself; remove ${input}`);
}

/**
 * Makes the workers, and starts the first while this thread still loads modules, which takes as long as dozens of cells.
 * The others start later, since they would compete for the processor.
 */
function startedWorkers(jobs: number): CellWorker[] {
  const workers = Array.from({ length: Math.min(jobs, availableParallelism()) }, () => new CellWorker());
  workers[0]?.start();
  return workers;
}
