/** Scripts in a MONITOR log: what they wrote, as the log has it, beside a server that runs them again. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { MemorySource, Random } from '#slablab/src/base/index.js';
import { sha1 } from '#slablab/src/base/sha1.js';
import { argumentBytes, SCRIPT_CLIENT } from '#slablab/src/commands/index.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { SETTLE_MS, ServerSession } from '#slablab/src/verify/server-session.js';
import { PATIENCE, withRealServer } from '../support/real-server.js';
import { expectWithin } from './held.js';
import { differences, heldToServer, type Said } from './live.js';
import { commandsOf } from './streams.js';

const SEED = 5005;
const LAST = 'the last command';

const COUNT_UP = `
  local n = redis.call('INCR', KEYS[1])
  redis.call('SET', KEYS[2], ARGV[1] .. n)
  if n % 3 == 0 then redis.call('DEL', KEYS[2]) end
  return n`;
const QUEUE_UP = `
  for i = 1, 5 do redis.call('RPUSH', KEYS[1], ARGV[1]) end
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
  return redis.call('LLEN', KEYS[1])`;

function* steps(): Generator<string[]> {
  const random = new Random(SEED);
  const key = (name: string, among: number) => `${name}:${random.below(among)}`;
  yield ['SCRIPT', 'LOAD', QUEUE_UP];
  for (let index = 0; index < 100_000; index++) {
    const kind = random.below(6);
    if (kind === 0) {
      const text = 'x'.repeat(10 + random.below(600));
      yield ['EVAL', COUNT_UP, '2', key('count', 2000), key('value', 20_000), text];
    } else if (kind === 1) {
      const text = 'y'.repeat(5 + random.below(60));
      const sha = sha1(new TextEncoder().encode(QUEUE_UP));
      yield ['EVALSHA', sha, '2', key('list', 900), key('hash', 300), text, key('field', 100)];
    } else {
      yield ['SET', key('key', 60_000), 'z'.repeat(10 + random.below(900))];
    }
  }
}

/** What MONITOR says of them. */
async function monitored(path: string): Promise<string> {
  const binary = await inspectBinary(path);
  const configuration = configurationOf(binary, []);
  const server = await RealServer.start(binary, {
    configuration,
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  try {
    const session = await ServerSession.open(server, { pace: 'max', settleMs: SETTLE_MS });
    const monitor = connect(server.port, '127.0.0.1');
    const other = await server.connect();
    const pieces: Buffer[] = [];
    monitor.on('data', (piece) => pieces.push(piece));
    monitor.write('MONITOR\r\n');
    await once(monitor, 'data');
    await session.send(commandsOf({ name: 'scripts', summary: 'scripts that write', steps }));
    // MONITOR reports commands in their order, so all are there when a last one is.
    await other.ask('ECHO', LAST);
    while (!Buffer.concat(pieces.slice(-2)).includes(LAST)) await once(monitor, 'data');
    monitor.destroy();
    other.close();
    session.close();
    const log = Buffer.concat(pieces).toString('latin1');
    return log.slice(0, log.lastIndexOf('\n', log.lastIndexOf(LAST)) + 1);
  } finally {
    await server.stop();
  }
}

function* logged(log: string): Generator<Said> {
  for (const event of inputOf(
    'monitor.log',
    new MemorySource(Buffer.from(log, 'latin1')),
    'monitor',
  ).events()) {
    if (event.kind !== 'command') continue;
    const { command } = event;
    const words = Array.from({ length: command.argumentCount }, (_, index) =>
      argumentBytes(command, index).slice(),
    );
    yield { client: command.client, words };
  }
}

withRealServer('what scripts wrote is there, region by region, and is not written twice', async (binary) => {
  console.log(`seed ${SEED}`);
  const log = await monitored(binary);
  const said = [...logged(log)];
  expect(said.filter(({ client }) => client === SCRIPT_CLIENT).length).toBeGreaterThan(80_000);
  const { result, sinceIdle } = await heldToServer({
    name: 'scripts',
    binary,
    said: () => said,
    settleMs: SETTLE_MS,
  });
  if (process.env.SLABLAB_CLASSES !== undefined) console.log(differences(sinceIdle));
  expect(result.lab.unknown).toEqual([]);
  expectWithin(sinceIdle.measures);
});
