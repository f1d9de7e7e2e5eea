/** The C sources of the recorder and the native twins: files of a checkout; in the npm package, one file with all. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSystemError } from '../output/node.js';
import { PACKAGE_ROOT } from './package-root.js';

const PACKED = new URL('dist/bin/native-sources.json', PACKAGE_ROOT);

/** Whether the sources are those of a checkout, where make obtains what is missing. */
export const IS_CHECKOUT = existsSync(new URL('Makefile', PACKAGE_ROOT));

/** Returns the directory of this user for what slablab makes. */
export function userCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slablab');
}

/** Returns the directory that contains `native`. The sources of a package are unpacked for it, once for each content. */
export async function nativeSources(): Promise<string> {
  const directory = await nativeRoot();
  if (!IS_CHECKOUT && !existsSync(directory)) await unpack(directory);
  return directory;
}

/** Returns the directory that contains `native`, or that will when the sources have been unpacked. */
export async function nativeRoot(): Promise<string> {
  if (IS_CHECKOUT) return fileURLToPath(PACKAGE_ROOT);
  const digest = createHash('sha256').update(await readFile(PACKED));
  return join(userCache(), `native-${digest.digest('hex').slice(0, 16)}`);
}

async function unpack(directory: string): Promise<void> {
  const sources = JSON.parse(await readFile(PACKED, 'utf8')) as Record<string, string>;
  await mkdir(dirname(directory), { recursive: true });
  const part = await mkdtemp(`${directory}.part-`);
  try {
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(part, path)), { recursive: true });
      await writeFile(join(part, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
    }
    await rename(part, directory);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    // The sources are of use, whichever process unpacked them.
    if (!isSystemError(error) || !existsSync(directory)) throw error;
  }
}
