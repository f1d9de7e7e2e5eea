/** Which cell is next, so that a stream is produced once, replayed while it is there, and removed when it is done with. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AllocatorView, BuildInfo } from '../../engine/index.js';
import type { StreamPlan } from '../../run/node.js';
import type { Cell } from '../grid/grid.js';
import type { KeptStream, StreamPlace } from './cell-service.js';
import type { StreamBuffers } from './stream-memory.js';

/** Cells with one stream. */
interface Group {
  readonly plan: StreamPlan;
  readonly build: BuildInfo;
  readonly path: string;
  readonly waiting: Cell[];
  /** From when it is produced until the last of the cells is done. */
  buffer: SharedArrayBuffer | undefined;
  /** Undefined until it was produced; null where every cell makes its own. */
  stream: KeptStream | null | undefined;
  unfinished: number;
}

/** What a worker is to do: run a cell, and before that, if `keepIn` is given, produce its stream for the others. */
export interface Task {
  readonly cell: Cell;
  readonly build: BuildInfo;
  readonly stream: KeptStream | null;
  readonly keepIn: StreamPlace | undefined;
}

export class SharedStreams {
  /** In the order of their first cells. */
  readonly #groups: Group[];
  readonly #groupOf = new Map<Cell, Group>();
  readonly #beingProduced = new Set<Group>();
  readonly #waiters: (() => void)[] = [];
  readonly #buffers: StreamBuffers;

  constructor(
    cells: readonly Cell[],
    buildOf: (cell: Cell) => BuildInfo,
    { directory, buffers }: { readonly directory: string; readonly buffers: StreamBuffers },
  ) {
    this.#buffers = buffers;
    const groups = new Map<string, Group>();
    for (const cell of cells) {
      const build = buildOf(cell);
      const key = streamKey(cell.stream, build);
      let group = groups.get(key);
      if (group === undefined) {
        const path = join(directory, `${groups.size}.ops`);
        const nothing = { waiting: [], buffer: undefined, stream: undefined, unfinished: 0 };
        group = { plan: cell.stream, build, path, ...nothing };
        groups.set(key, group);
      }
      group.waiting.push(cell);
      group.unfinished++;
      this.#groupOf.set(cell, group);
    }
    this.#groups = [...groups.values()];
    for (const group of this.#groups) if (hasStreamOfItsOwn(group)) group.stream = null;
  }

  /** Undefined when there is nothing left. */
  async next(): Promise<Task | undefined> {
    for (;;) {
      while (this.#groups.length > 0 && this.#groups[0]?.waiting.length === 0) this.#groups.shift();
      const task = this.#ready() ?? this.#unproduced();
      if (task !== undefined) return task;
      if (!this.#groups.some(({ waiting }) => waiting.length > 0)) return undefined;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** The stream that a task was to produce: null if it cannot be shared, undefined if its worker was lost. */
  produced(cell: Cell, stream: KeptStream | null | undefined): void {
    const group = this.#groupOf.get(cell)!;
    group.stream = stream;
    this.#beingProduced.delete(group);
    if (stream === null || stream === undefined) this.#release(group);
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async finished(cell: Cell): Promise<void> {
    const group = this.#groupOf.get(cell)!;
    group.unfinished--;
    this.#groupOf.delete(cell);
    if (group.unfinished > 0) return;
    this.#release(group);
    await rm(group.path, { force: true });
  }

  #release(group: Group): void {
    if (group.buffer !== undefined) this.#buffers.give(group.buffer);
    group.buffer = undefined;
  }

  #ready(): Task | undefined {
    const group = this.#groups.find(({ stream, waiting }) => stream !== undefined && waiting.length > 0);
    const cell = group?.waiting.shift();
    if (group === undefined || cell === undefined) return undefined;
    return { cell, build: group.build, stream: group.stream ?? null, keepIn: undefined };
  }

  #unproduced(): Task | undefined {
    const group = this.#groups.find(
      (candidate) =>
        candidate.stream === undefined && candidate.waiting.length > 0 && !this.#beingProduced.has(candidate),
    );
    const cell = group?.waiting.shift();
    if (group === undefined || cell === undefined) return undefined;
    this.#beingProduced.add(group);
    const buffer = this.#buffers.take();
    group.buffer = buffer;
    return { cell, build: group.build, stream: null, keepIn: { buffer, path: group.path } };
  }
}

/** What decides a stream. A saved one has been through a model already. */
export function streamKey({ subject, ...plan }: StreamPlan, { sizeClasses, quantum }: AllocatorView): string {
  return JSON.stringify(subject.kind === 'ops' ? subject : { subject, ...plan, sizeClasses, quantum });
}

function hasStreamOfItsOwn({ plan, waiting }: Group): boolean {
  return plan.subject.kind === 'ops' || waiting.length === 1;
}
