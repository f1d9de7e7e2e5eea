/** Implements Engine over a Port: it turns the lab's status codes and records into errors and snapshots. */
import { LAB_CHUNK } from '../../wasm/lab.js';
import { chunkMemory, Kind, MAX_HANDLE, MAX_SIZE, MAX_THREADS, type OpChunk } from '../stream/index.js';
import { giveBackColumns } from './column-memory.js';
import { explainConf } from './conf.js';
import type { BootOptions, BuildInfo, Engine, Runtime } from './engine.js';
import {
  BootError,
  EngineError,
  OutOfMemoryError,
  ReconciliationError,
  StreamError,
} from './engine-errors.js';
import { parseOptions, silentChanges } from './options.js';
import { type Port, record, Status, type Surveyed } from './port.js';
import { HOOK_MODES, type Snapshot } from './snapshot.js';
import { assembleSnapshot } from './survey.js';

export class LabEngine implements Engine {
  #position = 0;
  /** Milliseconds spent in the lab's replay calls, for benchmarks; no result contains them. */
  replayMs = 0;

  private constructor(
    readonly runtime: Runtime,
    readonly info: BuildInfo,
    readonly port: Port,
    readonly options: BootOptions,
  ) {}

  static async boot(runtime: Runtime, port: Port, options: BootOptions): Promise<LabEngine> {
    const hooks = HOOK_MODES.indexOf(options.hooks);
    if (hooks < 0) {
      throw new BootError(`hooks '${options.hooks}': no such placement; choose ${HOOK_MODES.join(', ')}`);
    }
    const { status, smallClasses } = await port.boot(hooks, options.conf);
    if (status !== Status.ok) {
      const words = (await port.message()).trim();
      await port.close();
      if (status === Status.badConf) {
        throw new BootError(explainConf(options.conf, words, versionOf(port)));
      }
      throw new OutOfMemoryError(`build ${options.build} cannot start: ${words || 'out of memory'}`, 0);
    }
    const taken = parseOptions(await port.message());
    const changes = silentChanges(options.conf, taken);
    if (changes.length > 0) {
      await port.close();
      throw new BootError(`conf '${options.conf}': ${changes.join('; ')}`);
    }
    if (options.refuse) await port.refuse(options.refuse.from, options.refuse.count);
    const info = { ...buildInfo(options.build, port, smallClasses, await port.survey()), options: taken };
    return new LabEngine(runtime, info, port, options);
  }

  async replay(chunk: OpChunk, isHandedOver = false): Promise<Snapshot[]> {
    const snapshots: Snapshot[] = [];
    try {
      for (let from = 0; from < chunk.length; from += LAB_CHUNK) {
        await this.#replayPiece(piece(chunk, from), snapshots);
      }
    } catch (error) {
      if (error instanceof EngineError) error.snapshots = snapshots;
      throw error;
    }
    if (isHandedOver) chunkMemory.giveBack(chunk.what.buffer);
    return snapshots;
  }

  async survey(phase: number): Promise<Snapshot> {
    const withRegions = this.options.regions === true;
    const surveyed = await this.port.survey(withRegions);
    if (surveyed.status === Status.mismatch) {
      const difference = await this.port.message();
      throw new ReconciliationError(
        `the ledger does not agree with jemalloc before operation ${this.#position}: ${difference}`,
      );
    }
    return assembleSnapshot(surveyed, this.port.compiled, {
      phase,
      position: this.#position,
      hooks: this.options.hooks,
      info: this.info,
      withRegions,
    });
  }

  giveBack(snapshot: Snapshot): void {
    giveBackColumns(snapshot);
  }

  locate(): Promise<Uint32Array<ArrayBuffer>> {
    return this.port.locate();
  }

  statistics(): Promise<string> {
    return this.port.statistics();
  }

  close(): Promise<void> {
    return this.port.close();
  }

