import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Input } from '../input/index.js';
import { isGzipFile } from '../input/node.js';
import { aboutOutput } from '../output/node.js';
import type { Configuration } from './configuration.js';

/** A data set that a real server loads at its start, as copies of a user's files in the server's directory. */
export interface DataSet {
  /** The lines that make a server load it. */
  readonly configuration: Configuration;
  place(directory: string): Promise<void>;
}

const DIRECTORY = 'appendonlydir';

export function dataSetOf(input: Input): DataSet {
  const { files, manifest } = input;
  if (input.kind === 'rdb') return { configuration: [], place: (to) => copyAll(files, to, 'dump.rdb') };
  if (manifest === undefined) {
    // Servers since 7.0 move such a file into a new directory, as its base file.
    return { configuration: logAt('appendonly.aof'), place: (to) => copyAll(files, to, 'appendonly.aof') };
  }
  return {
    configuration: logAt(basename(manifest).replace(/\.manifest$/, '')),
    async place(to) {
      const directory = join(to, DIRECTORY);
      await mkdir(directory);
      await copyAll([manifest, ...files], directory);
    },
  };
}

function logAt(name: string): Configuration {
  const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`;
  return ['appendonly yes', `appendfilename ${quoted}`, `appenddirname ${DIRECTORY}`, 'appendfsync no'];
}

async function copyAll(files: readonly string[], to: string, name?: string): Promise<void> {
  for (const file of files) {
    const target = join(to, name ?? basename(file));
    await aboutOutput(target, async () => {
      // A server reads no packed files.
      if (isGzipFile(file)) await pipeline(createReadStream(file), createGunzip(), createWriteStream(target));
      else await copyFile(file, target, constants.COPYFILE_FICLONE);
    });
  }
}
