import { hashOf } from '../../base/index.js';
import { DataType, type Heap, StructKind, sdsBytes } from '../heap/index.js';
import { HashTable, type ResizePolicy, TableElements } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

const NAME_BYTES = 40;

/** What a cached script holds on to. */
interface Script {
  readonly element: number;
  readonly name: number;
  readonly struct: number;
  /** The argument that was its text. */
  readonly object: number;
  readonly sds: number;
}

/**
 * The cache of scripts: a table by SHA-1, a struct each, and the text, which stays the argument that brought it. What
 * Lua itself allocates for a compiled script is not here: servers that bundle their allocator leave Lua to the C
 * library's (see LUA_BYTES_PER_SOURCE_BYTE).
 */
export class Scripts {
  /** Source bytes of all cached scripts: what an estimate of Lua's own heap starts from. */
  sourceBytes = 0;
  /** How often scripts and functions were called, by the name of the command. */
  readonly calls = new Map<string, number>();
  /** Commands that scripts called, as far as the input has them. */
  scripted = 0;
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #elements = new TableElements();
  readonly #table: HashTable;
  readonly #scripts = new Map<string, Script>();
  #elementCount = 0;

  constructor(heap: Heap, version: ServerVersion, resize: ResizePolicy) {
    this.#heap = heap;
    this.#version = version;
    this.#table = new HashTable(
      heap,
      version,
      this.#elements,
      { subject: DataType.server, entryBytes: version.sizes.dictEntry },
      resize,
    );
  }

  /** dictFind: a lookup moves a bucket along. */
  called(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  has(sha: string): boolean {
    this.#table.step();
    return this.#scripts.has(sha);
  }

  /** luaCreateFunction: struct, name, entry. The text's argument belongs to the cache from now on. */
  add(sha: string, object: number, sds: number, length: number): void {
    this.#heap.retagString(object, sds, StructKind.script);
    const struct = this.#heap.calloc(this.#version.sizes.luaScript, StructKind.script);
    const name = this.#heap.malloc(sdsBytes(this.#heap.sds, NAME_BYTES), StructKind.script);
    const element = ++this.#elementCount;
    this.#elements.reach(element);
    this.#elements.setHash(element, hashOf(new TextEncoder().encode(sha), 0, NAME_BYTES));
    this.#table.add(element);
    this.#scripts.set(sha, { element, name, struct, object, sds });
    this.sourceBytes += length;
  }

  /** SCRIPT FLUSH: the table goes with everything in it, and a new one takes its place. */
  flush(): void {
    const byElement = new Map([...this.#scripts.values()].map((script) => [script.element, script]));
    this.#table.empty((element) => {
      const { name, sds, object, struct } = byElement.get(element)!;
      this.#heap.free(name);
      if (sds !== 0) this.#heap.free(sds);
      this.#heap.free(object);
      this.#heap.free(struct);
    });
    this.#scripts.clear();
    this.sourceBytes = 0;
  }
}

/**
 * A stated estimate of what Lua keeps for each byte of a script's source (prototype, constants, line numbers, the copy
 * of its name): 2,000 scripts of 381 bytes made redis 7.2.6 say 3.1 (used_memory_vm_eval), not counting what malloc
 * adds. Debian's redis-server has the system's jemalloc serve the whole process, where Lua's heap shares the slabs;
 * builds with the bundled allocator keep it in the C library's heap, out of every figure here.
 */
export const LUA_BYTES_PER_SOURCE_BYTE = 3.1;
