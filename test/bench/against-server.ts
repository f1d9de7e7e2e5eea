/**
 * Model and instrumented replay beside a real server under the same traffic: redis-benchmark's own figure there, ours
 * here. Both have two cores: the server one, and redis-benchmark one to send from; the model one, and the engine, in a
 * worker, the other. Laps take turns, and each starts from nothing; what is sent to the model is prepared before, since
 * that is no more the model's work than it is the server's.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerBinary } from '../../src/verify/server-binary.js';
import type { LabLap } from './lab-lap.js';
import type { Leg } from './leg.js';
import { fastQuartileOfRates } from './measured.js';
import { neededServer, redisBenchmark, withServer } from './redis-benchmark.js';
import { CLIENTS, KEY_SPACE, PIPELINE, TRAFFICS, type Traffic } from './traffic.js';

const COMMANDS = 3_000_000;
const ROUNDS = 5;

interface AgainstServer {
  readonly traffic: string;
  readonly commands: number;
  /** Commands per second. */
  readonly server: number;
  readonly lab: number;
  readonly labInOneThread: number;
  /** lab / server */
  readonly ofServer: number;
}

const run = promisify(execFile);

/** The goal of each traffic. */
const GOAL = 1.5;
/** By profiles of the model's thread, for which the engine's waits. */
const BOUNDS: Readonly<Record<string, string>> = {
  HSET:
    "the model's thread, in which no single part stands out: the modelled heap has 12%, reads ahead of elements 11%, " +
    'arguments 10%, setting the field 7%',
  LPUSH:
    "the model's thread, in which no single part stands out: the way of a command through the server has 24%, " +
    'arguments 17%, the modelled heap 16%, the list 9%',
};

export const againstServer: Leg = {
  title: 'Model and replay, beside a real server',
  about:
    `A server under \`redis-benchmark -P ${PIPELINE} -r ${KEY_SPACE}\` beside the lab. Server and redis-benchmark have a ` +
    'core each, as have model and engine with `--worker`. Commands are prepared before the clock starts.',
  async measure() {
    const binary = await neededServer();
    const results = await measureWith(binary);
    const rows = results.map(({ traffic, server, lab, ofServer, labInOneThread }) => [
      traffic,
      millions(server),
      millions(lab),
      ofServer.toFixed(2),
      millions(labInOneThread),
    ]);
    const caption = `M commands/s beside ${binary.product} ${binary.version}, upper quartile of ${ROUNDS} laps of ${COMMANDS}`;
    return {
      tables: [{ caption, columns: ['commands', 'server', '`--worker`', 'of server', 'one thread'], rows }],
      goals: results.map(({ traffic, ofServer }) => ({
        what: `${traffic}: model and replay / server`,
        measured: ofServer,
        is: 'at least' as const,
        goal: GOAL,
        unit: '',
        ...(BOUNDS[traffic] === undefined ? {} : { bound: BOUNDS[traffic] }),
      })),
      figures: results,
    };
  },
};

const millions = (perSecond: number) => (perSecond / 1e6).toFixed(2);

async function measureWith(binary: ServerBinary): Promise<AgainstServer[]> {
  const results: AgainstServer[] = [];
  for (const traffic of TRAFFICS) {
    const server: number[] = [];
    const lab: number[] = [];
    const oneThread: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      server.push(await serverLap(traffic));
      lab.push(await labLap(traffic, 2));
      oneThread.push(await labLap(traffic, 1));
    }
    const result: AgainstServer = {
      traffic: traffic.name,
      commands: COMMANDS,
      server: fastQuartileOfRates(server),
      lab: fastQuartileOfRates(lab),
      labInOneThread: fastQuartileOfRates(oneThread),
      ofServer: fastQuartileOfRates(lab) / fastQuartileOfRates(server),
    };
    results.push(result);
  }
  return results;

  async function serverLap({ test, dataBytes }: Traffic): Promise<number> {
    const options = `-c ${CLIENTS} -P ${PIPELINE} -r ${KEY_SPACE} -n ${COMMANDS} -d ${dataBytes}`;
    const [perSecond] = await withServer(binary, ({ port }) => redisBenchmark(port, test, options));
    return perSecond!;
  }
}

const LAP_PROGRAM = fileURLToPath(new URL('lab-lap.js', import.meta.url));

async function labLap({ name }: Traffic, threads: 1 | 2): Promise<number> {
  const { stdout } = await run(process.execPath, [LAP_PROGRAM, name, `${COMMANDS}`, `${threads}`]);
  return (JSON.parse(stdout) as LabLap).commandsPerSecond;
}
