import { readFile, writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { crc32, Random } from '#slablab/src/base/index.js';
import {
  Kind,
  MAX_HANDLE,
  MAX_SIZE,
  MAX_THREADS,
  type OpsMetadata,
  OpWriter,
} from '#slablab/src/stream/index.js';
import { MAX_OWNER } from '#slablab/src/stream/operation.js';
import { OpsFileWriter, openOpsFile } from '#slablab/src/stream/ops-file/ops-file-disk.js';
import { asRows } from '../support/operations.js';
import { chunksOf, METADATA, NAMES, opsFilePlace, PROGRAM } from './ops-files.js';

/** Header, and where the first record starts. */
const HEADER_BYTES = 20;
const FIRST_RECORD = HEADER_BYTES + Buffer.byteLength(JSON.stringify(METADATA));
const HEAD_BYTES = 24;

const place = opsFilePlace();
const { save, load, refusal } = place;

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
    const file = await OpsFileWriter.create(place.path, METADATA);
    await expect(file.write(second!)).rejects.toThrow('chunk at position 10: expected position 0');
    await file.abandon();
  });

  test('an abandoned file leaves the one before in its place', async () => {
    const before = await save(chunksOf(5, 10));
    const file = await OpsFileWriter.create(place.path, METADATA);
    for (const chunk of chunksOf(20, 10)) await file.write(chunk);
    await file.abandon();
    expect(Buffer.compare(await readFile(place.path), before)).toBe(0);
  });

  test('what can be read before the damage is read', async () => {
    const bytes = await save(chunksOf(25, 10));
    await writeFile(place.path, bytes.subarray(0, bytes.length - HEAD_BYTES - 1));
    const reader = await openOpsFile(place.path);
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
      `${place.path}: byte 0: not an .ops file: the file is empty; write one with \`slablab run … --save-ops FILE\``,
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
    const file = await OpsFileWriter.create(place.path, PROGRAM, { isPacked: true });
    const [first, ...others] = chunksOf(25, 10);
    await file.writeNames({ owners: NAMES.owners.slice(0, 1) });
    await file.write(first!);
    for (const chunk of others) await file.write(chunk);
    await file.writeNames({ ...NAMES, owners: NAMES.owners.slice(1) });
    await file.finish();
    const reader = await openOpsFile(place.path);
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
    const reader = await openOpsFile(place.path);
    expect((await reader.names()).owners).toEqual(owners);
    await reader.close();
  });

  test('a file of version 1 takes no names', async () => {
    const file = await OpsFileWriter.create(place.path, METADATA);
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
    const file = await OpsFileWriter.create(place.path, METADATA, { isPacked: true });
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
