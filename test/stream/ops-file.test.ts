import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError, Random } from '#slablab/src/base/index.js';
import { type OpChunk, type OpsMetadata, OpWriter } from '#slablab/src/stream/index.js';
import { OpsFileWriter, openOpsFile } from '#slablab/src/stream/ops-file/ops-file-disk.js';
import { asRows } from '../support/operations.js';
import { printedSeed } from '../support/seed.js';

const METADATA: OpsMetadata = {
  workload: 'example',
  server: 'redis-7.2',
  parameters: { keys: 10, order: 'odd', unit: 'µ' },
  phases: ['first', 'second'],
};
/** Header, and where the first record starts. */
const HEADER_BYTES = 20;
const FIRST_RECORD = HEADER_BYTES + Buffer.byteLength(JSON.stringify(METADATA));
const HEAD_BYTES = 24;

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-ops-'));
  path = join(directory, 'stream.ops');
});
afterAll(() => rm(directory, { recursive: true }));

function chunksOf(operations: number, capacity: number): OpChunk[] {
  const writer = new OpWriter(capacity);
  for (let index = 0; index < operations; index++) writer.malloc(8 + index, index % 5);
  return writer.takeAll();
}

async function save(chunks: readonly OpChunk[], metadata = METADATA): Promise<Buffer> {
  const file = await OpsFileWriter.create(path, metadata);
  for (const chunk of chunks) await file.write(chunk);
  await file.finish();
  return readFile(path);
}

async function load(): Promise<{ metadata: OpsMetadata; rows: number[][] }> {
  const reader = await openOpsFile(path);
  try {
    const chunks: OpChunk[] = [];
    for await (const chunk of reader.chunks()) chunks.push(chunk);
    return { metadata: reader.metadata, rows: asRows(chunks) };
  } finally {
    await reader.close();
  }
}

