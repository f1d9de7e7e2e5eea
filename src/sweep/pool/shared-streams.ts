/** Schedules cells so that each stream is produced once, shared by its cells, and removed after the last of them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AllocatorView, BuildInfo } from '../../engine/index.js';
import type { StreamPlan } from '../../run/node.js';
import type { Cell } from '../grid/grid.js';
import type { KeptStream, StreamPlace } from './cell-service.js';
import type { StreamBuffers } from './stream-memory.js';

/** The cells that share a stream. */
interface Group {
  readonly plan: StreamPlan;
  readonly build: BuildInfo;
  readonly path: string;
  readonly waiting: Cell[];
  /** Memory of the stream, from its production until its last cell is finished. */
  buffer: SharedArrayBuffer | undefined;
  /** Undefined until the stream is produced; null if every cell produces its own. */
  stream: KeptStream | null | undefined;
  unfinished: number;
}

/** A task of a worker: to run a cell. If `keepIn` is given, the worker first produces the stream for the other cells. */
export interface Task {
  readonly cell: Cell;
  readonly build: BuildInfo;
  readonly stream: KeptStream | null;
  readonly keepIn: StreamPlace | undefined;
}

export class SharedStreams {
  /** Groups in the order of their first cells. */
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
      const key = groupKey(cell, build);
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

  /** Returns the next task, if necessary after waiting for a stream; undefined if no cells are left. */
  async next(): Promise<Task | undefined> {
    for (;;) {
      while (this.#groups.length > 0 && this.#groups[0]?.waiting.length === 0) this.#groups.shift();
      const task = this.#ready() ?? this.#unproduced();
      if (task !== undefined) return task;
      if (!this.#groups.some(({ waiting }) => waiting.length > 0)) return undefined;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Reports the stream that a task produced: null if it cannot be shared, undefined if its worker was lost. */
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

/** Returns a key that cells share which one stream is enough for. */
export function groupKey({ cell, stream, accounts, change }: Cell, view: AllocatorView): string {
  // A cell with accounts or changes needs the model beside its operations.
  const own = accounts === undefined && change === undefined ? '' : `${cell} `;
  return own + streamKey(stream, view);
}

/** Returns a key of everything that determines a stream. A saved stream does not depend on the plan. */
export function streamKey({ subject, ...plan }: StreamPlan, { sizeClasses, quantum }: AllocatorView): string {
  return JSON.stringify(subject.kind === 'ops' ? subject : { subject, ...plan, sizeClasses, quantum });
}

function hasStreamOfItsOwn({ plan, waiting }: Group): boolean {
  return plan.subject.kind === 'ops' || waiting.length === 1;
}
