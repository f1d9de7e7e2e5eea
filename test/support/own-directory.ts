import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the run a directory for temporary files of tests and of what they start; killed programs leave some behind. */
export default function ownDirectory(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-tests-'));
  process.env.TMPDIR = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
