import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { aboutOutput, OutputError } from './output-error.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Reads a file that slablab itself has written, and returns undefined if there is none. Refuses links and pipes, which
 * others who share the directory may have put there.
 */
export function readOwnFile(path: string): Promise<Buffer | undefined> {
  return aboutOutput(path, async () => {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
    if (file === undefined) return undefined;
    try {
      if ((await file.stat()).isFile()) return await file.readFile();
      throw new OutputError(`${path}: is no regular file; remove it, or name another place`);
    } finally {
      await file.close();
    }
  });
}
