import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';

test('a relative path becomes absolute, since a server starts in a directory of its own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-binary-'));
  try {
    const path = join(directory, 'valkey-server');
    await writeFile(
      path,
      '#!/bin/sh\necho Valkey server v=9.1.2 sha=0:0 malloc=jemalloc-5.3.0 bits=64 build=0\n',
    );
    await chmod(path, 0o755);
    const binary = await inspectBinary(relative(process.cwd(), path));
    expect(binary).toEqual({ path, product: 'valkey', version: '9.1.2', malloc: 'jemalloc-5.3.0' });
  } finally {
    await rm(directory, { recursive: true });
  }
});
