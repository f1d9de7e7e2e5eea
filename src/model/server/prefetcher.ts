import { hashOf } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { type Database, type Keyspace, OneTable, ValueType } from '../keyspace/index.js';
import type { Call } from './call.js';

/** Commands looked at together. More wait for memory at once than a processor has open reads, fewer than fit its cache. */
export const PREFETCH_BATCH = 32;

/** Where commands name the member they are about. */
const MemberAt = { nowhere: 0, second: 1, end: 2 } as const;
type MemberAt = (typeof MemberAt)[keyof typeof MemberAt];

/**
 * Looks at what the next commands will need before they are carried out. With millions of keys each command waits
 * several times for memory, each time to learn where to look next, and that is most of its time. Looked at in step for
 * many commands, bucket by bucket and then record by record, the waits overlap. It is only ever a guess: nothing
 * is changed, and a command that turns out otherwise (the database was switched, the key was deleted) just waits.
 *
 * What is seen is summed, since a read whose result nobody uses is left out by the compiler.
 */
export class Prefetcher {
  readonly #keyspace: Keyspace;
  readonly #keyHashes = new Uint32Array(PREFETCH_BATCH);
  readonly #memberHashes = new Uint32Array(PREFETCH_BATCH);
  readonly #rows = new Uint32Array(PREFETCH_BATCH);
  /** Which argument the hashes of members are of. */
  #memberAt: MemberAt = MemberAt.nowhere;
  #seen = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** Commands `from` to `to` (exclusive), at most FORESEEN; most name their key first. */
  look(commands: readonly Command[], from: number, to: number, { keys }: Database): void {
    const keyspace = this.#keyspace;
    const hashes = this.#keyHashes;
    const count = to - from;
    this.#memberAt = MemberAt.nowhere;
    for (let k = 0; k < count; k++) hashes[k] = hashOfArgument(commands[from + k]!, 1);
    // Tables of single slots are small.
    if (!(keys instanceof OneTable)) return;
    const isOneKey = hashes[0] === hashes[count - 1];
    const different = isOneKey ? 1 : count;
    this.#seen ^= keys.only.foresee(hashes, different, this.#rows);
    this.#seen ^= keyspace.foresee(this.#rows, different);
    if (isOneKey) this.#lookInto(this.#rows[0]!, commands, from, count);
  }

  /** What is known of the command with that place among those looked at last. */
  tell(call: Call, place: number): void {
    const at = this.#memberAt;
    const member = at === MemberAt.nowhere ? -1 : at === MemberAt.end ? call.argc - 1 : 2;
    call.forgetHash(this.#keyHashes[place]! | 0, member, this.#memberHashes[place]! | 0);
  }

  /** The members of a container, if it is the same for all commands: one that is used so much is large. */
  #lookInto(row: number, commands: readonly Command[], from: number, count: number): void {
    if (row === 0) return;
    const type = this.#keyspace.typeOf(row);
    if (type === ValueType.string) return;
    const model = this.#keyspace.modelOf(row);
    if (model.foresee === undefined) return;
    const hashes = this.#memberHashes;
    for (let k = 0; k < count; k++) {
      const command = commands[from + k]!;
      hashes[k] = hashOfArgument(command, type === ValueType.sortedSet ? command.argumentCount - 1 : 2);
    }
    this.#memberAt = type === ValueType.sortedSet ? MemberAt.end : MemberAt.second;
    this.#seen ^= model.foresee(hashes, count);
  }
}

function hashOfArgument({ bytes, start, length, argumentCount }: Command, index: number): number {
  return index < argumentCount ? hashOf(bytes, start[index]!, length[index]!) : 0;
}
