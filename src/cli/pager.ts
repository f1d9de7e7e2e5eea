/** Shows text that is longer than the screen in a pager, by the conventions of git and man. */
import { spawnSync } from 'node:child_process';
import type { Terminal } from '../report/index.js';

/** `less` ends at once if a text fits after all, passes colours on, and leaves the text on the screen. */
const LESS = 'FRX';

/** Returns the pager that the environment names: SLABLAB_PAGER, then PAGER, then less; undefined for none. */
export function pagerOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.TERM === 'dumb') return undefined;
  const pager = (env.SLABLAB_PAGER ?? env.PAGER ?? 'less').trim();
  return pager === '' || pager === 'cat' ? undefined : pager;
}

/** Prints a text on a terminal, in a pager if it is longer than the screen. */
export function printInPager(text: string, { height }: Terminal): void {
  const pager = pagerOf(process.env);
  const isLong = height !== undefined && text.split('\n').length > height;
  if (pager !== undefined && isLong) {
    const env = { LESS, ...process.env };
    const { status } = spawnSync(pager, {
      shell: true,
      input: text,
      env,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    // A shell has 127 for a program that is not there.
    if (status !== 127 && status !== null) return;
  }
  process.stdout.write(text);
}
