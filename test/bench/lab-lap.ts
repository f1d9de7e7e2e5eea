/**
 * Runs one lap of the lab as a process of its own, as `slablab run` does. Prints its measurements as JSON.
 *
 *     node lab-lap.js <traffic> <commands> <threads: 1 | 2> [none | slots | types | owners | report]
 */
import { openEngine } from '#slablab/src/engine/node.js';
import { commandSource } from '../../src/run/command-source.js';
import { run } from '../../src/run/run.js';
import { RunAccounts } from '../../src/run/run-accounts.js';
import { ACCOUNTS } from './accounting.js';
import { batchesOf, TRAFFICS } from './traffic.js';

export interface LabLap {
  readonly commandsPerSecond: number;
  /** Of the processor's time, all threads together: what the machine does meanwhile counts for less. */
  readonly commandsPerCpuSecond: number;
}

const [name, count, threads, account = 'none'] = process.argv.slice(2);
const traffic = TRAFFICS.find((known) => known.name === name);
if (traffic === undefined) throw new Error(`no traffic is called '${name}'`);
const commands = Number(count);
if (!ACCOUNTS.some((known) => known === account)) throw new Error(`no account is called '${account}'`);
const keepsOwners = account === 'owners' || account === 'report';
const accounts =
  keepsOwners || account === 'types'
    ? { accounts: new RunAccounts({ owners: keepsOwners, patterns: [] }) }
    : {};
// A type profile is asked for where there is one; a pin report is a walk of all regions, and a column of its own.
const asked = account === 'owners' ? {} : accounts;
const batches = batchesOf(traffic, commands);
const source = commandSource({
  name: traffic.name,
  commands: () => batches,
  settings: account === 'slots' ? [['cluster-slot-stats-enabled', 'yes']] : [],
  ...accounts,
});
const options = { conf: '', hooks: 'complete' } as const;
const start = process.cpuUsage();
const engine = await openEngine({ build: 'q3', runtime: 'wasm', worker: threads === '2', ...options });
const { result, failure } = await run(source, engine, { ...options, ...asked, sweepEvery: 0 });
await engine.close();
if (failure !== null) throw failure;
// With its start-up and the survey that it ends with.
const { user, system } = process.cpuUsage(start);
const lap: LabLap = {
  commandsPerSecond: commands / (result.timing.wallMs / 1000),
  commandsPerCpuSecond: commands / ((user + system) / 1e6),
};
console.log(JSON.stringify(lap));
