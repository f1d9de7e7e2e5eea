/** Saves .ops files, and loads or refuses them, in a directory of a test file's own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { type OpChunk, type OpsMetadata, type OpsNames, OpWriter } from '#slablab/src/stream/index.js';
import { MAX_OWNER } from '#slablab/src/stream/operation.js';
import {
  type OpsFileOptions,
  OpsFileWriter,
  openOpsFile,
} from '#slablab/src/stream/ops-file/ops-file-disk.js';
import { asRows } from '../support/operations.js';

export const METADATA: OpsMetadata = {
  workload: 'example',
  server: 'redis-7.2',
  parameters: { keys: 10, order: 'odd', unit: 'µ' },
  phases: ['first', 'second'],
};
export const PROGRAM: OpsMetadata = {
  ...METADATA,
  program: {
    command: ['python3', 'π.py'],
    image: '/usr/bin/python3',
    pid: 7,
    quantum: 16,
    pageSize: 4096,
    cpus: 2,
    narenas: 8,
    jemalloc: '5.3.0-0-g54eaed1',
    mallocConf: 'narenas:8',
    threads: 3,
    recorded: { operations: 25, unknownFrees: 0, failedCalls: 1, lost: 0 },
  },
};
export const NAMES: OpsNames = {
  owners: [
    { tag: 1, frames: ['grow at buffer.c:12', 'main at main.c:3'] },
    { tag: MAX_OWNER, frames: [], thread: 2 },
  ],
  recorded: { operations: 25, unknownFrees: 2, failedCalls: 1, lost: 0 },
};

export function chunksOf(operations: number, capacity: number): OpChunk[] {
  const writer = new OpWriter(capacity);
  for (let index = 0; index < operations; index++) writer.malloc(8 + index, index % 5);
  return writer.takeAll();
}

/** Returns a place for one file at a time, which is there while the tests of the calling file run. */
export function opsFilePlace() {
  let directory: string;
  const place = {
    path: '',

    async save(
      chunks: readonly OpChunk[],
      metadata = METADATA,
      options: OpsFileOptions & { readonly names?: OpsNames } = {},
    ): Promise<Buffer> {
      const file = await OpsFileWriter.create(place.path, metadata, options);
      for (const chunk of chunks) await file.write(chunk);
      if (options.names !== undefined) await file.writeNames(options.names);
      await file.finish();
      return readFile(place.path);
    },

    async load(): Promise<{ metadata: OpsMetadata; rows: number[][] }> {
      const reader = await openOpsFile(place.path);
      try {
        const chunks: OpChunk[] = [];
        for await (const chunk of reader.chunks()) chunks.push(chunk);
        return { metadata: reader.metadata, rows: asRows(chunks) };
      } finally {
        await reader.close();
      }
    },

    /** Returns why bytes are refused; they must be. */
    async refusal(bytes: Buffer): Promise<string> {
      await writeFile(place.path, bytes);
      const error: unknown = await place.load().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InputError);
      return (error as InputError).message;
    },
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slablab-ops-'));
    place.path = join(directory, 'stream.ops');
  });
  afterAll(() => rm(directory, { recursive: true }));
  return place;
}
