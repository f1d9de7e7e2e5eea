/** The lab as a WebAssembly module in this thread. Only this file and lab-instance.ts touch its linear memory. */

import { LAB_CHUNK, LAB_CONF_SIZE, LAB_ROWS, type LabExports } from '../../wasm/lab.js';
import { concatWords } from '../base/index.js';
import type { OpChunk } from '../stream/index.js';
import { columnMemory } from './column-memory.js';
import { EngineError } from './engine-errors.js';
import { giveInstance, type LabInstance, takeInstance } from './lab-instance.js';
import {
  allocateRows,
  bytesIn,
  type Compiled,
  columnFields,
  fieldNames,
  type Port,
  type Replayed,
  type Rows,
  type Surveyed,
} from './port.js';

export class WasmPort implements Port {
  readonly compiled: Compiled;
  readonly #instance: LabInstance;
  #isClosed = false;
  /** Whether a call has trapped. The instance can then only return its message, and is not reused. */
  #hasTrapped = false;
  #words = new Uint32Array();

  constructor(module: WebAssembly.Module) {
    this.#instance = takeInstance(module);
    const listed = (n: number) => this.#text(this.#lab.lab_fields(n));
    const fields = (n: number) => fieldNames(listed(n));
    const columns = (n: number) => columnFields(listed(n));
    this.compiled = {
      pageSize: this.#lab.lab_page_size(),
      quantum: this.#lab.lab_quantum(),
      cacheOblivious: this.#lab.lab_cache_oblivious() !== 0,
      instrumented: this.#lab.lab_instrumented() !== 0,
      version: this.#text(this.#lab.lab_version()),
      granuleFields: columns(0),
      classFields: fields(1),
      totalFields: fields(2),
      extentFields: columns(3),
    };
  }

