import { hashOf } from '../../base/index.js';
import { DataType, type Heap, StructKind, sdsBytes } from '../heap/index.js';
import { ChainedTable, NumberedElements, type ResizePolicy, type Try } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

const NAME_BYTES = 40;

/** The regions of a cached script, and its element in the table. */
interface Script {
  readonly element: number;
  readonly name: number;
  readonly struct: number;
  /** The object of the argument that was its text. */
  readonly object: number;
  readonly sds: number;
}

/**
 * Caches scripts: a table by SHA-1, a struct for each, and the text, which remains the argument it arrived in. The
 * memory of Lua for a compiled script is not included. Servers that bundle their allocator leave Lua to the C library's
 * (see LUA_BYTES_PER_SOURCE_BYTE).
 */
export class Scripts {
  /** Source bytes of all cached scripts, the basis for an estimate of Lua's own heap. */
  sourceBytes = 0;
  /** The number of calls of scripts and functions, by the name of the command. */
  readonly calls = new Map<string, number>();
  /** The number of commands that scripts called, as far as the input has them. */
  scripted = 0;
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #elements = new NumberedElements('scripts');
  readonly #table: ChainedTable;
  readonly #scripts = new Map<string, Script>();

  constructor(heap: Heap, version: ServerVersion, resize: ResizePolicy) {
    this.#heap = heap;
    this.#version = version;
    this.#table = new ChainedTable(
      heap,
      version,
      this.#elements,
      { subject: DataType.server, entryBytes: version.sizes.dictEntry },
      resize,
    );
  }

  /** Counts a call of a script or function. */
  called(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  /** Whether a script is cached. A lookup (dictFind) takes one step of a rehash. */
  has(sha: string): boolean {
    this.#table.step();
    return this.#scripts.has(sha);
  }

  /** Caches a script: struct, name, entry (luaCreateFunction). The cache takes over the text's argument. */
  add(sha: string, object: number, sds: number, length: number): void {
    this.#heap.retagString(object, sds, StructKind.script);
    const struct = this.#heap.calloc(this.#version.sizes.luaScript, StructKind.script);
    const name = this.#heap.malloc(sdsBytes(this.#heap.sds, NAME_BYTES), StructKind.script);
    const element = this.#elements.take(hashOf(new TextEncoder().encode(sha), 0, NAME_BYTES));
    this.#table.add(element);
    this.#scripts.set(sha, { element, name, struct, object, sds });
    this.sourceBytes += length;
  }

  /** Tries each script: name, struct, object, text, entry. */
  defragment(attempt: Try): void {
    const byElement = new Map([...this.#scripts.values()].map((script) => [script.element, script]));
    const elements = (bucket: readonly number[]) => {
      for (const element of bucket) {
        const { name, struct, object, sds } = byElement.get(element)!;
        for (const handle of [name, struct, object, sds]) {
          if (handle !== 0) attempt(handle);
        }
        this.#table.tryEntry(element, attempt);
      }
    };
    let cursor = 0;
    do cursor = this.#table.scanBuckets(cursor, { elements, child: attempt });
    while (cursor !== 0);
  }

  /** Frees all scripts and replaces the table by an empty one (SCRIPT FLUSH). */
  flush(): void {
    const byElement = new Map([...this.#scripts.values()].map((script) => [script.element, script]));
    this.#table.empty((element) => {
      const { name, sds, object, struct } = byElement.get(element)!;
      this.#heap.free(name);
      if (sds !== 0) this.#heap.free(sds);
      this.#heap.free(object);
      this.#heap.free(struct);
      this.#elements.give(element);
    });
    this.#scripts.clear();
    this.sourceBytes = 0;
  }
}

/**
 * A stated estimate of Lua's bytes for each byte of a script's source: prototype, constants, line numbers, the copy of
 * its name. For 2,000 scripts of 381 bytes redis 7.2.6 reported 3.1 (used_memory_vm_eval), without malloc's overhead.
 * In Debian's redis-server the system's jemalloc serves the whole process, and Lua's heap shares the slabs. Builds with
 * the bundled allocator keep Lua in the C library's heap, which no figure here includes.
 */
export const LUA_BYTES_PER_SOURCE_BYTE = 3.1;
