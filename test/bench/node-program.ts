/** Programs of Node.js as processes of their own, and what each has used. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TemporaryDirectory } from '../../src/output/node.js';
import type { Usage } from './usage-at-exit.js';

const run = promisify(execFile);
const AT_EXIT = new URL('usage-at-exit.js', import.meta.url).href;
const SLABLAB = fileURLToPath(new URL('../../bin/slablab.js', import.meta.url));
/** A report is longer than what is kept by default. */
const MOST_OUTPUT = 2 ** 28;

export interface WholeProcess extends Usage {
  /** From its start to its end. */
  readonly wallSeconds: number;
}

/** Runs `node` with arguments to its end. */
export async function nodeProgram(words: readonly string[]): Promise<WholeProcess> {
  const directory = await TemporaryDirectory.make('slablab-usage-');
  try {
    const file = join(directory.path, 'usage.json');
    const start = performance.now();
    await run(process.execPath, ['--import', AT_EXIT, ...words], {
      env: { ...process.env, SLABLAB_USAGE: file },
      maxBuffer: MOST_OUTPUT,
    });
    const wallSeconds = (performance.now() - start) / 1000;
    return { ...(JSON.parse(await readFile(file, 'utf8')) as Usage), wallSeconds };
  } finally {
    await directory.remove();
  }
}

/** Runs `slablab` with arguments to its end. */
export function slablabProgram(...words: readonly string[]): Promise<WholeProcess> {
  return nodeProgram([SLABLAB, ...words]);
}
