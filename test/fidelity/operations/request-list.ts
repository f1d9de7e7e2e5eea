/** The calls of a server's main thread to its allocator, real or modelled, in their order. */
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';

/** One call, with what identifies the region. */
export interface Request {
  /** `+24`, `+24z` for calloc, `~24>40` for realloc, `-24` for free of what was asked for with 24; `+node` and `+entry` for what is drawn. */
  readonly token: string;
  readonly handle: number;
  readonly owner: number;
}

/** Tells regions by their owners. */
export interface Uses {
  /** A node of a skiplist, whose size is drawn. */
  isNode(owner: number): boolean;
  /** An entry without a value, which only names that share their bucket with others have. */
  isBareEntry(owner: number): boolean;
  /** Part of an argument of a command. */
  isArgument(owner: number): boolean;
}

/** The size of an entry without a value. */
const BARE_ENTRY = /^[+-]16$/;

/** The requests of one thread, and of all others by their tokens. */
export class RequestList {
  readonly #tokens: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #sizes: number[] = [];
  readonly #owners: number[] = [];
  readonly tokens: number[] = [];
  readonly handles: number[] = [];
  /** The owners of regions: for a free, of the region that is freed. */
  readonly owners: number[] = [];
  /** Virtual milliseconds. */
  readonly times: number[] = [];
  /** The position in the whole stream. */
  readonly positions: number[] = [];
  readonly ofOtherThreads = new Map<string, number>();
  readonly #names: Map<string, number>;
  readonly #uses: Uses;
  /** Whether each request is about a region that was made for the argument of a command. */
  readonly areArguments: boolean[] = [];
  readonly #argumentRegions: boolean[] = [];
  #thread = 0;
  #ms = 0;

  /** Lists that are compared share the numbers of tokens. */
  constructor(uses: Uses, shared?: RequestList) {
    this.#uses = uses;
    this.#names = shared === undefined ? this.#numbers : shared.#names;
    if (shared !== undefined) this.#tokens = shared.#tokens;
  }

  get length(): number {
    return this.tokens.length;
  }

  at(index: number): Request {
    return {
      token: this.#tokens[this.tokens[index]!]!,
      handle: this.handles[index]!,
      owner: this.owners[index]!,
    };
  }

  text(token: number): string {
    return this.#tokens[token]!;
  }

  add({ firstPosition, length, what, handle, size: sizes }: OpChunk): void {
    for (let index = 0; index < length; index++) {
      const kind = what[index]! & 0xff;
      const region = handle[index]!;
      const bytes = sizes[index]!;
      if (kind === Kind.thread) this.#thread = bytes;
      else if (kind === Kind.advance) this.#ms += bytes;
      const size = this.#tokenOf(kind, region, bytes);
      if (size === undefined) continue;
      const owner = what[index]! >>> 8;
      if (owner !== 0) this.#owners[region] = owner;
      const of = owner === 0 ? (this.#owners[region] ?? 0) : owner;
      const token = this.#named(size, of);
      if (this.#thread !== 0) {
        this.ofOtherThreads.set(token, (this.ofOtherThreads.get(token) ?? 0) + 1);
        continue;
      }
      if (token.startsWith('+')) this.#argumentRegions[region] = this.#uses.isArgument(of);
      this.areArguments.push(this.#argumentRegions[region] ?? false);
      this.tokens.push(this.#numberOf(token));
      this.handles.push(region);
      this.owners.push(of);
      this.times.push(this.#ms);
      this.positions.push(firstPosition + index);
    }
  }

  /** Tells apart what is drawn by the server, so that it is never taken for something else of its size. */
  #named(token: string, owner: number): string {
    if (this.#uses.isNode(owner)) return `${token[0]}node`;
    return BARE_ENTRY.test(token) && this.#uses.isBareEntry(owner) ? `${token[0]}entry` : token;
  }

  #numberOf(token: string): number {
    let number = this.#names.get(token);
    if (number === undefined) {
      number = this.#tokens.push(token) - 1;
      this.#names.set(token, number);
    }
    return number;
  }

  /** Returns the token of an operation, or undefined for one that is no request. */
  #tokenOf(kind: number, handle: number, bytes: number): string | undefined {
    const before = this.#sizes[handle];
    switch (kind) {
      case Kind.free:
      case Kind.freeSized:
      case Kind.freeNoTcache:
        return `-${before}`;
      case Kind.realloc:
      case Kind.rallocx:
        this.#sizes[handle] = bytes;
        return `~${before}>${bytes}`;
      case Kind.malloc:
      case Kind.mallocNoTcache:
        this.#sizes[handle] = bytes;
        return `+${bytes}`;
      case Kind.calloc:
        this.#sizes[handle] = bytes;
        return `+${bytes}z`;
    }
    if (kind < Kind.aligned) return undefined;
    this.#sizes[handle] = bytes;
    return `+${bytes} aligned`;
  }
}
