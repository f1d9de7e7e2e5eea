/** Writes raw recordings as the recorder does, for tests of what reads them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openOpsFile } from '#slablab/src/stream/node.js';
import { listImages, type WrittenTrace, writeTrace } from '#slablab/src/trace/node.js';
import { RecordKind } from '#slablab/src/trace/raw-format.js';

export interface RawCall {
  readonly kind: keyof typeof RecordKind;
  readonly order: number;
  readonly pointer?: number;
  readonly size?: number;
  readonly old?: number;
  readonly before?: number;
  readonly extra?: number;
  readonly flags?: number;
  readonly site?: number;
  readonly frames?: readonly number[];
}

/** Returns the bytes of a stream with these records. */
export function rawStream(calls: readonly RawCall[]): Buffer {
  const header = Buffer.alloc(32);
  header.write('SLABREC\n', 'latin1');
  header.writeUInt32LE(0x01020304, 8);
  header.writeUInt16LE(1, 12);
  header[14] = 8;
  let order = 0;
  let pointer = 0;
  const records = calls.map((call) => {
    const kind = RecordKind[call.kind];
    const parts = [word(call.order - order, 8)];
    order = call.order;
    let head = kind | (3 << 5) | (call.flags ?? 0);
    if (call.pointer !== undefined) {
      parts.push(word(zigzag((call.pointer - pointer) / 8), 7));
      pointer = call.pointer;
      head |= 7 << 7;
    }
    if (call.size !== undefined) {
      parts.push(word(call.size, 7));
      head |= 7 << 10;
    }
    if (call.site !== undefined) {
      parts.push(word(call.site, 3));
      head |= 1 << 15;
    }
    if (call.old !== undefined) {
      parts.push(Buffer.from([3 | (7 << 2)]), word(call.order - (call.before ?? call.order), 8));
      parts.push(word(zigzag((call.old - pointer) / 8), 7));
    }
    if (call.extra !== undefined)
      parts.push(call.kind === 'clock' ? word(call.extra, 8) : word(call.extra, 1));
    if (call.frames !== undefined) {
      parts.push(Buffer.from([call.frames.length]), ...call.frames.map((frame) => word(frame, 8)));
    }
    return Buffer.concat([word(head, 2), ...parts]);
  });
  return Buffer.concat([header, ...records]);
}

/** Writes streams as the recording of one process, and translates it. Returns operations as short texts. */
export async function translated(
  ...streams: readonly Buffer[]
): Promise<
  WrittenTrace & { operations: number; texts: string[]; reader: Awaited<ReturnType<typeof openOpsFile>> }
> {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-raw-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(
    join(directory, '7-1.process'),
    'slablab-recording 1\npid 7\nimage /bin/some%0Athing\nargument a b\nquantum 16\n',
  );
  for (const [index, stream] of streams.entries())
    writeFileSync(join(directory, `7-1-${index}.stream`), stream);
  const { images } = listImages(directory);
  const path = join(directory, 'trace.ops');
  const trace = await writeTrace(images[0]!, path);
  const reader = await openOpsFile(path);
  onTestFinished(() => reader.close());
  const texts: string[] = [];
  for await (const { length, what, handle, size } of reader.chunks()) {
    for (let at = 0; at < length; at++) texts.push(`${what[at]! & 255} ${handle[at]} ${size[at]}`);
  }
  return { ...trace, texts, reader };
}

function word(value: number, bytes: number): Buffer {
  const all = Buffer.alloc(8);
  all.writeBigUInt64LE(BigInt(value));
  return all.subarray(0, bytes);
}

function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}
