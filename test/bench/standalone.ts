/** The throughput of a lab that is a server itself, beside that of the server, under redis-benchmark. They take turns. */
import type { ServerBinary } from '../../src/verify/server-binary.js';
import type { Leg } from './leg.js';
import { type Centre, centre, fastQuartileOfRates, shareText } from './measured.js';
import { neededServer, redisBenchmark, withServer } from './redis-benchmark.js';
import { SLABLAB, start } from './spawned.js';

const TESTS = ['set', 'get', 'lpush', 'hset', 'zadd'];
const OPTIONS = '-P 16 -n 100000 -r 50000';
const ROUNDS = 6;
/** The least share of the server's throughput. */
const GOAL = 0.5;

interface Share {
  readonly test: string;
  /** Commands per second. */
  readonly server: number;
  readonly lab: number;
  /** The lab's throughput as a share of the server's, round by round. */
  readonly share: Centre;
}

export const standalone: Leg = {
  title: 'The lab as a server',
  about:
    `\`redis-benchmark ${OPTIONS}\` runs against a server and against \`slablab serve\` without an upstream, which ` +
    'keeps values and models the memory of each command.',
  async measure() {
    const binary = await neededServer();
    const shares = await sharesOf(binary);
    const least = shares.reduce((least, one) => (one.share.mean < least.share.mean ? one : least));
    return {
      tables: [
        {
          caption:
            `M commands/s beside ${binary.product} ${binary.version}, upper quartile of ${ROUNDS} laps; shares are means ` +
            `of ${ROUNDS} rounds without the highest and the lowest`,
          columns: ['', 'server', 'lab', 'of the server'],
          rows: shares.map(({ test, server, lab, share }) => [
            test,
            millions(server),
            millions(lab),
            shareText(share),
          ]),
        },
      ],
      goals: [
        {
          what: `throughput of a lab by itself, as a share of the server's (${least.test}, the least of five)`,
          measured: least.share.mean,
          is: 'at least',
          goal: GOAL,
          unit: '',
        },
      ],
      figures: shares,
    };
  },
};

async function sharesOf(binary: ServerBinary): Promise<Share[]> {
  return withServer(binary, async ({ port }) => {
    const lab = await start(SLABLAB, 'serve', '--port', '0', '--server', `${binary.product}-7.0`);
    const ports = [port, lab.port];
    const rates = ports.map(() => TESTS.map((): number[] => []));
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (let turn = 0; turn < ports.length; turn++) {
          // Each round begins with the other one.
          const side = (round + turn) % ports.length;
          const found = await redisBenchmark(ports[side]!, TESTS.join(','), OPTIONS);
          for (const [test, rate] of found.entries()) rates[side]?.[test]?.push(rate);
        }
      }
    } finally {
      lab.child.kill('SIGTERM');
    }
    return TESTS.map((test, index) => {
      const [server, own] = rates.map((side) => side[index]!) as [number[], number[]];
      return {
        test,
        server: fastQuartileOfRates(server),
        lab: fastQuartileOfRates(own),
        share: centre(own.map((rate, round) => rate / server[round]!)),
      };
    });
  });
}

const millions = (perSecond: number) => (perSecond / 1e6).toFixed(2);
