/** The servers that the suite runs against: a real one, the lab by itself, and the tap in front of a real one. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SLABLAB = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));

export const FORMS = ['direct', 'standalone', 'tap'] as const;
export type Form = (typeof FORMS)[number];

export interface Running {
  readonly port: number;
  /** Compares the lab of a tap with its server. Returns how they agree, in words. */
  verify?(): Promise<string>;
  /** Returns whether the processes were still alive, and ends them. */
  end(): Promise<boolean>;
}

/** Starts the servers of a form. */
export async function start(form: Form): Promise<Running> {
  if (form === 'standalone') return startSlablab(['--server', 'redis-7.0']);
  const real = await startRedis();
  if (form === 'direct') return real;
  try {
    const tap = await startSlablab(['--upstream', `redis://127.0.0.1:${real.port}`]);
    return {
      port: tap.port,
      verify: () => verified(tap.port),
      end: async () => [await tap.end(), await real.end()].every(Boolean),
    };
  } catch (cause) {
    await real.end();
    throw cause;
  }
}

interface Verified {
  readonly agrees: boolean;
  readonly exceeded: readonly string[];
  readonly gaps: readonly { readonly why: string }[];
}

async function verified(port: number): Promise<string> {
  const command = [SLABLAB, 'verify', '--live', `redis://127.0.0.1:${port}`, '--json'];
  const { stdout } = await run(process.execPath, command).catch(
    (cause: { readonly stdout: string }) => cause,
  );
  if (stdout === '') return 'no answer';
  const { agrees, exceeded, gaps } = JSON.parse(stdout) as Verified;
  if (agrees) return 'agrees';
  return gaps[0]?.why ?? `differs in ${exceeded.join(', ')}`;
}

async function startRedis(): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-peers-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      directory,
      '--enable-debug-command',
      'yes',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await line(server, 'stdout', /Ready to accept connections/);
  return {
    port,
    end: async () => {
      const wasAlive = await ended(server);
      await rm(directory, { recursive: true, force: true });
      return wasAlive;
    },
  };
}

async function startSlablab(options: readonly string[]): Promise<Running> {
  const lab = spawn(process.execPath, [SLABLAB, 'serve', '--port', '0', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [, port = ''] = await line(lab, 'stderr', /listening on [^ ]*:(\d+)/);
  return { port: Number(port), end: () => ended(lab) };
}

/** Waits for a line that a process prints. */
async function line(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  wanted: RegExp,
): Promise<RegExpExecArray> {
  let printed = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${printed}`)));
    child[stream]?.on('data', (bytes: Buffer) => {
      printed = (printed + bytes.toString()).slice(-10_000);
      const match = wanted.exec(printed);
      if (match !== null) resolve(match);
    });
  });
}

async function ended(child: ChildProcess): Promise<boolean> {
  const wasAlive = child.exitCode === null && child.signalCode === null;
  if (wasAlive) {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await once(child, 'exit');
    clearTimeout(force);
  }
  // A process that had to be killed did not serve any more.
  return wasAlive && child.signalCode !== 'SIGKILL';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
