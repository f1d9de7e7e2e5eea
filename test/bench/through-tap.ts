/**
 * What `slablab serve --upstream` leaves of redis-benchmark's throughput, beside the server itself and beside a process
 * that only passes bytes on. The three take turns in front of one server. The lab may be late: how late it was when
 * redis-benchmark had ended is measured too.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ServerBinary } from '../../src/verify/server-binary.js';
import type { Leg, Table } from './leg.js';
import { type Centre, centre, fastQuartileOfRates, shareText } from './measured.js';
import { neededServer, redisBenchmark, withServer } from './redis-benchmark.js';
import { program, SLABLAB, start } from './spawned.js';

const TESTS = ['set', 'get', 'lpush', 'hset', 'zadd'];
const COMMANDS = 300_000;
const ROUNDS = 12;
const GOAL = 0.9;
/** By profiles of both processes: microseconds of the thread of the sockets for a command. */
const BOUND =
  'the thread of the sockets takes 0.8 to 1.0 us a command, that of a bare forwarder 0.5 to 0.75: it finds commands and ' +
  'replies and copies commands for the lab, 0.02 to 0.06 us each, and no single part stands out';
const OPTIONS = `-P 16 -n ${COMMANDS}`;

interface ThroughTap {
  readonly test: string;
  /** Commands per second. */
  readonly direct: number;
  readonly forwarder: number;
  readonly tap: number;
  /** Each of direct, round by round. */
  readonly ofDirect: { readonly forwarder: Centre; readonly tap: Centre };
  /** The tap's throughput as a share of the forwarder's, round by round. */
  readonly ofForwarder: Centre;
}

interface ThroughTapResult {
  readonly tests: readonly ThroughTap[];
  /** From redis-benchmark's end until the lab had modelled what it had seen: the longest of all laps. */
  readonly lateMs: number;
}

export const throughTap: Leg = {
  title: 'The tap',
  about:
    `\`redis-benchmark ${OPTIONS}\` runs against a server directly, through a process that only passes bytes on, and ` +
    'through the tap.',
  async measure() {
    const binary = await neededServer();
    const result = await measureInFrontOf(binary);
    const goals = result.tests.map(({ test, ofForwarder }) => ({
      what: `throughput through the tap / through a bare forwarder, ${test}`,
      measured: ofForwarder.mean,
      is: 'at least' as const,
      goal: GOAL,
      unit: '',
      bound: BOUND,
    }));
    return { tables: [tableOf(result, binary), lateTable(result)], goals, figures: result };
  },
};

function tableOf({ tests }: ThroughTapResult, { product, version }: ServerBinary): Table {
  return {
    caption:
      `M commands/s in front of ${product} ${version}, upper quartile of ${ROUNDS} laps; shares are means of ${ROUNDS} ` +
      'rounds without the highest and the lowest',
    columns: ['', 'direct', 'bare forwarder', 'of direct', 'tap', 'of direct', 'of forwarder'],
    rows: tests.map(({ test, direct, forwarder, tap, ofDirect, ofForwarder }) => [
      test,
      millions(direct),
      millions(forwarder),
      shareText(ofDirect.forwarder),
      millions(tap),
      shareText(ofDirect.tap),
      shareText(ofForwarder),
    ]),
  };
}

function lateTable({ lateMs }: ThroughTapResult): Table {
  return {
    caption: 'From the end of redis-benchmark until the lab has modelled all commands',
    columns: ['', 'ms'],
    rows: [['at most', lateMs.toFixed(0)]],
  };
}

async function measureInFrontOf(binary: ServerBinary): Promise<ThroughTapResult> {
  return withServer(binary, async ({ port }) => {
    const forwarder = await start(program('bare-forwarder.js'), `${port}`);
    const upstream = `redis://127.0.0.1:${port}`;
    const tap = await start(SLABLAB, 'serve', '--port', '0', '--upstream', upstream);
    const ports = [port, forwarder.port, tap.port];
    const rates = ports.map(() => TESTS.map((): number[] => []));
    let lateMs = 0;
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (let turn = 0; turn < ports.length; turn++) {
          // Each round begins with another: what one leaves behind is not always the same one's to bear.
          const leg = (round + turn) % ports.length;
          const at = ports[leg]!;
          const found = await redisBenchmark(at, TESTS.join(','), OPTIONS);
          for (const [test, rate] of found.entries()) rates[leg]?.[test]?.push(rate);
          if (at === tap.port) lateMs = Math.max(lateMs, await lateness(at));
        }
      }
    } finally {
      for (const { child } of [forwarder, tap]) child.kill('SIGTERM');
    }
    const tests = TESTS.map((test, index) => {
      const laps = rates.map((leg) => leg[index]!);
      const [direct, forwarded, tapped] = laps.map(fastQuartileOfRates) as [number, number, number];
      const share = (leg: number, of: number) =>
        centre(laps[leg]!.map((rate, round) => rate / laps[of]![round]!));
      const ofDirect = { forwarder: share(FORWARDER, DIRECT), tap: share(TAP, DIRECT) };
      const ofForwarder = share(TAP, FORWARDER);
      return { test, direct, forwarder: forwarded, tap: tapped, ofDirect, ofForwarder };
    });
    return { tests, lateMs };
  });
}

/** The places of the three in each round. */
const [DIRECT, FORWARDER, TAP] = [0, 1, 2] as const;
const run = promisify(execFile);
const millions = (perSecond: number) => (perSecond / 1e6).toFixed(2);

/** A question is answered when all before it has been modelled. */
async function lateness(port: number): Promise<number> {
  const began = performance.now();
  await run('redis-cli', ['-p', `${port}`, 'INFO', 'memory']);
  return performance.now() - began;
}