async function refusal(bytes: Buffer): Promise<string> {
  await writeFile(path, bytes);
  const error: unknown = await load().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('.ops files', () => {
  test.each([
    ['empty stream', 0, 10],
    ['one operation', 1, 10],
    ['one whole chunk', 10, 10],
    ['several chunks, the last one short', 25, 10],
    ['a chunk for each operation', 7, 1],
  ])('round trip: %s', async (_, operations, capacity) => {
    const chunks = chunksOf(operations, capacity);
    const rows = asRows(chunks);
    await save(chunks);
    expect(await load()).toEqual({ metadata: METADATA, rows });
  });

  test('same stream, same bytes', async () => {
    expect(await save(chunksOf(25, 10))).toEqual(await save(chunksOf(25, 10)));
  });

  test('is written little-endian as documented', async () => {
    const bytes = await save(chunksOf(1, 10));
    expect(bytes.subarray(0, 8).toString('hex')).toBe('896f70730d0a1a0a');
    expect(bytes.readUInt32LE(8)).toBe(1);
    expect(bytes.subarray(FIRST_RECORD, FIRST_RECORD + 4).toString()).toBe('CHNK');
    expect(bytes.readUInt32LE(FIRST_RECORD + 4)).toBe(1);
    expect(bytes.subarray(FIRST_RECORD + HEAD_BYTES, FIRST_RECORD + HEAD_BYTES + 12).toString('hex')).toBe(
      '010000000100000008000000',
    );
    expect(bytes.subarray(-HEAD_BYTES, -HEAD_BYTES + 4).toString()).toBe('END ');
  });

  test('the writer refuses a gap between chunks', async () => {
    const [, second] = chunksOf(20, 10);
    const file = await OpsFileWriter.create(path, METADATA);
    await expect(file.write(second!)).rejects.toThrow('chunk at position 10: expected position 0');
    await file.abandon();
  });

  test('an abandoned file leaves the one before in its place', async () => {
    const before = await save(chunksOf(5, 10));
    const file = await OpsFileWriter.create(path, METADATA);
    for (const chunk of chunksOf(20, 10)) await file.write(chunk);
    await file.abandon();
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
  });

  test('what can be read before the damage is read', async () => {
    const bytes = await save(chunksOf(25, 10));
    await writeFile(path, bytes.subarray(0, bytes.length - HEAD_BYTES - 1));
    const reader = await openOpsFile(path);
    const lengths: number[] = [];
    const reading = (async () => {
      for await (const { length } of reader.chunks()) lengths.push(length);
    })();
    await expect(reading).rejects.toThrow('truncated in chunk 3 (5 operations)');
    await reader.close();
    expect(lengths).toEqual([10, 10]);
  });
});

describe('a file that is not what it should be names itself, the byte, and the remedy', () => {
  let good: Buffer;
  beforeAll(async () => {
    good = Buffer.from(await save(chunksOf(25, 10)));
  });
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };

  test('empty file', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe(
      `${path}: byte 0: not an .ops file: the file is empty; write one with \`slablab run … --save-ops FILE\``,
    );
  });

  test('another kind of file', async () => {
    expect(await refusal(Buffer.from('{"a": 1}'))).toContain(
      'byte 0: not an .ops file: it starts with "{\\"a\\": 1}"',
    );
  });

  test('line ends translated on the way', async () => {
    const translated = Buffer.from(good.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    expect(await refusal(translated)).toContain('not an .ops file');
  });

  test('newer version', async () => {
    const newer = changed((bytes) => bytes.writeUInt32LE(2, 8));
    expect(await refusal(newer)).toContain(
      'byte 8: .ops version 2; this slablab reads versions up to 1: update it',
    );
  });

  test('truncated in the header', async () => {
    expect(await refusal(good.subarray(0, 15))).toContain(
      'byte 15: truncated in the header; the file was cut short',
    );
  });

  test('truncated in the metadata', async () => {
    expect(await refusal(good.subarray(0, 40))).toContain('byte 40: truncated in the metadata');
  });

  test('truncated in a chunk', async () => {
    const at = FIRST_RECORD + HEAD_BYTES + 50;
    expect(await refusal(good.subarray(0, at))).toContain(`byte ${at}: truncated in chunk 1 (10 operations)`);
  });

  test('truncated between chunks', async () => {
    const at = FIRST_RECORD + HEAD_BYTES + 120;
    expect(await refusal(good.subarray(0, at))).toContain(`byte ${at}: truncated before chunk 2`);
  });

  test('damaged metadata', async () => {
    const damaged = changed((bytes) => bytes.writeUInt8(0x20, HEADER_BYTES + 3));
    expect(await refusal(damaged)).toContain('byte 16: the checksum of the header does not match it');
  });

  test('damaged operations', async () => {
    const damaged = changed((bytes) => bytes.writeUInt8(9, FIRST_RECORD + HEAD_BYTES + 7));
    expect(await refusal(damaged)).toContain(
      `byte ${FIRST_RECORD}: the checksum of chunk 1 does not match its operations; the file is damaged`,
    );
  });

  test('damaged count', async () => {
    const damaged = changed((bytes) => bytes.writeUInt32LE(11, FIRST_RECORD + 4));
    expect(await refusal(damaged)).toContain(`byte ${FIRST_RECORD}: the head of chunk 1 fails its check`);
  });

  test('a chunk left out', async () => {
    const chunkBytes = HEAD_BYTES + 120;
    const without = Buffer.concat([
      good.subarray(0, FIRST_RECORD + chunkBytes),
      good.subarray(FIRST_RECORD + 2 * chunkBytes),
    ]);
    expect(await refusal(without)).toContain('the record says 20 operations precede it, but 10 do');
  });

  test('a chunk doubled', async () => {
    const end = FIRST_RECORD + HEAD_BYTES + 120;
    const doubled = Buffer.concat([good.subarray(0, end), good.subarray(FIRST_RECORD)]);
    expect(await refusal(doubled)).toContain('the record says 0 operations precede it, but 10 do');
  });

  test('bytes after the end', async () => {
    const longer = Buffer.concat([good, Buffer.from('x')]);
    expect(await refusal(longer)).toContain(`byte ${good.length}: there are bytes after the end record`);
  });

  test.each([
    ['[]', '`workload` is not a string'],
    ['null', 'not a JSON object'],
    ['{"workload":"a","server":"b","parameters":{},"phases":[1]}', '`phases` is not a list of names'],
    ['{"workload":"a","server":"b","parameters":{"x":null},"phases":[]}', '`parameters` is not an object'],
  ])('metadata %s', async (json, message) => {
    const bytes = await save([], JSON.parse(json) as OpsMetadata);
    expect(await refusal(bytes)).toContain(`byte 20: metadata: ${message}`);
  });
});

test('fuzz: no mutation is accepted silently', async () => {
  const random = new Random(printedSeed('mutated .ops files'));
  const good = Buffer.from(await save(chunksOf(40, 10)));
  for (let round = 0; round < 3000; round++) {
    const bytes = mutated(good, random);
    if (bytes.equals(good)) continue;
    await refusal(bytes);
  }
});

function mutated(good: Buffer, random: Random): Buffer {
  const at = random.below(good.length);
  const length = 1 + random.below(40);
  switch (random.below(5)) {
    case 0: {
      const flipped = Buffer.from(good);
      flipped[at] = flipped[at]! ^ (1 << random.below(8));
      return flipped;
    }
    case 1:
      return good.subarray(0, at);
    case 2:
      return Buffer.concat([good.subarray(0, at), good.subarray(at + length)]);
    case 3:
      return Buffer.concat([good.subarray(0, at + length), good.subarray(at)]);
    default: {
      const overwritten = Buffer.from(good);
      for (let index = at; index < Math.min(good.length, at + length); index++)
        overwritten[index] = random.below(256);
      return overwritten;
    }
  }
}
