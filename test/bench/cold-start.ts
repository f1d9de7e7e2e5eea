/** RESP files of many commands from a cold start, each a whole process, beside a server under redis-benchmark. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { TemporaryDirectory } from '../../src/output/node.js';
import { respLength, writeResp } from '../../src/resp/request-writer.js';
import type { Leg } from './leg.js';
import { fastQuartileOfRates } from './measured.js';
import { slablabProgram } from './node-program.js';
import { neededServer, redisBenchmark, withServer } from './redis-benchmark.js';
import { batchesOf, CLIENTS, KEY_SPACE, PIPELINE, TRAFFICS, type Traffic } from './traffic.js';

const ROUNDS = 3;
const GOAL = 1.5;
const COMMANDS = 5_000_000;
/** With values of 1,000 bytes, the file would be too large for many a disk. */
const COMMANDS_OF_LARGE = 1_000_000;
const LARGE = 1000;
const MODELS = ['redis-7.2', 'valkey-9.1'] as const;

interface ColdStart {
  readonly traffic: string;
  readonly model: string;
  readonly commands: number;
  /** Commands per second. */
  readonly server: number;
  readonly lab: number;
  /** The processor's seconds of the lab, all threads together. */
  readonly labCpuSeconds: number;
  /** lab / server */
  readonly ofServer: number;
}

export const coldStart: Leg = {
  title: 'A RESP file from a cold start',
  about:
    '`slablab run FILE --worker --quiet` as a whole process, which reads, models, replays and reports, beside a server under ' +
    `\`redis-benchmark -P ${PIPELINE} -r ${KEY_SPACE}\`.`,
  byNameOnly: true,
  async measure() {
    const results = await measureAll();
    const millions = (perSecond: number) => (perSecond / 1e6).toFixed(2);
    return {
      tables: [
        {
          caption: `M commands/s, upper quartile of ${ROUNDS} runs`,
          columns: ['commands', 'model', 'server', 'lab', 'of server', 'processor time'],
          rows: results.map(({ traffic, model, server, lab, ofServer, labCpuSeconds }) => [
            traffic,
            model,
            millions(server),
            millions(lab),
            ofServer.toFixed(2),
            `${labCpuSeconds.toFixed(1)} s`,
          ]),
        },
      ],
      goals: results.map(({ traffic, model, ofServer }) => ({
        what: `${traffic}, ${model}, from a cold start: lab / server`,
        measured: ofServer,
        is: 'at least' as const,
        goal: GOAL,
        unit: '',
      })),
      figures: results,
    };
  },
};

async function measureAll(): Promise<ColdStart[]> {
  const binary = await neededServer();
  const results: ColdStart[] = [];
  for (const traffic of TRAFFICS) {
    const commands = traffic.dataBytes < LARGE ? COMMANDS : COMMANDS_OF_LARGE;
    const directory = await TemporaryDirectory.make('slablab-cold-');
    try {
      const file = join(directory.path, 'traffic.resp');
      await writeTraffic(traffic, commands, file);
      const server: number[] = [];
      const labs = MODELS.map(() => ({ rates: [] as number[], cpuSeconds: Infinity }));
      for (let round = 0; round < ROUNDS; round++) {
        const options = `-c ${CLIENTS} -P ${PIPELINE} -r ${KEY_SPACE} -n ${commands} -d ${traffic.dataBytes}`;
        server.push(...(await withServer(binary, ({ port }) => redisBenchmark(port, traffic.test, options))));
        for (const [at, model] of MODELS.entries()) {
          const used = await slablabProgram('run', file, '--server', model, '--worker', '--quiet');
          const lab = labs[at]!;
          lab.rates.push(commands / used.wallSeconds);
          lab.cpuSeconds = Math.min(lab.cpuSeconds, used.cpuSeconds);
        }
      }
      for (const [at, model] of MODELS.entries()) {
        const { rates, cpuSeconds } = labs[at]!;
        const own = { server: fastQuartileOfRates(server), lab: fastQuartileOfRates(rates) };
        const ofServer = own.lab / own.server;
        results.push({ traffic: traffic.name, model, commands, ...own, labCpuSeconds: cpuSeconds, ofServer });
      }
    } finally {
      await directory.remove();
    }
  }
  return results;
}

async function writeTraffic(traffic: Traffic, count: number, path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const { commands, count: taken } of batchesOf(traffic, count)) {
    const sent = commands.slice(0, taken);
    const bytes = new Uint8Array(sent.reduce((total, command) => total + respLength(command), 0));
    let at = 0;
    for (const command of sent) at = writeResp(command, bytes, at);
    if (!file.write(bytes)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
