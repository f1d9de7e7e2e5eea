import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crc32, InputError, Random } from '#slablab/src/base/index.js';
import {
  Kind,
  MAX_HANDLE,
  MAX_SIZE,
  MAX_THREADS,
  type OpChunk,
  type OpsMetadata,
  type OpsNames,
  OpWriter,
} from '#slablab/src/stream/index.js';
import { MAX_OWNER } from '#slablab/src/stream/operation.js';
import {
  type OpsFileOptions,
  OpsFileWriter,
  openOpsFile,
} from '#slablab/src/stream/ops-file/ops-file-disk.js';
import { packOperations, unpackOperations } from '#slablab/src/stream/ops-file/pack-operations.js';
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

async function save(
  chunks: readonly OpChunk[],
  metadata = METADATA,
  options: OpsFileOptions & { readonly names?: OpsNames } = {},
): Promise<Buffer> {
  const file = await OpsFileWriter.create(path, metadata, options);
  for (const chunk of chunks) await file.write(chunk);
  if (options.names !== undefined) await file.writeNames(options.names);
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
    const newer = changed((bytes) => bytes.writeUInt32LE(3, 8));
    expect(await refusal(newer)).toContain(
      'byte 8: .ops version 3; this slablab reads versions up to 2: update it',
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
    ['{}', '`workload` is not a string'],
    ['[]', 'not a JSON object'],
    ['7', 'not a JSON object'],
    ['{"workload":"a","server":"b","parameters":{},"phases":[1]}', '`phases` is not a list of names'],
    ['{"workload":"a","server":"b","parameters":{"x":null},"phases":[]}', '`parameters` is not an object'],
    [withProgram('7'), '`program` is not an object'],
    [withProgram('{}'), '`program.command` is not a list of strings'],
    [withProgram('{"command":[],"quantum":-16}'), '`program.quantum` is not a whole number of at least 0'],
    [withProgram('{"command":[],"jemalloc":5}'), '`program.jemalloc` is not a string'],
    [withProgram('{"command":[],"recorded":{"operations":1}}'), '`program.recorded` is not an object of'],
  ])('metadata %s', async (json, message) => {
    const bytes = await save([], JSON.parse(json) as OpsMetadata);
    expect(await refusal(bytes)).toContain(`byte 20: metadata: ${message}`);
  });
});

function withProgram(program: string): string {
  return `{"workload":"a","server":"b","parameters":{},"phases":[],"program":${program}}`;
}

