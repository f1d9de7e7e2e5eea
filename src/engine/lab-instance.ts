/**
 * Keeps a pool of instances of the WebAssembly module, which are reset and reused.
 *
 * A new instance is most of the cost of starting a run. Its pages fault in one by one, and each memory of 448 MiB,
 * touched or not, brings a full garbage collection nearer.
 */
import { LAB_UNTOUCHED, type LabExports } from '../../wasm/lab.js';
import { EngineError } from './engine-errors.js';

/** The WASI functions that the module's libc imports. They do no I/O; an exit is a defect. */
const host = {
  fd_write: () => 0,
  fd_close: () => 0,
  fd_seek: () => 0,
  // Newer libcs call it in sched_yield, which only a contended lock calls. 52 is ENOSYS.
  clock_time_get: () => 52,
  proc_exit: (code: number) => {
    throw new EngineError(`the lab ended itself (code ${code})`);
  },
};

export class LabInstance {
  readonly lab: LabExports;
  /** The initial memory up to its trailing zeros; undefined if the build cannot report untouched ranges. */
  readonly #data: Uint8Array | undefined;

  constructor(readonly module: WebAssembly.Module) {
    const imports = { wasi_snapshot_preview1: host, env: {} };
    this.lab = new WebAssembly.Instance(module, imports).exports as LabExports;
    this.lab._initialize?.();
    // The module's data lies below its tables, so the first untouched range ends it.
    const tables = this.#untouched()?.[0]?.[0];
    if (tables !== undefined) {
      this.#data = withoutTrailingZeros(new Uint8Array(this.lab.memory.buffer, 0, tables));
    }
  }

  /** Whether reset() can restore the instance. */
  get isReusable(): boolean {
    return this.#data !== undefined;
  }

  /** Restores the initial memory. The stack pointer, its only other state, is restored by every return. */
  reset(): void {
    const ranges = this.#untouched();
    if (ranges === undefined || this.#data === undefined)
      throw new Error('this build does not report the memory that reset() has to restore');
    const bytes = new Uint8Array(this.lab.memory.buffer);
    let from = 0;
    for (const [start, end] of ranges) {
      bytes.fill(0, from, start);
      from = end;
    }
    bytes.fill(0, from);
    bytes.set(this.#data);
  }

  /** Returns the ranges of memory that were never written, ascending; undefined for a module without this export. */
  #untouched(): [from: number, to: number][] | undefined {
    if (this.lab.lab_untouched === undefined) return undefined;
    const at = this.lab.lab_untouched() >>> 0;
    const words = new Uint32Array(this.lab.memory.buffer, at, 2 * LAB_UNTOUCHED);
    const range = (n: number): [number, number] => [words[2 * n]!, words[2 * n + 1]!];
    return Array.from({ length: LAB_UNTOUCHED }, (_, n) => range(n)).sort(([a], [b]) => a - b);
  }
}

/** A sweep over two builds alternates between two instances. Each idle one keeps the memory of its largest run. */
const MAX_IDLE = 2;
/** Idle instances, the most recently used last. */
const idle: LabInstance[] = [];

/** Returns an unused instance: a new one, or one that was reset to the state of a new one. */
export function takeInstance(module: WebAssembly.Module): LabInstance {
  const index = idle.map((instance) => instance.module).lastIndexOf(module);
  if (index < 0) return new LabInstance(module);
  const [instance] = idle.splice(index, 1) as [LabInstance];
  // Reset here, not in giveInstance: the last instance of a process is never taken again.
  instance.reset();
  return instance;
}

/** Returns an instance to the pool. The caller must not use it again, and no call of it may have thrown. */
export function giveInstance(instance: LabInstance): void {
  if (!instance.isReusable) return;
  idle.push(instance);
  if (idle.length > MAX_IDLE) idle.shift();
}

function withoutTrailingZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, end);
}
