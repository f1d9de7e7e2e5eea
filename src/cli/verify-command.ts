import { Command } from 'commander';
import { parseSettings } from '../../workloads/index.js';
import { InputError, InterruptedError } from '../base/index.js';
import { openEngine } from '../engine/node.js';
import {
  nearestServer,
  parseServerSettings,
  REPLICAS,
  type ServerSettings,
  serverNameOf,
} from '../model/index.js';
import { gapLines } from '../report/index.js';
import { verifyReport } from '../report/node.js';
import { serverVersion } from '../run/index.js';
import { workloadNamed } from '../run/node.js';
import { matchingBuild } from '../verify/index.js';
import { fileTraffic, inspectBinary, type ServerBinary, verify, workloadTraffic } from '../verify/node.js';
import { abortOnSignals } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { knownBuild, looksLikeFile, refuseStdin } from './subject-argument.js';
import { withInputError } from './system-errors.js';
import { MIN_LIVE_SETTLE_MS, verifyLive } from './verify-live.js';
import { addVerifyOptions, type VerifyCommandOptions } from './verify-options.js';

const EXAMPLES = [
  'slablab verify scattered-delete',
  'slablab verify scattered-delete --server-bin /opt/redis/bin/redis-server --build q3',
  'slablab verify traffic.resp',
  'slablab verify monitor.log --pace stream',
  'slablab verify traffic.resp --set cluster-enabled=yes --set maxmemory=100mb',
  'slablab verify dump.rdb',
  'slablab verify appendonlydir/',
  'slablab verify --live redis://127.0.0.1:6380',
  'slablab verify scattered-delete --baseline absolute --slabs-within 2% --json',
];

const NOTES =
  'The server runs on a free port of 127.0.0.1, in a temporary directory, and is stopped at the end. If the sides ' +
  'differ, both run again without tcaches, which shows whether the model or the tcaches differ. Exit code: 0 if ' +
  'both sides agree, 1 if they differ or the lab could not carry out a command, 2 for bad usage or an unusable server, 130 after Ctrl-C.';

export function verifyCommand(show: (result: CommandResult, options: VerifyCommandOptions) => void): Command {
  const command = new Command('verify')
    .description(
      'Send the same commands to the lab and to a real server, and compare the memory of their allocators',
    )
    .argument(
      '[input]',
      'Workload (see `slablab workloads`) or file: commands (RESP, MONITOR log) or a data set (RDB, AOF)',
    );
  return addExamples(addVerifyOptions(command), EXAMPLES, NOTES).action(
    async (input: string | undefined, options: VerifyCommandOptions) => {
      show(await verifyInputOrLive(input, options), options);
    },
  );
}

async function verifyInputOrLive(
  input: string | undefined,
  options: VerifyCommandOptions,
): Promise<CommandResult> {
  const { live } = options;
  if (live === undefined) {
    if (input !== undefined) return verifyInput(input, options);
    throw new InputError('verify: there is no input; name a workload or a file, or give --live <url>');
  }
  if (input !== undefined) {
    throw new InputError(`--live with ${input}: a live server has its own traffic; remove one of the two`);
  }
  return verifyLive(live, Math.max(options.settle, MIN_LIVE_SETTLE_MS), {
    slabs: options.slabsWithin,
    regions: options.regionsWithin,
    usedMemory: options.usedWithin,
  });
}

async function verifyInput(input: string, options: VerifyCommandOptions): Promise<CommandResult> {
  const { conf = '', runtime, quiet = false } = options;
  refuseStdin(input);
  const isFile = looksLikeFile(input);
  const given = isFile ? parseServerSettings(options.set ?? []) : { isCluster: false, settings: [] };
  if (given.settings.some(([name]) => name === REPLICAS)) {
    throw new InputError('--set replicas: verify starts a server without replicas; remove it');
  }
  const workload = isFile ? undefined : workloadNamed(input);
  const parameters = workload === undefined ? {} : parseSettings(workload.parameters, options.set ?? []);
  const binary = await inspectBinary(options.serverBin);
  const server = chooseServer(binary, options.server, quiet);
  const { build } = options;
  if (build !== undefined) knownBuild(build);
  const { pace, settle: settleMs } = options;
  const open = async () =>
    workload === undefined
      ? withInputError(input, 'name a workload or a readable file', async () =>
          fileTraffic(input, { server, pace, settleMs, ...given }),
        )
      : workloadTraffic(workload, parameters, { server, settleMs });
  const interruption = abortOnSignals();
  try {
    const result = await verify(open, {
      signal: interruption.signal,
      beforeStep: () => interruption.check(),
      binary,
      openEngine: (allocator, engineConf) =>
        openEngine({
          build: build ?? matchingBuild(allocator),
          conf: engineConf,
          hooks: 'complete',
          runtime,
        }),
      serverConfig: [...(options.serverConfig ?? []), ...configurationLines(given)],
      port: options.port,
      conf,
      pace,
      settleMs,
      replyMs: options.patience,
      baseline: options.baseline,
      thresholds: {
        slabs: options.slabsWithin,
        regions: options.regionsWithin,
        usedMemory: options.usedWithin,
      },
      ...(quiet ? {} : { onStep: printMessage }),
    });
    const { serverMs, labMs } = result.timing;
    return {
      json: result,
      text: (terminal) => verifyReport(result, terminal),
      exitCode: result.agrees && result.lab.gaps === undefined ? 0 : 1,
      messages: [
        ...gapLines(result.lab.gaps),
        `the server took ${(serverMs / 1000).toFixed(1)} s, the lab ${(labMs / 1000).toFixed(1)} s`,
      ],
    };
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    const kept = 'the server was stopped, and nothing was compared; the same command begins anew';
    throw new InterruptedError(error.signalName, `: ${kept}`);
  } finally {
    interruption.stop();
  }
}

/** Returns the lines of a configuration file that give the real server the settings of the lab. */
function configurationLines({ isCluster, settings }: ServerSettings): string[] {
  return [
    ...(isCluster ? ['cluster-enabled yes'] : []),
    ...settings.map(([name, value]) => `${name} ${value}`),
  ];
}

/** Returns the given server version, or the version that stands for the binary's. */
function chooseServer({ product, version }: ServerBinary, given: string | undefined, quiet: boolean): string {
  if (given !== undefined) return serverVersion(given).name;
  const own = serverNameOf(product, version);
  const { name } = nearestServer(product, version);
  if (name !== own && !quiet) {
    printMessage(`there is no model of ${own} yet: comparing with ${name}; --server chooses another`);
  }
  return name;
}