const PROGRAM: OpsMetadata = {
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
const NAMES: OpsNames = {
  owners: [
    { tag: 1, frames: ['grow at buffer.c:12', 'main at main.c:3'] },
    { tag: MAX_OWNER, frames: [], thread: 2 },
  ],
  recorded: { operations: 25, unknownFrees: 2, failedCalls: 1, lost: 0 },
};

describe('.ops files of version 2', () => {
  test.each([
    ['empty stream', 0, 10],
    ['one operation', 1, 10],
    ['several chunks, the last one short', 25, 10],
  ])('round trip, packed: %s', async (_, operations, capacity) => {
    const chunks = chunksOf(operations, capacity);
    const bytes = await save(chunks, PROGRAM, { isPacked: true });
    expect(bytes.readUInt32LE(8)).toBe(2);
    expect(await load()).toEqual({ metadata: PROGRAM, rows: asRows(chunks) });
  });

  test('every kind of operation and every limit comes back from packed bytes', async () => {
    const rows = [
      ...Object.values(Kind).map((kind) => [kind, 1, 2]),
      [Kind.aligned + 30, 0xffffffff, 0xffffffff],
      [Kind.malloc | (MAX_OWNER << 8), 0, 0],
      [Kind.free, MAX_HANDLE, 0],
      [Kind.malloc | (1 << 8), 1, MAX_SIZE],
      [Kind.thread, 0, MAX_THREADS - 1],
      [Kind.threadEnd, 0xffffffff, 0],
    ];
    const column = (index: number) => Uint32Array.from(rows, (row) => row[index]!);
    const chunk = {
      firstPosition: 0,
      length: rows.length,
      what: column(0),
      handle: column(1),
      size: column(2),
    };
    await save([chunk], METADATA, { isPacked: true });
    expect((await load()).rows).toEqual(asRows([chunk]));
  });

  test('a stream of a usual program takes at most 3 bytes an operation', async () => {
    const random = new Random(7);
    const writer = new OpWriter();
    const live: number[] = [];
    for (let step = 0; step < 200_000; step++) {
      if (live.length > 100 && random.below(2) === 0) writer.free(live.splice(random.below(100), 1)[0]!);
      else live.push(writer.malloc(16 + 8 * random.below(20), 1 + random.below(30)));
    }
    const chunks = writer.takeAll();
    const bytes = await save(chunks, METADATA, { isPacked: true });
    expect(bytes.length / 200_000).toBeLessThan(3);
    expect((await load()).rows).toEqual(asRows(chunks));
  });

  test('a program makes version 2, and its chunks may be plain', async () => {
    const chunks = chunksOf(25, 10);
    const bytes = await save(chunks, PROGRAM);
    expect(bytes.readUInt32LE(8)).toBe(2);
    expect(await load()).toEqual({ metadata: PROGRAM, rows: asRows(chunks) });
  });

  test('names are read before, after and without the operations', async () => {
    const file = await OpsFileWriter.create(path, PROGRAM, { isPacked: true });
    const [first, ...others] = chunksOf(25, 10);
    await file.writeNames({ owners: NAMES.owners.slice(0, 1) });
    await file.write(first!);
    for (const chunk of others) await file.write(chunk);
    await file.writeNames({ ...NAMES, owners: NAMES.owners.slice(1) });
    await file.finish();
    const reader = await openOpsFile(path);
    expect(await reader.names()).toEqual(NAMES);
    const lengths: number[] = [];
    for await (const { length } of reader.chunks()) lengths.push(length);
    expect(lengths).toEqual([10, 10, 5]);
    expect(await reader.names()).toEqual(NAMES);
    await reader.close();
  });

  test('names of many owners are in several records', async () => {
    const owners = Array.from({ length: 45_000 }, (_, at) => ({
      tag: at + 1,
      frames: [`f${at} at a.c:${at}`],
    }));
    await save([], METADATA, { isPacked: true, names: { owners } });
    const reader = await openOpsFile(path);
    expect((await reader.names()).owners).toEqual(owners);
    await reader.close();
  });

  test('a file of version 1 takes no names', async () => {
    const file = await OpsFileWriter.create(path, METADATA);
    await expect(file.writeNames(NAMES)).rejects.toThrow('a file of version 1 has no names');
    await file.abandon();
  });

  test('a file of version 1 with a record of version 2 is damaged', async () => {
    const bytes = Buffer.from(await save(chunksOf(5, 10), METADATA, { isPacked: true }));
    bytes.writeUInt32LE(1, 8);
    const json = bytes.subarray(HEADER_BYTES, FIRST_RECORD);
    bytes.writeUInt32LE(crc32(json, crc32(bytes.subarray(8, 16))), 16);
    expect(await refusal(bytes)).toContain('unknown record `CHNZ`');
  });

  test('a kind that no operation has cannot be packed', async () => {
    const words = { what: Uint32Array.of(200), handle: Uint32Array.of(0), size: Uint32Array.of(0) };
    const file = await OpsFileWriter.create(path, METADATA, { isPacked: true });
    const chunk = { firstPosition: 0, length: 1, ...words };
    await expect(file.write(chunk)).rejects.toThrow('operation 0 of a chunk: no operation has kind 200');
    await file.abandon();
  });

  test.each([
    ['{"owners":{}}', '`owners` is not a list'],
    ['{"owners":[{"tag":0,"frames":[]}]}', '`owners[0]` has no `tag` from 1'],
    ['{"owners":[{"tag":1,"frames":[]},{"tag":2,"frames":[7]}]}', '`owners[1]` has no list of `frames`'],
    ['{"owners":[{"tag":1,"frames":[],"thread":"main"}]}', '`owners[0]` has a `thread` that is not a number'],
    ['{"recorded":{}}', '`recorded` is not an object of counts'],
    ['7', 'not a JSON object'],
  ])('names %s are refused', async (json, message) => {
    const good = Buffer.from(await save([], METADATA, { isPacked: true }));
    const stored = deflateSync(json);
    const head = Buffer.alloc(HEAD_BYTES + 12);
    head.write('NAME', 0, 'latin1');
    head.writeUInt32LE(crc32(stored), 16);
    head.writeUInt32LE(crc32(head.subarray(0, 20)), 20);
    head.writeUInt32LE(stored.length, 24);
    head.writeUInt32LE(Buffer.byteLength(json), 28);
    head.writeUInt32LE(crc32(head.subarray(24, 32)), 32);
    const end = good.subarray(-HEAD_BYTES);
    expect(await refusal(Buffer.concat([good.subarray(0, -HEAD_BYTES), head, stored, end]))).toContain(
      `byte ${FIRST_RECORD}: the names: ${message}`,
    );
  });
});

test('fuzz: no mutation of version 2 is accepted silently', async () => {
  const random = new Random(printedSeed('mutated .ops files of version 2'));
  const good = Buffer.from(await save(chunksOf(40, 10), PROGRAM, { isPacked: true, names: NAMES }));
  for (let round = 0; round < 3000; round++) {
    const bytes = mutated(good, random);
    if (bytes.equals(good)) continue;
    await refusal(bytes);
  }
});

test('fuzz: packed operations come back, and packed bytes that are changed never crash', async () => {
  const random = new Random(printedSeed('packed operations'));
  for (let round = 0; round < 300; round++) {
    const length = 1 + random.below(50);
    const bits = () => random.below(2 ** random.below(33)) >>> 0;
    const column = (value: () => number) => Uint32Array.from({ length }, value);
    const what = column(() => ((bits() << 8) | random.below(128)) >>> 0);
    const chunk = { firstPosition: 0, length, what, handle: column(bits), size: column(bits) };
    const packed = packOperations(chunk);
    expect(asRows([unpackOperations(packed, length, 0)!])).toEqual(asRows([chunk]));
    expect(unpackOperations(packed, length + 1, 0)).toBeUndefined();
    expect(unpackOperations(packed.subarray(0, -1), length, 0)).toBeUndefined();
    packed[random.below(packed.length)] = random.below(256);
    unpackOperations(packed, length, 0);
  }
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
