import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Short, because a browser makes a socket below it, whose path has at most 107 bytes. */
const PREFIX = 'slablab-t-';

/**
 * Gives the run a directory for temporary files of tests and of what they start; killed programs leave some behind.
 * It is called for each lane, and the first call counts. Every user may write there, as in /tmp.
 */
export default function ownDirectory(): () => void {
  if (basename(tmpdir()).startsWith(PREFIX)) return () => {};
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(directory, 0o1777);
  process.env.TMPDIR = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
