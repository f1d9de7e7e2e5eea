/**
 * One lap of the lab, as a program of its own, since that is what `slablab run` is: nothing is compiled yet, no memory
 * is there. Prints what it measured as JSON.
 *
 *     node lab-lap.js <traffic> <commands> <threads: 1 | 2>
 */
import { openEngine } from '../../src/engine/index.js';
import { run } from '../../src/sweep/run.js';
import { commandSource } from '../../src/sweep/source.js';
import { batchesOf, TRAFFICS } from './traffic.js';

export interface LabLap {
  readonly commandsPerSecond: number;
}

const [name, count, threads] = process.argv.slice(2);
const traffic = TRAFFICS.find((known) => known.name === name);
if (traffic === undefined) throw new Error(`no traffic is called '${name}'`);
const commands = Number(count);
const source = commandSource({ name: traffic.name, commands: () => batchesOf(traffic, commands) });
const options = { conf: '', hooks: 'complete' } as const;
const engine = await openEngine({ build: 'q3', runtime: 'wasm', worker: threads === '2', ...options });
const { result, failure } = await run(source, engine, { ...options, sweepEvery: 0 });
await engine.close();
if (failure !== null) throw failure;
// With its start-up and the survey that it ends with.
const lap: LabLap = { commandsPerSecond: commands / (result.timing.wallMs / 1000) };
console.log(JSON.stringify(lap));
