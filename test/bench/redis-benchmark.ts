/** The server that is at hand, and what redis-benchmark says of whoever answers at a port. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InputError } from '#slablab/src/base/index.js';
import { configurationOf } from '../../src/verify/configuration.js';
import { RealServer } from '../../src/verify/real-server.js';
import { inspectBinary, type ServerBinary } from '../../src/verify/server-binary.js';

const LAP_PATIENCE_MS = 120_000;
const run = promisify(execFile);

export async function neededServer(): Promise<ServerBinary> {
  const binary = await inspectBinary('redis-server').catch(needed);
  await run('redis-benchmark', ['--version']).catch(needed);
  return binary;
}

/** A fresh one, for as long as `work` takes. */
export async function withServer<T>(
  binary: ServerBinary,
  work: (server: RealServer) => Promise<T>,
): Promise<T> {
  const patience = { replyMs: LAP_PATIENCE_MS };
  const configuration = configurationOf(binary);
  const server = await RealServer.start(binary, { configuration, port: undefined, conf: '', patience });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Commands per second of each of the tests, in their order. */
export async function redisBenchmark(port: number, tests: string, options: string): Promise<number[]> {
  const { stdout } = await run('redis-benchmark', [
    ...`-p ${port} ${options}`.split(' '),
    '-t',
    tests,
    '--csv',
  ]);
  const rates = [...stdout.replace(/^"test".*\n/m, '').matchAll(/^"\w+[^"]*","([\d.]+)"/gm)].map(
    ([, perSecond]) => Number(perSecond),
  );
  if (rates.length !== tests.split(',').length)
    throw new Error(`redis-benchmark printed no figures:\n${stdout}`);
  return rates;
}

function needed(cause: unknown): never {
  throw new InputError(
    'the bench compares with redis-server under redis-benchmark, and one of them is missing or cannot be used; ' +
      `install them (Debian: apt-get install redis-server redis-tools): ${String(cause)}`,
  );
}
