import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The letters that a part keeps of a name, so that its own fits in 255 bytes. */
const MAX_KEPT = 50;

/** Returns a path beside `path` for its unfinished content, with a random name. */
export function partOf(path: string): string {
  return join(dirname(path), `${kept(path)}.${randomBytes(8).toString('hex')}.new`);
}

/** Removes the parts of a file that killed processes left. The caller holds the lock of the file. */
export async function removeParts(path: string): Promise<void> {
  const [directory, start] = [dirname(path), `${kept(path)}.`];
  const isPart = (name: string) =>
    name.startsWith(start) && /^[0-9a-f]{16}\.new$/.test(name.slice(start.length));
  for (const name of await readdir(directory))
    if (isPart(name)) await rm(join(directory, name), { force: true });
}

function kept(path: string): string {
  return [...basename(path)].slice(0, MAX_KEPT).join('');
}
