import { Command } from 'commander';
import { parseSettings } from '../../workloads/index.js';
import { InputError, unknownName } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import {
  DEFAULT_SERVER,
  findServer,
  parseServerSettings,
  REPLICAS,
  type ServerSettings,
} from '../model/index.js';
import { verifyReport } from '../report/node.js';
import { serverVersion } from '../run/index.js';
import { workloadNamed } from '../run/node.js';
import { buildLike } from '../verify/index.js';
import { fileTraffic, inspectBinary, type ServerBinary, verify, workloadTraffic } from '../verify/node.js';
import { withInputError } from './blaming.js';
import type { CommandResult } from './command-result.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { looksLikeFile } from './subject.js';
import { LIVE_SETTLE_MS, verifyLive } from './verify-live.js';
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

const MORE =
  'The server is started on a free port of 127.0.0.1, in a directory of its own, and stopped at the ' +
  'end. Exit code: 0 if both sides agree, 1 if they differ, 2 for bad usage or a server that cannot be ' +
  'used.';

export function verifyCommand(show: (result: CommandResult, options: VerifyCommandOptions) => void): Command {
  const command = new Command('verify')
    .description(
      'give the same commands to the lab and to a real server, and compare what their allocators hold',
    )
    .argument(
      '[input]',
      'a workload (see `slablab workloads`), or a file: commands (RESP, MONITOR log), or what a server loads (RDB, AOF)',
    );
  return addExamples(addVerifyOptions(command), EXAMPLES, MORE).action(
    async (what: string | undefined, options: VerifyCommandOptions) => {
      show(await verifyAsked(what, options), options);
    },
  );
}

async function verifyAsked(what: string | undefined, options: VerifyCommandOptions): Promise<CommandResult> {
  const { live } = options;
  if (live === undefined) {
    if (what !== undefined) return verifyWhat(what, options);
    throw new InputError(
      'verify: there is nothing to verify; name a workload or a file, or give --live <url>',
    );
  }
  if (what !== undefined) {
    throw new InputError(`--live with ${what}: a live server has its own traffic; leave one of the two out`);
  }
  return verifyLive(live, Math.max(options.settle, LIVE_SETTLE_MS), {
    slabs: options.slabsWithin,
    regions: options.regionsWithin,
    usedMemory: options.usedWithin,
  });
}

async function verifyWhat(what: string, options: VerifyCommandOptions): Promise<CommandResult> {
  const { conf = '', runtime, quiet = false } = options;
  const isFile = looksLikeFile(what);
  const given = isFile ? parseServerSettings(options.set ?? []) : { isCluster: false, settings: [] };
  if (given.settings.some(([name]) => name === REPLICAS)) {
    throw new InputError('--set replicas: verify starts a server without replicas; leave it out');
  }
  const workload = isFile ? undefined : workloadNamed(what);
  const parameters = workload === undefined ? {} : parseSettings(workload.parameters, options.set ?? []);
  const binary = await inspectBinary(options.serverBin);
  const server = chooseServer(binary, options.server, quiet);
  const { build } = options;
  if (build !== undefined && !KNOWN_BUILDS.some((known) => known === build)) {
    throw unknownName('a build', build, KNOWN_BUILDS);
  }
  const { pace, settle: settleMs } = options;
  const source =
    workload === undefined
      ? await withInputError(what, 'name a workload or a file that can be read', async () =>
          fileTraffic(what, { server, pace, settleMs, ...given }),
        )
      : workloadTraffic(workload, parameters, { server, settleMs });
  try {
    const result = await verify(source, {
      binary,
      openEngine: (allocator) =>
        openEngine({ build: build ?? buildLike(allocator), conf, hooks: 'complete', runtime }),
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
      ...(quiet ? {} : { onStep: say }),
    });
    const { serverMs, labMs } = result.timing;
    return {
      json: result,
      text: (terminal) => verifyReport(result, terminal),
      exitCode: result.agrees ? 0 : 1,
      messages: [`the server took ${(serverMs / 1000).toFixed(1)} s, the lab ${(labMs / 1000).toFixed(1)} s`],
    };
  } finally {
    await source.run.close();
  }
}

/** As a configuration file says them: both sides are set alike. */
function configurationLines({ isCluster, settings }: ServerSettings): string[] {
  return [
    ...(isCluster ? ['cluster-enabled yes'] : []),
    ...settings.map(([name, value]) => `${name} ${value}`),
  ];
}

/** The model of the binary's own version, where there is one. */
function chooseServer({ product, version }: ServerBinary, given: string | undefined, quiet: boolean): string {
  if (given !== undefined) return serverVersion(given).name;
  const own = `${product}-${version.split('.').slice(0, 2).join('.')}`;
  if (findServer(own) !== undefined) return own;
  if (!quiet)
    say(`there is no model of ${own} yet: it is compared with ${DEFAULT_SERVER}; --server chooses another`);
  return DEFAULT_SERVER;
}
