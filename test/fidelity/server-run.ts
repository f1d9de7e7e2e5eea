/** A real server's run of a fidelity stream, on a server of its own. */

import { type Configuration, configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import type { ServerBinary } from '#slablab/src/verify/server-binary.js';
import {
  SETTLE_MS,
  ServerSession,
  type ServerSurvey,
  type Traffic,
} from '#slablab/src/verify/server-session.js';
import { PATIENCE } from '../support/real-server.js';
import { allocatorConf, commandsOf, type FidelityStream } from './streams.js';

export interface ServerRun {
  readonly idle: ServerSurvey;
  readonly after: ServerSurvey;
  readonly traffic: Traffic;
}

/** `commandsBefore`: so many commands of another client, gone before the idle survey. */
export async function serverRun(
  stream: FidelityStream,
  binary: ServerBinary,
  commandsBefore = 0,
): Promise<ServerRun> {
  const configuration = configurationFor(stream, binary);
  const server = await RealServer.start(binary, {
    configuration,
    port: undefined,
    conf: allocatorConf(stream),
    patience: PATIENCE,
  });
  try {
    const earlier = await server.connect();
    for (let count = 0; count < commandsBefore; count++) await earlier.ask('ECHO', 'x'.repeat(100));
    earlier.close();
    const session = await ServerSession.open(server, { pace: 'stream', settleMs: SETTLE_MS });
    const idle = await session.survey();
    await session.send(commandsOf(stream));
    const after = await session.survey();
    const traffic = await session.traffic();
    session.close();
    if (traffic.notSent.length > 0) throw new Error(`${stream.name}: has commands that are not sent`);
    return { idle, after, traffic };
  } finally {
    await server.stop();
  }
}

export function configurationFor({ isCluster }: FidelityStream, binary: ServerBinary): Configuration {
  // A bus port of its own, because the port and ten thousand may be more than there are; nobody connects to it.
  const cluster = isCluster === true ? ['cluster-enabled yes', `cluster-port ${CLUSTER_BUS_PORT}`] : [];
  return configurationOf(binary, cluster);
}

const CLUSTER_BUS_PORT = 17_999;
