import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { PRESETS } from '../sweep/index.js';
import { CellWorker } from '../sweep/node.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { addSweepOptions, formatOf, type SweepCommandOptions } from './sweep-options.js';

const EXAMPLES = [
  'slablab sweep scattered-delete --preset decay',
  'slablab sweep scattered-delete --axis order=random --axis drop=0.5,0.75,0.9 --axis seed=1,2,3 --format csv',
  'slablab sweep scattered-delete --axis conf= --axis conf=narenas:1,tcache:false --axis build=q3,q4',
  'slablab sweep traffic.resp --axis hash-max-listpack-entries=128,512 --axis server=redis-7.2,valkey-8.0',
  'slablab sweep traffic.resp --preset tcache --preset decay --out results --resume',
];

const MORE = `Axes: build, server, conf, any single option of jemalloc (dirty_decay_ms, tcache_max, …), any setting of the server (maxmemory, hash-max-listpack-entries, …), any parameter of the workload (drop, order, …), seed. Values are separated by commas; a whole configuration string has commas of its own, so each takes an --axis conf=… of its own. An axis given by hand takes the place of a preset's of the same name.

Presets:
${PRESETS.map(({ name, meaning }) => `${name}: ${meaning}`).join('\n')}

Exit code: 0 if every cell ran or failed by itself (its row says why), 1 if a ledger did not reconcile, 2 for bad usage or if no cell could be measured, 130 after Ctrl-C, when what is done is printed.`;

export function sweepCommand(show: (result: CommandResult, options: SweepCommandOptions) => void): Command {
  const command = new Command('sweep')
    .description('run a workload or a file in every combination of settings, and say which are best')
    .argument('<workload | file>', 'as for `slablab run`');
  return addExamples(addSweepOptions(command), EXAMPLES, MORE).action(
    async (what: string, options: SweepCommandOptions) => {
      const format = formatOf(options);
      const workers = startedWorkers(options.jobs);
      try {
        const { sweepWhat } = await import('./sweep-what.js');
        show(await sweepWhat(what, options, workers), { ...options, json: format === 'json' });
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()));
      }
    },
  );
}

/**
 * The first loads while this thread does, which takes as long as dozens of cells. The others would only take the
 * processor from these two: they load while the first produces a stream.
 */
function startedWorkers(jobs: number): CellWorker[] {
  const workers = Array.from({ length: Math.min(jobs, availableParallelism()) }, () => new CellWorker());
  workers[0]?.start();
  return workers;
}
