import { afterEach, describe, expect, test } from 'vitest';
import { typeProfile } from '#slablab/src/analysis/index.js';
import { Random } from '#slablab/src/base/index.js';
import type { Heap } from '#slablab/src/model/heap/index.js';
import { DataType, dataTypeOfTag, ownerWordOf, TYPE_NAMES, ValueType } from '#slablab/src/model/index.js';
import { StringEncoding } from '#slablab/src/model/keyspace/string-value.js';
import { accountedServer, KEYS, randomCommands } from '../support/accounted-server.js';
import type { Words } from '../support/container-commands.js';
import { printedSeed } from '../support/seed.js';

const STEPS = 4000;
const CHECKED_EVERY = 250;
const DELETED_EVERY = 500;

const many = (count: number, word: (at: number) => readonly string[]) =>
  Array.from({ length: count }, (_, at) => word(at)).flat();
/** A value in every encoding; converted from a smaller one, where there is one. */
const ONE_OF_EACH: readonly Words[] = [
  ['SET', 'k0', '12345678'],
  ['SET', 'k1', 'short'],
  ['SET', 'k2', 'x'.repeat(3000)],
  ['SET', 'k3', '7'],
  ['RPUSH', 'l0', 'a', 'b'],
  ['RPUSH', 'l1', ...many(300, (at) => [`${'e'.repeat(50)}${at}`])],
  ['SADD', 's0', '1', '2'],
  ['SADD', 's1', 'a', '1'],
  ['SADD', 's2', ...many(700, (at) => [`m${at}`])],
  ['ZADD', 'z0', '1', 'a'],
  ['ZADD', 'z1', ...many(300, (at) => [`${at}.5`, `m${at}`])],
  ['HSET', 'h0', 'f', 'v'],
  ['HSET', 'h1', ...many(600, (at) => [`f${at}`, `v${at}`])],
  ['XADD', 'x0', '1-1', 'f', 'v'],
  ['XGROUP', 'CREATE', 'x0', 'g', '0'],
  ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'x0', '>'],
  ['SUNIONSTORE', 's3', 's1', 's2'],
  ['ZUNIONSTORE', 'z2', '2', 'z1', 's2'],
  ['ZRANGESTORE', 'z3', 'z1', '0', '200'],
  ['COPY', 'h1', 'h2'],
  ['SMOVE', 's2', 's1', 'm5'],
  ['LMOVE', 'l1', 'l0', 'LEFT', 'RIGHT'],
  ['SORT', 'l1', 'ALPHA', 'STORE', 'l2'],
];

function encodingsOf(version: string): string[] {
  const listpackLists = version === 'redis-7.0' ? [] : ['list listpack', 'set listpack'];
  const common = 'hash hashtable,hash listpack,list quicklist,set hashtable,set intset,stream stream,';
  const strings = 'string embstr,string int,string raw,zset listpack,zset skiplist';
  return [...listpackLists, ...(common + strings).split(',')].sort();
}

type Accounted = Awaited<ReturnType<typeof accountedServer>>;
let open: Accounted | undefined;
afterEach(async () => {
  await open?.engine.close();
  open = undefined;
});

/** The sums, beside what the allocator says, and beside a walk over all keys. */
async function check({ memoryAccounts, engineBytes, server }: Accounted): Promise<void> {
  expect(memoryAccounts.sums().bytes).toEqual(await engineBytes());
  const profile = typeProfile(memoryAccounts.copy());
  expect(profile.usedMemory).toBe(server.heap.used);
  const counts = Object.fromEntries(Object.values(TYPE_NAMES).map((name) => [name, 0]));
  for (const { keys } of server.databases) {
    for (const row of keys.rows()) {
      const name = TYPE_NAMES[server.keyspace.typeOf(row)];
      counts[name] = counts[name]! + 1;
    }
  }
  expect(Object.fromEntries(Object.entries(profile.types).map(([name, { keys }]) => [name, keys]))).toEqual(
    counts,
  );
}

