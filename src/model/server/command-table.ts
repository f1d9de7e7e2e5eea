import type { Command, CommandInfo } from '../../commands/index.js';
import type { Call } from './call.js';

/** Carries out one command. It may assume that the arity is right, and must not keep the call. */
type Handler = (call: Call) => void;

export interface CommandSpec extends CommandInfo {
  readonly handler: Handler;
}

/** Commands by name. Found by the bytes of an argument, without making a string for each call. */
export class CommandTable {
  readonly #specs: CommandSpec[] = [];
  readonly #buckets: CommandSpec[][] = Array.from({ length: 1024 }, () => []);
  #last: CommandSpec | undefined;
  readonly #byName = new Map<string, CommandSpec>();

  constructor(...groups: readonly (readonly CommandSpec[])[]) {
    for (const spec of groups.flat()) {
      if (this.#byName.has(spec.name)) throw new Error(`command '${spec.name}' is defined twice`);
      this.#byName.set(spec.name, spec);
      this.#specs.push(spec);
      this.#buckets[hashOfName(spec.name)]?.push(spec);
    }
  }

  get specs(): readonly CommandSpec[] {
    return this.#specs;
  }

  named(name: string): CommandSpec | undefined {
    return this.#byName.get(name);
  }

  /** The command that argument 0 names, in whatever case. */
  find({ bytes, start, length }: Command): CommandSpec | undefined {
    const from = start[0]!;
    const count = length[0]!;
    // Most commands are the one before once more.
    if (this.#last !== undefined && isName(this.#last.name, bytes, from, count)) return this.#last;
    let hash = count;
    for (let at = from; at < from + count; at++) hash = (hash * 31 + (bytes[at]! | 0x20)) & 1023;
    for (const spec of this.#buckets[hash]!) {
      if (!isName(spec.name, bytes, from, count)) continue;
      this.#last = spec;
      return spec;
    }
    return undefined;
  }
}

function hashOfName(name: string): number {
  let hash = name.length;
  for (let at = 0; at < name.length; at++) hash = (hash * 31 + (name.charCodeAt(at) | 0x20)) & 1023;
  return hash;
}

function isName(name: string, bytes: Uint8Array, from: number, count: number): boolean {
  if (name.length !== count) return false;
  for (let at = 0; at < count; at++) {
    const byte = bytes[from + at]!;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== name.charCodeAt(at)) return false;
  }
  return true;
}
