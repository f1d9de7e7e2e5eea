/**
 * Instances of the module, used again. Most of what a run costs before its first operation is a new instance: its pages
 * are faulted in one by one, and each memory of 448 MiB, whether touched or not, brings the garbage collector's next full
 * round nearer. So an instance that is done with is made as it was when it was new, and serves again.
 */
import { LAB_UNTOUCHED, type LabExports } from '../../wasm/lab.js';
import { EngineError } from './engine-errors.js';

/** What jemalloc's libc asks of its host. Nothing is written or read; an exit is a defect. */
const host = {
  fd_write: () => 0,
  fd_close: () => 0,
  fd_seek: () => 0,
  // Newer libcs have it behind sched_yield, which only a contended lock would call. 52 is ENOSYS.
  clock_time_get: () => 52,
  proc_exit: (code: number) => {
    throw new EngineError(`the lab ended itself (code ${code})`);
  },
};

export class LabInstance {
  readonly lab: LabExports;
  /** Memory as it is made, but for the zeros that follow; undefined where it cannot be told what was written since. */
  readonly #data: Uint8Array | undefined;

  constructor(readonly module: WebAssembly.Module) {
    const imports = { wasi_snapshot_preview1: host, env: {} };
    this.lab = new WebAssembly.Instance(module, imports).exports as LabExports;
    this.lab._initialize?.();
    // The tables come behind all data.
    const tables = this.#untouched()?.[0]?.[0];
    if (tables !== undefined) {
      this.#data = withoutTrailingZeros(new Uint8Array(this.lab.memory.buffer, 0, tables));
    }
  }

  /** Whether it is known what to put back. */
  get isReusable(): boolean {
    return this.#data !== undefined;
  }

  /** Puts memory back as it was in the beginning. What else an instance has, its stack pointer, is so after any return. */
  reset(): void {
    const ranges = this.#untouched();
    if (ranges === undefined || this.#data === undefined)
      throw new Error('of this build it is not known what to put back');
    const bytes = new Uint8Array(this.lab.memory.buffer);
    let from = 0;
    for (const [start, end] of ranges) {
      bytes.fill(0, from, start);
      from = end;
    }
    bytes.fill(0, from);
    bytes.set(this.#data);
  }

  /** In order. A module may have been linked before there was this export. */
  #untouched(): [from: number, to: number][] | undefined {
    if (this.lab.lab_untouched === undefined) return undefined;
    const at = this.lab.lab_untouched() >>> 0;
    const words = new Uint32Array(this.lab.memory.buffer, at, 2 * LAB_UNTOUCHED);
    const range = (n: number): [number, number] => [words[2 * n]!, words[2 * n + 1]!];
    return Array.from({ length: LAB_UNTOUCHED }, (_, n) => range(n)).sort(([a], [b]) => a - b);
  }
}

/** As many as a sweep over two builds goes to and fro between; each keeps the memory of the largest run it has seen. */
const MAX_IDLE = 2;
/** The last one that was used comes last. */
const idle: LabInstance[] = [];

/** An instance that nobody else has: a new one, or one that cannot be told from it. */
export function takeInstance(module: WebAssembly.Module): LabInstance {
  const index = idle.map((instance) => instance.module).lastIndexOf(module);
  if (index < 0) return new LabInstance(module);
  const [instance] = idle.splice(index, 1) as [LabInstance];
  // Only now: nobody takes the last one of a process.
  instance.reset();
  return instance;
}

/** For whoever takes the next one. The giver must not use it any more; one in which a call has thrown must not be given. */
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
