import { type Command, type CommandBatch, copyInto, emptyCommand, isBatch } from '../../commands/index.js';
import { encodedBytes } from '../client/index.js';

/** Bytes of following commands that are enough to parse a read. */
const ENOUGH_BYTES = 32 * 1024;

/**
 * The commands of an input of which a server has read several at once. A command is ready when as many follow it as its
 * read may contain, or when one of another client or time follows.
 *
 * An input reuses its commands, so `keep` copies those that are not ready before the next are asked for. Copies are reused too.
 */
export class ReadAhead {
  /** The commands that wait, from `next` on; those from `ready` on need further commands first. */
  readonly commands: Command[] = [];
  next = 0;
  ready = 0;
  readonly #mostFollowing: number;
  /** The size of each in RESP. */
  readonly bytes: number[] = [];
  /** The bytes from the first command that is not ready on. */
  #waitingBytes = 0;
  /** So many commands were there before the last item: copies, but for those that were carried out at once. */
  #copied = 0;
  /** So many commands at the front were carried out, and their copies are `#unused`. */
  #given = 0;
  readonly #unused: Command[] = [];

  /** `mostFollowing`: the number of following commands that are enough, however short they are. */
  constructor(mostFollowing: number) {
    this.#mostFollowing = mostFollowing;
  }

  /** Takes what the input has next. */
  take(item: Command | CommandBatch): void {
    if (isBatch(item)) for (let index = 0; index < item.count; index++) this.#add(item.commands[index]!);
    else this.#add(item);
    const last = this.commands.length - 1;
    while (this.ready < last && this.#isEnough(this.ready, last))
      this.#waitingBytes -= this.bytes[this.ready++]!;
  }

  /** Makes all commands ready at the end of the input. */
  end(): void {
    this.ready = this.commands.length;
  }

  #add(command: Command): void {
    const bytes = encodedBytes(command);
    this.#waitingBytes += bytes;
    this.commands.push(command);
    this.bytes.push(bytes);
  }

  /** Whether the commands up to `last` are all that the read of the command at `index` may contain. */
  #isEnough(index: number, last: number): boolean {
    if (last - index >= this.#mostFollowing) return true;
    if (this.#waitingBytes - this.bytes[index]! >= ENOUGH_BYTES) return true;
    const { client, timeMs } = this.commands[index]!;
    const other = this.commands[last]!;
    return other.client !== client || other.timeMs !== timeMs;
  }

  /** Copies what still waits of the last item, and drops commands that were carried out once they are many. */
  keep(): void {
    const { commands, next } = this;
    for (let at = this.#given; at < Math.min(next, this.#copied); at++) this.#unused.push(commands[at]!);
    this.#given = next;
    for (let at = Math.max(next, this.#copied); at < commands.length; at++) {
      commands[at] = copyInto(this.#unused.pop() ?? emptyCommand(), commands[at]!);
    }
    if (next >= commands.length / 2) {
      commands.copyWithin(0, next);
      this.bytes.copyWithin(0, next);
      commands.length -= next;
      this.bytes.length -= next;
      this.ready -= next;
      this.next = 0;
      this.#given = 0;
    }
    this.#copied = commands.length;
  }
}
