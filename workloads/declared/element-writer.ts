import type { Random } from '../../src/base/index.js';
import type { Command, CommandWriter } from '../../src/commands/index.js';
import type { Draw } from './distribution.js';
import type { KeyGroup } from './format.js';

/** Writes the commands that make and change the keys of one group. */
export class ElementWriter {
  /** Elements that each key was given; 0: it was never filled. */
  readonly #elements: Uint32Array;
  /** Number of the next new member of a set or sorted set. */
  #fresh = 0;

  constructor(
    private readonly group: KeyGroup,
    private readonly words: CommandWriter,
  ) {
    this.#elements = new Uint32Array(group.count);
  }

  nameOf(key: number): string {
    return this.group.pattern.replaceAll('{i}', `${key}`);
  }

  *fill(key: number, random: Random): Generator<Command> {
    const { type, elements, size, ttlMs } = this.group;
    const name = this.nameOf(key);
    const draw = size.draws(random);
    if (type === 'string') {
      yield* this.#set(name, draw(), ttlMs?.draws(random)());
      this.#elements[key] = 1;
      return;
    }
    const count = elements.draws(random)();
    for (let element = 0; element < count; element++) yield this.#element(name, element, draw());
    this.#elements[key] = count;
    this.#fresh = Math.max(this.#fresh, count);
    if (ttlMs !== undefined) yield this.words.words('PEXPIRE', name, `${ttlMs.draws(random)()}`);
  }

  /** Overwrites a string, or one element of another value: a field, a list index, a score, a member, an entry. */
  *overwrite(key: number, random: Random, size: Draw | undefined): Generator<Command> {
    const { type, ttlMs } = this.group;
    const name = this.nameOf(key);
    const bytes = (size ?? this.group.size.draws(random))();
    if (type === 'string') {
      yield* this.#set(name, bytes, ttlMs?.draws(random)());
      return;
    }
    const count = this.#elements[key]!;
    // There is nothing to overwrite in a key that was never filled.
    if (count === 0) return;
    const element = random.below(count);
    switch (type) {
      case 'hash':
      case 'zset':
        yield this.#element(name, element, bytes);
        return;
      case 'list':
        yield this.words.filled(bytes, 'LSET', name, `${element}`);
        return;
      case 'set':
        yield this.words.words('SPOP', name);
        yield this.#element(name, this.#fresh++, bytes);
        return;
      case 'stream':
        this.words.words('XADD', name, 'MAXLEN', `${count}`, '*', 'field');
        this.words.filler(bytes);
        yield this.words.command;
    }
  }

  *#set(name: string, bytes: number, ttlMs: number | undefined): Generator<Command> {
    this.words.filled(bytes, 'SET', name);
    if (ttlMs !== undefined) {
      this.words.word('PX');
      this.words.word(`${ttlMs}`);
    }
    yield this.words.command;
  }

  #element(name: string, element: number, bytes: number): Command {
    switch (this.group.type) {
      case 'hash':
        return this.words.filled(bytes, 'HSET', name, `field:${element}`);
      case 'list':
        return this.words.filled(bytes, 'RPUSH', name);
      case 'set':
        return this.words.words('SADD', name, memberOf(element, bytes));
      case 'zset':
        return this.words.words('ZADD', name, `${element}`, memberOf(element, bytes));
      default:
        return this.words.filled(bytes, 'XADD', name, '*', 'field');
    }
  }
}

/** A member begins with its number, since members must differ. */
function memberOf(element: number, bytes: number): string {
  return `${element}:`.padEnd(bytes, 'x');
}
