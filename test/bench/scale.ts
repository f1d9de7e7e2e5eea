/** A workload of very many keys on the native twin: how fast it is, and what all of its processes take. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Leg } from './leg.js';

const KEYS = 50_000_000;
const GOAL_BYTES_A_KEY = 100;
const GOAL_M_KEYS_PER_SECOND = 2;
const LOOK_EVERY_MS = 50;

export interface Scale {
  readonly keys: number;
  readonly seconds: number;
  /** The highest resident memory of each process, by its name. */
  readonly peakBytes: Readonly<Record<string, number>>;
}

export const scale: Leg = {
  title: 'Very many keys',
  about:
    '`slablab run scattered-small --runtime native`, as whole processes. Memory is the sum of the highest resident memory ' +
    'of each process.',
  byNameOnly: true,
  async measure() {
    const result = await scaleOf(KEYS);
    const { keys, seconds, peakBytes } = result;
    const bytes = Object.values(peakBytes).reduce((sum, peak) => sum + peak, 0);
    const rate = keys / seconds / 1e6;
    const processes = Object.entries(peakBytes).map(([name, peak]) => [
      `memory of ${name}, B a key`,
      (peak / keys).toFixed(0),
    ]);
    return {
      tables: [
        {
          caption: `${keys} keys`,
          columns: ['', ''],
          rows: [['seconds', seconds.toFixed(0)], ['M keys/s', rate.toFixed(2)], ...processes],
        },
      ],
      goals: [
        {
          what: `scattered-small of ${keys / 1e6} M keys, native: memory of all processes a key`,
          measured: bytes / keys,
          is: 'at most',
          goal: GOAL_BYTES_A_KEY,
          unit: 'B',
        },
        {
          what: `scattered-small of ${keys / 1e6} M keys, native`,
          measured: rate,
          is: 'at least',
          goal: GOAL_M_KEYS_PER_SECOND,
          unit: 'M keys/s',
        },
      ],
      figures: result,
    };
  },
};

const SLABLAB = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));

export async function scaleOf(keys: number): Promise<Scale> {
  const args = [
    'run',
    'scattered-small',
    '--set',
    `keys=${keys}`,
    '--runtime',
    'native',
    '--json',
    '--quiet',
  ];
  const begun = performance.now();
  const run = spawn(process.execPath, [SLABLAB, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(run, 'exit');
  const peaks = new Map<string, number>();
  while (run.exitCode === null && run.signalCode === null) {
    for (const pid of [run.pid!, ...(await childrenOf(run.pid!))]) await notePeak(pid, peaks);
    await Promise.race([ended, wait(LOOK_EVERY_MS)]);
  }
  const seconds = (performance.now() - begun) / 1000;
  if (run.exitCode !== 0) throw new Error(`slablab ${args.join(' ')} ended with code ${run.exitCode}`);
  return { keys, seconds, peakBytes: Object.fromEntries(peaks) };
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Notes the highest resident memory of a process so far, which the system keeps. */
async function notePeak(pid: number, peaks: Map<string, number>): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const name = /^Name:\s*(\S+)/m.exec(status)?.[1];
  const peak = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]) * 1024;
  if (name !== undefined && peak > 0) peaks.set(name, Math.max(peak, peaks.get(name) ?? 0));
}
