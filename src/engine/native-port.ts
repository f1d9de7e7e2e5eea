/** The native twin: the same lab as a process of the host, called through pipes (native/lab/main.c). */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { endianness } from 'node:os';
import { LAB_CONF_SIZE } from '../../wasm/lab.js';
import { concatWords } from '../base/index.js';
import type { OpChunk } from '../stream/index.js';
import { BootError, EngineError } from './engine-errors.js';
import {
  allocateRows,
  bytesIn,
  type ColumnField,
  type Compiled,
  columnFields,
  fieldNames,
  type Port,
  type Replayed,
  type Rows,
  type Surveyed,
} from './port.js';

/** Calls of the twin, with the numbers of native/lab/main.c. */
export const Call = {
  hello: 0,
  boot: 1,
  replay: 2,
  survey: 3,
  message: 4,
  refuse: 5,
  locate: 6,
  statistics: 7,
} as const;
const RESPONSE_HEAD_BYTES = 20;

interface Response {
  readonly status: number;
  readonly value: number;
  readonly elapsedMs: number;
  readonly payload: Buffer;
}

export class NativePort implements Port {
  readonly #twin: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (r: Response) => void; reject: (e: Error) => void }[] = [];
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** Bytes needed before #receive continues: those of a response's head, then those of the whole response. */
  #wantedBytes = RESPONSE_HEAD_BYTES;
  #stderr = '';
  #ended: Error | undefined;
  #compiled: Compiled | undefined;