/** Handles that were there before and are freed by `work`. */
function freedOf(heap: Heap, work: () => void): number[] {
  const { malloc, calloc, free } = heap;
  const made = new Set<number>();
  const freed: number[] = [];
  const noted = (handle: number) => {
    made.add(handle);
    return handle;
  };
  heap.malloc = (bytes, owner) => noted(malloc.call(heap, bytes, owner));
  heap.calloc = (bytes, owner) => noted(calloc.call(heap, bytes, owner));
  heap.free = (handle) => {
    if (!made.delete(handle)) freed.push(handle);
    free.call(heap, handle);
  };
  work();
  Object.assign(heap, { malloc, calloc, free });
  return freed;
}

/** Deletes keys one by one: all that goes with one, but for its entries, was its type's and its pattern's. */
function deleteAll({ memoryAccounts, server, execute }: Accounted): string[] {
  const seen: string[] = [];
  const names = memoryAccounts.attribution!.patterns.names;
  for (const key of KEYS) {
    const name = new TextEncoder().encode(key);
    const row = [...(server.databases[0]?.keys.rows() ?? [])].find((at) =>
      server.keyspace.hasName(at, name, 0, name.length),
    );
    if (row === undefined) continue;
    const type = server.keyspace.typeOf(row);
    const isString = type === ValueType.string;
    const encoding = isString
      ? STRING_ENCODINGS[server.keyspace.encodingOf(row)]
      : server.keyspace.modelOf(row).encoding;
    seen.push(`${TYPE_NAMES[type]} ${encoding}`);
    const { bytes: bytesBefore, attribution } = memoryAccounts.copy();
    const freed = freedOf(server.heap, () => execute('DEL', key));
    for (const handle of freed) {
      const word = ownerWordOf(attribution!, handle);
      const subject = dataTypeOfTag(word);
      const isValue = subject >= DataType.string && subject <= DataType.stream;
      if (!isValue) continue;
      expect(`${key} (${encoding}): ${names[word >>> 10]}, type ${subject}`).toBe(
        `${key} (${encoding}): ${key}, type ${type}`,
      );
    }
    const { bytes } = memoryAccounts.sums();
    for (let owner = 0; owner < bytesBefore.length; owner++) {
      const subject = dataTypeOfTag(owner);
      if (subject === type || subject < DataType.string || subject > DataType.stream) continue;
      expect(bytes[owner]).toBe(bytesBefore[owner]);
    }
  }
  return seen;
}

const STRING_ENCODINGS: Readonly<Record<StringEncoding, string>> = {
  [StringEncoding.integer]: 'int',
  [StringEncoding.sharedInteger]: 'int',
  [StringEncoding.embedded]: 'embstr',
  [StringEncoding.raw]: 'raw',
};

describe.each(['redis-7.0', 'redis-7.2', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'])(
  '%s',
  (version) => {
    const configurations = {
      'commands of all types, expiry, flushes': [],
      'eviction and values that are freed in the background': [
        ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random'],
        ['CONFIG', 'SET', 'lazyfree-lazy-user-del', 'yes'],
        ['CONFIG', 'SET', 'lazyfree-lazy-eviction', 'yes'],
        ['CONFIG', 'SET', 'lazyfree-lazy-expire', 'yes'],
        ['CONFIG', 'SET', 'maxmemory', '1800000'],
      ],
    };
    test.each(Object.entries(configurations))(
      '%s: bytes by owner are the allocator’s',
      async (_, settings) => {
        const random = new Random(printedSeed(version));
        const accounted = await accountedServer(version);
        open = accounted;
        const { execute, executeAs, server } = accounted;
        for (const words of settings) execute(...words);
        for (const words of ONE_OF_EACH) execute(...words);
        await check(accounted);
        expect([...new Set(deleteAll(accounted))].sort()).toEqual(encodingsOf(version));
        const next = randomCommands(random);
        for (let step = 1; step <= STEPS; step++) {
          executeAs(random.below(3), server.nowMs + random.below(4), ...next());
          if (step % CHECKED_EVERY === 0) await check(accounted);
          if (step % DELETED_EVERY === 0) {
            for (const client of [0, 1, 2]) executeAs(client, server.nowMs, 'DISCARD');
            deleteAll(accounted);
            await check(accounted);
          }
        }
        const left = typeProfile(accounted.memoryAccounts.copy());
        expect(left.userDataBytes).toBe(0);
        expect(left.kinds.filter(({ subject }) => !['server', 'keys', 'expires'].includes(subject))).toEqual(
          [],
        );
      },
    );
  },
);