  async boot(hooks: number, conf: string) {
    const bytes = new TextEncoder().encode(conf);
    if (bytes.length >= LAB_CONF_SIZE) {
      throw new EngineError(`conf is ${bytes.length} bytes long; at most ${LAB_CONF_SIZE - 1} are taken`);
    }
    const at = this.#lab.lab_conf() >>> 0;
    new Uint8Array(this.#lab.memory.buffer, at, bytes.length + 1).set([...bytes, 0]);
    const status = this.#call(() => this.#lab.lab_boot(hooks));
    return { status, smallClasses: status === 0 ? this.#lab.lab_small_classes() : 0 };
  }

  async refuse(from: number, count: number): Promise<void> {
    this.#lab.lab_refuse(from, count);
  }

  async replay(chunk: OpChunk, from: number): Promise<Replayed> {
    if (from === 0) {
      const at = this.#lab.lab_chunk() >>> 2;
      const words = this.#view();
      words.set(chunk.what.subarray(0, chunk.length), at);
      words.set(chunk.handle.subarray(0, chunk.length), at + LAB_CHUNK);
      words.set(chunk.size.subarray(0, chunk.length), at + 2 * LAB_CHUNK);
    }
    const start = performance.now();
    const status = this.#call(() => this.#lab.lab_replay(from, chunk.length));
    const elapsedMs = performance.now() - start;
    return { status, stop: this.#lab.lab_stop() >>> 0, elapsedMs };
  }

  async survey(withRegions = false): Promise<Surveyed> {
    const start = performance.now();
    const { granuleFields, extentFields, classFields, totalFields } = this.compiled;
    const [granuleCount, extentCount, regionCount] = this.#counts(() =>
      this.#lab.lab_survey_begin(withRegions ? 1 : 0),
    );
    const granules = allocateRows(granuleFields, granuleCount);
    const extents = allocateRows(extentFields, extentCount);
    const regions = new Uint8Array(columnMemory.take(regionCount), 0, regionCount);
    const at = { granules: 0, extents: 0, regions: 0 };
    for (;;) {
      const [moreGranules, moreExtents, moreRegions] = this.#counts(() => this.#lab.lab_survey_rows());
      if (moreGranules + moreExtents === 0) break;
      this.#copyRows(this.#lab.lab_granules(), granules, at.granules, moreGranules);
      this.#copyRows(this.#lab.lab_extents(), extents, at.extents, moreExtents);
      regions.set(
        new Uint8Array(this.#lab.memory.buffer, this.#lab.lab_regions() >>> 0, moreRegions),
        at.regions,
      );
      at.granules += moreGranules;
      at.extents += moreExtents;
      at.regions += moreRegions;
    }
    const parked = withRegions ? this.#parked() : new Uint32Array();
    const status = this.#call(() => this.#lab.lab_survey_end());
    const elapsedMs = performance.now() - start;
    const totals = this.#doubles(this.#lab.lab_totals(), totalFields.length);
    const classes = this.#doubles(this.#lab.lab_classes(), this.#lab.lab_class_count() * classFields.length);
    return { status, totals, classes, granules, extents, regions, parked, elapsedMs };
  }

  async locate(): Promise<Uint32Array<ArrayBuffer>> {
    const parts: Uint32Array[] = [];
    for (let from = 0; ; ) {
      const n = this.#call(() => this.#lab.lab_locate(from)) >>> 0;
      if (n === 0) return concatWords(parts);
      const at = this.#lab.lab_located() >>> 2;
      parts.push(this.#view().slice(at, at + n));
      from += n;
    }
  }

  async statistics(): Promise<string> {
    const { lab_statistics: print } = this.#lab;
    if (print === undefined) {
      throw new EngineError(
        'this build was linked before it could print its statistics; `make` links it anew',
      );
    }
    const at = this.#call(() => print());
    if (at === 0)
      throw new EngineError("the lab's own memory has no room left for the allocator's statistics");
    return this.#text(at);
  }

  async message(): Promise<string> {
    return this.#text(this.#lab.lab_message());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#hasTrapped) giveInstance(this.#instance);
  }

  /** Throws after close(), when the instance may belong to another engine. */
  get #lab(): LabExports {
    if (this.#isClosed) throw new EngineError('the engine was closed');
    return this.#instance.lab;
  }

  /** Runs a call. A trap becomes an EngineError with the lab's own message, if there is one. */
  #call(run: () => number): number {
    try {
      return run();
    } catch (cause) {
      this.#hasTrapped = true;
      const words = this.#text(this.#lab.lab_message()).trim();
      throw new EngineError(`the lab stopped: ${words || String(cause)}`, { cause });
    }
  }

  /** Returns linear memory as words. The view is renewed after growth, which detaches the old buffer. */
  #view(): Uint32Array {
    if (this.#words.buffer !== this.#lab.memory.buffer) {
      this.#words = new Uint32Array(this.#lab.memory.buffer);
    }
    return this.#words;
  }

  /** Runs a call that returns a lab_counts_t, and returns its granules, extents and regions. */
  #counts(call: () => number): [number, number, number] {
    const at = this.#call(call) >>> 2;
    const words = this.#view();
    return [words[at]!, words[at + 1]!, words[at + 2]!];
  }

  /** Copies `n` rows of a batch, whose columns have LAB_ROWS values, to row `to`. */
  #copyRows(batch: number, { columns }: Rows, to: number, n: number): void {
    if (n === 0) return;
    let from = batch >>> 0;
    for (const column of columns) {
      const bytes = column.BYTES_PER_ELEMENT;
      bytesIn(column).set(new Uint8Array(this.#lab.memory.buffer, from, n * bytes), to * bytes);
      from += LAB_ROWS * bytes;
    }
  }

  #parked(): Uint32Array<ArrayBuffer> {
    const parts: Uint32Array[] = [];
    for (let from = 0; ; ) {
      const n = this.#call(() => this.#lab.lab_survey_parked(from)) >>> 0;
      if (n === 0) return concatWords(parts);
      const at = this.#lab.lab_located() >>> 2;
      parts.push(this.#view().slice(at, at + 2 * n));
      from += n;
    }
  }

  /** Returns a copy of `count` doubles of linear memory. */
  #doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.#lab.memory.buffer, at >>> 0, count).slice();
  }

  #text(at: number): string {
    const bytes = new Uint8Array(this.#lab.memory.buffer);
    const start = at >>> 0;
    return new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(0, start)));
  }
}