  private constructor(path: string) {
    // Ctrl-C signals the whole process group of a terminal. The twin ends with its input instead.
    this.#twin = spawn(path, [], { stdio: 'pipe', detached: true });
    this.#twin.stdout.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#twin.stderr.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes.toString()).slice(-4000);
    });
    this.#twin.stdin.on('error', () => {}); // the exit handler reports it
    this.#twin.on('error', (cause) =>
      this.#end(new BootError(`cannot start the native twin ${path}: ${cause.message}`)),
    );
    this.#twin.on('close', (code, signal) => {
      const why = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      this.#end(new EngineError(`the native twin ${why}${this.#stderr ? `: ${this.#stderr.trim()}` : ''}`));
    });
  }

  static async start(path: string): Promise<NativePort> {
    if (endianness() !== 'LE') {
      throw new BootError('the native twin needs a little-endian host; use --runtime wasm');
    }
    const port = new NativePort(path);
    const { payload } = await port.#ask(Call.hello);
    const hello = JSON.parse(payload.toString()) as Omit<Compiled, `${string}Fields`> & {
      granule: string;
      class: string;
      totals: string;
      extent: string;
    };
    port.#compiled = {
      pageSize: hello.pageSize,
      quantum: hello.quantum,
      cacheOblivious: hello.cacheOblivious,
      instrumented: hello.instrumented,
      version: hello.version,
      granuleFields: columnFields(hello.granule),
      classFields: fieldNames(hello.class),
      totalFields: fieldNames(hello.totals),
      extentFields: columnFields(hello.extent),
    };
    return port;
  }

  get compiled(): Compiled {
    if (this.#compiled === undefined) throw new EngineError('the native twin has not answered yet');
    return this.#compiled;
  }

  /** Process id of the twin, for measurements of its memory. */
  get pid(): number | undefined {
    return this.#twin.pid;
  }

  async boot(hooks: number, conf: string) {
    const bytes = Buffer.from(conf);
    if (bytes.length >= LAB_CONF_SIZE) {
      throw new EngineError(`conf is ${bytes.length} bytes long; at most ${LAB_CONF_SIZE - 1} are taken`);
    }
    const { status, value } = await this.#ask(Call.boot, hooks, 0, [bytes]);
    return { status, smallClasses: value };
  }

  async refuse(from: number, count: number): Promise<void> {
    await this.#ask(Call.refuse, from, count);
  }

  async replay(chunk: OpChunk, from: number): Promise<Replayed> {
    const columns = [chunk.what, chunk.handle, chunk.size].map((column) =>
      Buffer.from(column.buffer, column.byteOffset, chunk.length * 4),
    );
    const { status, value, elapsedMs } = await this.#ask(
      Call.replay,
      from,
      chunk.length,
      from === 0 ? columns : [],
    );
    return { status, stop: value, elapsedMs };
  }

  async survey(withRegions = false): Promise<Surveyed> {
    const {
      status,
      value: classCount,
      payload,
      elapsedMs,
    } = await this.#ask(Call.survey, withRegions ? 1 : 0);
    const { totalFields, classFields, granuleFields, extentFields } = this.compiled;
    let at = 0;
    const next = (bytes: number) => {
      at += bytes;
      return payload.subarray(at - bytes, at);
    };
    const take = (bytes: number) => copyOut(next(bytes));
    const [granuleCount, extentCount, regionCount, parkedCount] = new Uint32Array(take(16)) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const totals = new Float64Array(take(totalFields.length * 8));
    const classes = new Float64Array(take(classCount * classFields.length * 8));
    const rows = (fields: readonly ColumnField[], count: number): Rows => {
      const taken = allocateRows(fields, count);
      for (const column of taken.columns) bytesIn(column).set(next(column.byteLength));
      return taken;
    };
    const granules = rows(granuleFields, granuleCount);
    const extents = rows(extentFields, extentCount);
    const parked = new Uint32Array(take(parkedCount * 8));
    const regions = new Uint8Array(take(regionCount));
    return { status, totals, classes, granules, extents, regions, parked, elapsedMs };
  }

  async locate(): Promise<Uint32Array<ArrayBuffer>> {
    const parts: Uint32Array[] = [];
    for (let from = 0; ; ) {
      const { value: n, payload } = await this.#ask(Call.locate, from);
      if (n === 0) return concatWords(parts);
      parts.push(new Uint32Array(copyOut(payload)));
      from += n;
    }
  }

  async statistics(): Promise<string> {
    return (await this.#ask(Call.statistics)).payload.toString();
  }

  async message(): Promise<string> {
    return (await this.#ask(Call.message)).payload.toString();
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((resolve) => this.#twin.once('close', resolve));
    this.#twin.stdin.end();
    await closed;
  }

  #ask(call: number, a = 0, b = 0, payload: readonly Buffer[] = []): Promise<Response> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      const nbytes = payload.reduce((sum, part) => sum + part.length, 0);
      // A copy, since the caller may refill the chunk before the pipe has taken it.
      this.#twin.stdin.write(Buffer.concat([words(call, a, b, nbytes), ...payload]));
    });
  }

  #receive(bytes: Buffer): void {
    this.#received.push(bytes);
    this.#receivedBytes += bytes.length;
    // A long response arrives in thousands of parts, so they are concatenated only once all are here.
    while (this.#receivedBytes >= this.#wantedBytes) {
      const all = this.#received.length === 1 ? this.#received[0]! : Buffer.concat(this.#received);
      this.#received = [all];
      this.#wantedBytes = RESPONSE_HEAD_BYTES + all.readUInt32LE(16);
      if (all.length < this.#wantedBytes) return;
      this.#received = [all.subarray(this.#wantedBytes)];
      this.#receivedBytes = all.length - this.#wantedBytes;
      this.#waiting.shift()?.resolve({
        status: all.readUInt32LE(0),
        value: all.readUInt32LE(4),
        elapsedMs: Number(all.readBigUInt64LE(8)) / 1e6,
        payload: all.subarray(RESPONSE_HEAD_BYTES, this.#wantedBytes),
      });
      this.#wantedBytes = RESPONSE_HEAD_BYTES;
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

/** Copies a slice of a pipe's buffer into a buffer of its own, which is aligned for typed arrays. */
function copyOut(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
