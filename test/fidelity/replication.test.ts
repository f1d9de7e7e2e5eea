/** A master with a replica attached: what is kept of its stream, beside a real pair of servers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import type { Command } from '#slablab/src/commands/command.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { run } from '#slablab/src/run/run.js';
import {
  EMPTY_OCCUPANCY,
  type Occupancy,
  occupancyOfLab,
  since,
} from '#slablab/src/verify/class-occupancy.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { type Comparison, compare } from '#slablab/src/verify/server-comparison.js';
import { SETTLE_MS, ServerSession } from '#slablab/src/verify/server-session.js';
import { modelOfReal, PATIENCE, withRealServer } from '../support/real-server.js';
import { expectWithin } from './held.js';
import { differences } from './live.js';
import { commandsOf, type FidelityStream, type Step } from './streams.js';

const SEED = 3003;
const BACKLOG: readonly [string, string] = ['repl-backlog-size', '4mb'];

function* steps(): Generator<Step> {
  const random = new Random(SEED);
  for (let index = 0; index < 100_000; index++) {
    const key = `key:${random.below(30_000)}`;
    const kind = random.below(20);
    if (kind < 10) yield ['SET', key, 'v'.repeat(50 + random.below(700))];
    else if (kind < 12) yield ['DEL', key];
    else if (kind < 13) yield ['GET', key];
    else if (kind < 14) yield ['SET', key, 'e'.repeat(random.below(300)), 'EX', '100000'];
    else if (kind < 15) yield ['EXPIRE', key, '200000'];
    else if (kind < 16) yield ['HSET', `hash:${random.below(300)}`, `field:${random.below(20)}`, key];
    else if (kind < 17) yield ['RPUSH', `list:${random.below(100)}`, key];
    else if (kind < 18) yield ['INCR', `counter:${random.below(50)}`];
    else if (kind < 19) {
      yield ['MULTI'];
      yield ['SET', key, 'm'.repeat(100)];
      yield ['SADD', `set:${random.below(100)}`, key];
      yield ['EXEC'];
    } else {
      yield ['SELECT', `${random.below(3)}`];
    }
    if (index % 10_000 === 1000) yield ['SET', `big:${index}`, 'b'.repeat(400_000)];
    if (index === 70_000) yield ['CONFIG', 'SET', 'repl-backlog-size', '2mb'];
  }
}

const stream: FidelityStream = { name: 'replication', summary: 'a replica is attached', steps };

interface Held {
  readonly idle: Occupancy;
  readonly after: Occupancy;
}

async function heldByMaster(binary: ServerBinary): Promise<Held> {
  const start = (extra: readonly string[]) =>
    RealServer.start(binary, {
      configuration: configurationOf(binary, extra),
      port: undefined,
      conf: '',
      patience: PATIENCE,
    });
  const master = await start([BACKLOG.join(' '), 'repl-diskless-sync-delay 0']);
  try {
    const replica = await start([`replicaof 127.0.0.1 ${master.port}`]);
    try {
      await untilAttached(master);
      const session = await ServerSession.open(master, { pace: 'stream', settleMs: SETTLE_MS });
      const idle = await session.survey();
      await session.send(commandsOf(stream));
      const after = await session.survey();
      session.close();
      return { idle: idle.occupancy, after: after.occupancy };
    } finally {
      await replica.stop();
    }
  } finally {
    await master.stop();
  }
}

async function untilAttached(master: RealServer): Promise<void> {
  const connection = await master.connect();
  for (
    let info = '';
    !info.includes('state=online');
    [info = ''] = await connection.ask('INFO', 'replication')
  )
    await sleep(20);
  connection.close();
}

async function heldByLab(
  binary: ServerBinary,
  replicas: number,
  commands: () => Iterable<Command>,
): Promise<Held> {
  const { server, build } = modelOfReal(binary);
  const source = commandSource({
    name: stream.name,
    server,
    settleMs: SETTLE_MS,
    settings: [BACKLOG, ['replicas', `${replicas}`]],
    hasIdlePhase: true,
    isObserved: true,
    commands,
  });
  const engine = await openEngine({ build, conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
    if (failure !== null) throw failure;
    const [idle = EMPTY_OCCUPANCY, after = EMPTY_OCCUPANCY] = result.phases.map(occupancyOfLab);
    return { idle, after };
  } finally {
    await engine.close();
    await source.close();
  }
}

withRealServer('a master with a replica holds what the lab says, backlog included', async (path) => {
  console.log(`seed ${SEED}`);
  const binary = await inspectBinary(path);
  const server = await heldByMaster(binary);
  const lab = await heldByLab(binary, 1, () => commandsOf(stream));
  const told: Comparison = compare(since(lab.idle, lab.after), since(server.idle, server.after));
  if (process.env.SLABLAB_CLASSES !== undefined) {
    console.log(differences(told), '\nidle:', differences(compare(lab.idle, server.idle)));
  }
  expectWithin(told.measures);
  // Without its backlog the lab would be far out: the check can fail.
  const alone = await heldByLab(binary, 0, () => commandsOf(stream));
  const without = compare(since(alone.idle, alone.after), since(server.idle, server.after)).measures;
  expect(without.usedMemory).toBeGreaterThan(0.05);
});
