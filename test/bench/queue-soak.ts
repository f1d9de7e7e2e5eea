/** Measures a sweep of many small cells on a queue: `node dist/test/bench/queue-soak.js [cells] [workers]`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { peakMemoryOf } from '../support/peak-memory.js';

const MAIN = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));
const PORT = 7399;
const URL_OF_QUEUE = `redis://127.0.0.1:${PORT}`;
/** Clock ticks a second, as /proc counts processor time. */
const TICKS = 100;

interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Reads what a process has used so far, with its threads. */
function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return { cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS, peakMiB: peakMemoryOf(pid) / 2 ** 20 };
}

/** Runs a command to its end. Returns its usage shortly before, and its wall time. */
async function measured(args: readonly string[]): Promise<Usage & { readonly seconds: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
  let usage: Usage = { cpuSeconds: 0, peakMiB: 0 };
  let hasEnded = false;
  child.on('exit', () => {
    hasEnded = true;
  });
  while (!hasEnded) {
    try {
      usage = usageOf(child.pid!);
    } catch {
      // The process has ended.
    }
    await sleep(20);
  }
  return { ...usage, seconds: (performance.now() - started) / 1000 };
}

function redis(...words: readonly string[]): string {
  return execFileSync('redis-cli', ['-p', String(PORT), ...words], { encoding: 'utf8' });
}

function infoOf(field: string): number {
  return Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(redis('INFO', 'everything'))?.[1] ?? Number.NaN);
}

function say(what: string, { cpuSeconds, peakMiB, seconds }: Usage & { readonly seconds?: number }): void {
  const wall = seconds === undefined ? '' : `${seconds.toFixed(1)} s, `;
  process.stdout.write(
    `${what}: ${wall}${cpuSeconds.toFixed(1)} s of processor, peak ${peakMiB.toFixed(0)} MiB\n`,
  );
}

async function soak(cells: number, workerCount: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-soak-'));
  const children: ChildProcess[] = [];
  try {
    const seeds = Array.from({ length: cells }, (_, seed) => seed).join(',');
    const grid = [
      'scattered-delete',
      '--set',
      'keys=300',
      '--set',
      'order=random',
      '--axis',
      `seed=${seeds}`,
    ];
    const options = ['--quiet', '--no-recordings', '--format', 'json'];
    const local = await measured([
      'sweep',
      ...grid,
      ...options,
      '--jobs',
      '2',
      '--out',
      join(directory, 'local'),
    ]);
    say('local pool of 2', local);
    const settings = ['--port', String(PORT), '--dir', directory, '--save', '', '--appendonly', 'yes'];
    const server = spawn('redis-server', settings, { stdio: 'ignore' });
    children.push(server);
    await sleep(500);
    const workers = Array.from({ length: workerCount }, () =>
      spawn(process.execPath, [MAIN, 'worker', URL_OF_QUEUE, '--jobs', '1', '--quiet'], { stdio: 'ignore' }),
    );
    children.push(...workers);
    await sleep(1500);
    const before = infoOf('total_net_input_bytes');
    const beforeOut = infoOf('total_net_output_bytes');
    const producer = await measured([
      'sweep',
      ...grid,
      ...options,
      '--queue',
      URL_OF_QUEUE,
      '--out',
      join(directory, 'queue'),
    ]);
    say('producer', producer);
    let total = producer.cpuSeconds;
    for (const worker of workers) {
      const usage = usageOf(worker.pid!);
      say('worker', usage);
      total += usage.cpuSeconds;
    }
    const usage = usageOf(server.pid!);
    say('server', usage);
    total += usage.cpuSeconds;
    const kilobytes = (infoOf('total_net_input_bytes') - before) / cells / 1024;
    const back = (infoOf('total_net_output_bytes') - beforeOut) / cells / 1024;
    process.stdout.write(
      `server: used_memory peak ${(infoOf('used_memory_peak') / 2 ** 20).toFixed(1)} MiB, now ` +
        `${(infoOf('used_memory') / 2 ** 20).toFixed(1)} MiB; ${kilobytes.toFixed(1)} KiB in and ${back.toFixed(1)} KiB out a cell\n` +
        `overhead of the queue: ${((1000 * (total - local.cpuSeconds)) / cells).toFixed(2)} ms of processor a cell\n`,
    );
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

await soak(Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 2));
