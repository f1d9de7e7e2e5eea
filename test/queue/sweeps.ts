/** Sweeps of tests as commands, and their results without what differs between runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Running, start } from '../support/running.js';
import { withoutTiming } from '../support/without-timing.js';
import type { Host } from './hosts.js';

export const NAME = 'scattered-delete.sweep';

/** Returns the text of a result or a journal in a directory, without its timing. */
export async function untimed(
  directory: string,
  extension: '.json' | '.jsonl',
  name = NAME,
): Promise<string> {
  const text = (await readFile(join(directory, `${name}${extension}`), 'utf8')).trimEnd();
  const values = extension === '.json' ? [text] : text.split('\n');
  return values.map((line) => JSON.stringify(withoutTiming(JSON.parse(line)))).join('\n');
}

/** Starts a worker that gives up others soon. Resolves when it takes cells. */
export function startWorker(url: string, directory: string, ...more: string[]): Promise<Running> {
  return startWorkerOn({ start }, url, directory, ...more);
}

/** As startWorker, on one of several hosts. */
export async function startWorkerOn(
  host: Pick<Host, 'start'>,
  url: string,
  directory: string,
  ...more: string[]
): Promise<Running> {
  const inputs = join(directory, 'inputs');
  const worker = host.start(['worker', url, '--inputs', inputs, '--lost-after', '1.5', ...more]);
  await worker.until(() => worker.said().includes('takes cells'));
  return worker;
}

export async function endOf(running: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  running.send(signal);
  await running.end;
}