  async #replayPiece(chunk: OpChunk, snapshots: Snapshot[]): Promise<void> {
    for (let from = 0; from < chunk.length; ) {
      const { status, stop, elapsedMs } = await this.port.replay(chunk, from);
      this.replayMs += elapsedMs;
      this.#position = chunk.firstPosition + stop;
      from = stop;
      if (status === Status.sweep) {
        snapshots.push(await this.survey(chunk.size[stop - 1]!));
      } else if (status !== Status.ok) {
        throw await this.#refusal(status, chunk, stop);
      }
    }
  }

  async #refusal(status: number, chunk: OpChunk, at: number): Promise<EngineError> {
    const kind = chunk.what[at]! & 0xff;
    const handle = chunk.handle[at]!;
    const size = chunk.size[at]!;
    const position = chunk.firstPosition + at;
    const operation = `operation ${position} (${kindName(kind)}, handle ${handle}, size ${size})`;
    if (status === Status.outOfMemory) {
      const surveyed = await this.port.survey();
      const { mapped, retained, metadata } = record(
        this.port.compiled.totalFields,
        surveyed.totals,
        0,
      ) as Record<'mapped' | 'retained' | 'metadata', number>;
      return new OutOfMemoryError(
        `${operation}: out of memory with ${mib(mapped)} mapped, ${mib(retained)} retained and ` +
          `${mib(metadata)} of metadata; ${this.#outOfMemoryRemedy()}`,
        position,
      );
    }
    const wrong = MALFORMED[status];
    if (wrong === undefined) return new EngineError(`${operation}: the lab answered status ${status}`);
    return new StreamError(`${operation}: ${wrong}`, position);
  }

  #outOfMemoryRemedy(): string {
    if (this.options.refuse) return `the failure was asked for`;
    return this.runtime === 'wasm'
      ? 'a 32-bit address space holds 3.56 GiB; make the workload smaller, or use --runtime native (1 TiB), which takes a checkout'
      : 'make the workload smaller, or give this machine more memory';
  }
}

const MALFORMED: Record<number, string> = {
  [Status.unknownKind]: 'there is no such kind of operation; the stream is damaged, or from a newer version',
  [Status.unknownHandle]: 'the handle is not allocated: it was freed before, or never allocated',
  [Status.handleInUse]: 'the handle is allocated already; free it first, or use another number',
  [Status.badHandle]: `handles go up to ${MAX_HANDLE}; reuse the numbers of freed ones`,
  [Status.badSize]: `the size must be between 1 and ${MAX_SIZE}, and for a sized free of the region's size class`,
  [Status.badThread]: `threads are numbered from 0 to ${MAX_THREADS - 1}`,
  [Status.unknownThread]: 'the thread has not begun, or has ended; begin it with `thread` first',
  [Status.badDefrag]:
    'the defragger has no such setting or value; the stream is damaged, or from a newer version',
  [Status.badAlignment]: 'the alignment must be between 2^3 and 2^30',
};

/** Returns the part of a chunk from operation `from` on that one call of the port takes. */
function piece(chunk: OpChunk, from: number): OpChunk {
  if (chunk.length <= LAB_CHUNK) return chunk;
  const to = Math.min(from + LAB_CHUNK, chunk.length);
  return {
    firstPosition: chunk.firstPosition + from,
    length: to - from,
    what: chunk.what.subarray(from, to),
    handle: chunk.handle.subarray(from, to),
    size: chunk.size.subarray(from, to),
  };
}

function kindName(kind: number): string {
  if (kind >= Kind.aligned) return `aligned 2^${kind - Kind.aligned}`;
  return Object.entries(Kind).find(([, number]) => number === kind)?.[0] ?? `kind ${kind}`;
}

/** Returns jemalloc's version without its build suffix: 5.3.0 for 5.3.0-0-g0. */
function versionOf({ compiled }: Port): string {
  return compiled.version.replace(/-.*/, '');
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function buildInfo(
  build: string,
  port: Port,
  smallClasses: number,
  surveyed: Surveyed,
): Omit<BuildInfo, 'options'> {
  const { compiled } = port;
  const count = surveyed.classes.length / compiled.classFields.length;
  const rows = Array.from({ length: count }, (_, i) => record(compiled.classFields, surveyed.classes, i));
  const small = rows.slice(0, smallClasses);
  return {
    build,
    jemallocVersion: versionOf(port),
    pageSize: compiled.pageSize,
    quantum: compiled.quantum,
    cacheOblivious: compiled.cacheOblivious,
    sizeClasses: rows.map((row) => row.size!),
    smallClasses,
    regionsPerSlab: small.map((row) => row.regs!),
    pagesPerSlab: small.map((row) => row.pages!),
  };
}
