import type { Random } from '#slablab/src/base/index.js';
import type { Input, RdbValue } from '#slablab/src/input/index.js';
import { plainCommand } from './plain.js';

type Value = string | string[] | Set<string> | Map<string, string>;

/** A naive Redis of a dozen commands, which computes the data that a stream must produce. */
export class NaiveKeyspace {
  readonly #databases = new Map<number, Map<string, Value>>();
  readonly #selected = new Map<number, number>();
  readonly #queued = new Map<number, string[][]>();

  /** Applies the images and commands of an input. */
  static of(input: Input): NaiveKeyspace {
    const keyspace = new NaiveKeyspace();
    for (const event of input.events()) {
      if (event.kind === 'command') {
        const [client, , ...args] = plainCommand(event.command);
        keyspace.run(client, args);
      } else if (event.kind === 'rdb-entry') {
        const value = naiveValue(event.value);
        keyspace.#database(event.database).set(event.key.asText(), value);
      }
    }
    input.close();
    return keyspace;
  }

  run(client: number, args: string[]): void {
    const queued = this.#queued.get(client);
    const name = args[0]!.toLowerCase();
    if (name === 'multi') this.#queued.set(client, []);
    else if (name === 'exec' || name === 'discard') {
      this.#queued.delete(client);
      if (name === 'exec') for (const command of queued ?? []) this.run(client, command);
    } else if (queued !== undefined) queued.push(args);
    else this.#execute(client, name, args.slice(1));
  }

  /** Returns the contents as text, in which unordered elements are sorted. */
  toString(): string {
    const lines: string[] = [];
    for (const [database, keys] of this.#databases) {
      for (const [key, value] of keys) lines.push(`${database} ${JSON.stringify(key)} ${shown(value)}`);
    }
    return lines.sort().join('\n');
  }

  #database(number: number): Map<string, Value> {
    const there = this.#databases.get(number);
    if (there !== undefined) return there;
    const made = new Map<string, Value>();
    this.#databases.set(number, made);
    return made;
  }

  #execute(client: number, name: string, args: string[]): void {
    const keys = this.#database(this.#selected.get(client) ?? 0);
    const [key = '', ...rest] = args;
    switch (name) {
      case 'select':
        this.#selected.set(client, Number(key));
        return;
      case 'set':
        keys.set(key, rest[0]!);
        return;
      case 'del':
        for (const each of args) keys.delete(each);
        return;
      case 'rpush':
        keys.set(key, [...((keys.get(key) as string[] | undefined) ?? []), ...rest]);
        return;
      case 'lpop':
        (keys.get(key) as string[] | undefined)?.shift();
        break;
      case 'sadd':
        keys.set(key, new Set([...((keys.get(key) as Set<string> | undefined) ?? []), ...rest]));
        return;
      case 'srem':
        for (const member of rest) (keys.get(key) as Set<string> | undefined)?.delete(member);
        break;
      case 'hset':
      case 'hmset':
        this.#setPairs(keys, key, rest);
        return;
      case 'zadd': {
        const pairs = rest.map((_, index) => rest[index ^ 1]!);
        this.#setPairs(
          keys,
          key,
          pairs.map((text, index) => (index % 2 ? `${Number(text)}` : text)),
        );
        return;
      }
      case 'hdel':
      case 'zrem':
        for (const field of rest) (keys.get(key) as Map<string, string> | undefined)?.delete(field);
        break;
      default:
        throw new Error(`the naive keyspace does not know ${name}`);
    }
    const left = keys.get(key);
    if (
      left !== undefined &&
      typeof left !== 'string' &&
      (Array.isArray(left) ? left.length : left.size) === 0
    ) {
      keys.delete(key);
    }
  }

  #setPairs(keys: Map<string, Value>, key: string, pairs: string[]): void {
    const map = (keys.get(key) as Map<string, string> | undefined) ?? new Map<string, string>();
    for (let index = 0; index < pairs.length; index += 2) map.set(pairs[index]!, pairs[index + 1]!);
    keys.set(key, map);
  }
}

function shown(value: Value): string {
  if (typeof value === 'string' || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify([...value].map((item) => JSON.stringify(item)).sort());
}

function naiveValue(value: RdbValue): Value {
  switch (value.kind) {
    case 'string':
      return value.value.asText();
    case 'list':
      if ('nodes' in value) {
        return Array.from(value.nodes, ({ elements }) =>
          Array.from(elements, (element) => element.asText()),
        ).flat();
      }
      return Array.from(value.elements, (element) => element.asText());
    case 'set':
      return new Set(Array.from(value.elements, (element) => element.asText()));
    case 'zset':
      return new Map(Array.from(value.elements, ({ member, score }) => [member.asText(), `${score}`]));
    case 'hash':
      return new Map(
        Array.from(value.elements, ({ field, value: content }) => [field.asText(), content.asText()]),
      );
    default:
      throw new Error(`the naive keyspace has no ${value.kind}`);
  }
}

/** A command on one of a few keys, which have one type each; sizes on both sides of every conversion. */
export function randomCommand(random: Random): string[] {
  const kind = random.below(5);
  const key = `${'slhzk'[kind]}${random.below(40)}`;
  const text = () => {
    const shape = random.below(12);
    if (shape === 0) return '';
    if (shape < 4) return `${random.below(2 ** 32) * (random.below(2) * 2 - 1) * 2 ** random.below(20)}`;
    if (shape < 9) return `m${random.below(400)}`;
    if (shape === 9) return 'long'.repeat(random.below(60));
    return Array.from({ length: random.below(90) }, () => String.fromCharCode(random.below(256))).join('');
  };
  const some = (make: () => string[]) => Array.from({ length: 1 + random.below(4) }, make).flat();
  if (random.below(200) === 0) return ['DEL', key, `x${random.below(9)}`];
  if (random.below(100) === 0) return ['SELECT', `${random.below(3)}`];
  const isRemoval = random.below(4) === 0;
  const score = () => `${random.below(3) === 0 ? random.below(1e6) / 1000 : random.below(1000) - 500}`;
  switch (kind) {
    case 0:
      return isRemoval ? ['SREM', key, ...some(() => [text()])] : ['SADD', key, ...some(() => [text()])];
    case 1:
      return isRemoval ? ['LPOP', key] : ['RPUSH', key, ...some(() => [text()])];
    case 2:
      return isRemoval
        ? ['HDEL', key, ...some(() => [text()])]
        : ['HSET', key, ...some(() => [text(), text()])];
    case 3:
      return isRemoval
        ? ['ZREM', key, ...some(() => [text()])]
        : ['ZADD', key, ...some(() => [score(), text()])];
    default:
      return ['SET', key, random.below(50) === 0 ? text().repeat(5000) : text()];
  }
}
