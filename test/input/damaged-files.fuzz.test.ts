/**
 * Reads mutated inputs. A reader yields events, warns, or throws an InputError; it does not hang or throw other errors.
 * Changes to bytes with a checksum are detected. TEST_SEED gives the seed, SLABLAB_FUZZ_INPUTS the number of mutations
 * of each kind.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Crc64 } from '#slablab/src/base/crc64.js';
import { InputError, MemorySource, Random } from '#slablab/src/base/index.js';
import type { Command } from '#slablab/src/commands/index.js';
import { parseManifest } from '#slablab/src/input/aof/manifest.js';
import type { Input } from '#slablab/src/input/index.js';
import type { InputKind } from '#slablab/src/input/input.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { Loading } from '#slablab/src/model/index.js';
import { RespParser } from '#slablab/src/resp/index.js';
import { newServer } from '../support/redis.js';
import { printedSeed } from '../support/seed.js';
import { Mutator } from './support/mutate.js';
import { outcomeOf } from './support/plain.js';
import * as rdb from './support/rdb.js';
import { bytes, resp } from './support/resp.js';

// A refusal's stack takes longer to find than the refusal, and no test here reads one.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

const MUTATIONS = Number(process.env.SLABLAB_FUZZ_INPUTS ?? 100_000);
/** Bytes that remain after a load besides its keys: tables of keys, and libraries. */
const MAX_REMAINING_BYTES = 64 * 1024;
const SEED = printedSeed('input fuzz');

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

const COMMANDS =
  resp('SET', 'key:1', 'value') +
  resp('HSET', 'h', 'f', '12345', 'g', '') +
  resp('MULTI') +
  resp('RPUSH', 'l', 'x'.repeat(100)) +
  resp('EXEC');
const INLINE = 'SET a "b\\x00c" \'d\'\r\nPING\n';

const SAMPLES: Readonly<Record<InputKind, readonly Uint8Array[]>> = {
  resp: [bytes(COMMANDS), bytes(INLINE + COMMANDS), bytes(INLINE)],
  aof: [
    bytes(COMMANDS),
    bytes(`#TS:1700000000\r\n${COMMANDS}#TS:1700000009\r\n${resp('DEL', 'a')}`),
    bytes(`${rdb.image(rdb.key(0, 'k', rdb.str('v')))}${COMMANDS}`),
    fixture('appendonlydir/appendonly.aof.2.incr.aof'),
  ],
  rdb: [...smallImages(), fixture('lfu.rdb'), fixture('appendonlydir/appendonly.aof.2.base.rdb')],
  monitor: [
    fixture('monitor.txt'),
    bytes('+OK\r\n+1.5 [0 a:1] "x"\r\n+2.500000 [7 unix:/s] "a" "\\x00\\n"\r\n'),
  ],
};

/** Files of a few hundred bytes, which together contain every type. */
function smallImages(): Buffer[] {
  const { be, image, intset, key, le, len, listpack, opcode, str, ziplist, zipmap } = rdb;
  const id = be(5, 8) + be(1, 8);
  const node = str(id) + str(listpack([1, 0, 1, 'f', 0, 2, 0, 0, 'v', 4]));
  const group = `${len(1)}${str('g')}${len(5)}${len(1)}${len(1)}${len(1)}${id}${le(7, 8)}${len(3)}`;
  const consumer = `${len(1)}${str('ann')}${le(8, 8)}${le(9, 8)}${len(1)}${id}`;
  const stream = `${len(1)}${node}${len(1)}${len(5)}${len(1)}${len(5)}${len(1)}${len(0)}${len(0)}${len(1)}`;
  const bodies = [
    key(0, 'int', '\xc1\x10\x27') + key(0, 'lzf', `\xc3${len(5)}${len(10)}\x00a\xe0\x00\x00`),
    key(1, 'l', len(2) + str('a') + str('b')) +
      key(2, 's', len(1) + str('m')) +
      key(10, 'z', str(ziplist(['a', -7]))),
    key(14, 'q', len(1) + str(ziplist(['a', 300]))) +
      key(18, 'p', len(2) + len(1) + str('big') + len(2) + str(listpack(['b', 70_000]))),
    key(11, 'i', str(intset(4, [-5, 9]))) + key(20, 'n', str(listpack(['x', -3, 4096]))),
    key(3, 'a', `${len(1)}${str('m')}\x031.5`) +
      key(5, 'b', len(1) + str('m') + le(0, 8)) +
      key(17, 'c', str(listpack(['m', 2]))),
    key(4, 'h', len(1) + str('f') + str('v')) +
      key(9, 'zm', str(zipmap([['f', 'v']], 1))) +
      key(16, 'lp', str(listpack(['f', 'v']))),
    key(24, 'e', le(1000, 8) + len(1) + len(5) + str('f') + str('v')) +
      key(25, 'x', le(9, 8) + str(listpack(['f', 'v', 9]))),
    key(21, 'st', stream + group + consumer),
    `${opcode(254)}${len(1)}${opcode(251)}${len(1)}${len(1)}${opcode(252)}${le(9, 8)}${key(7, 'm', `${len(2n ** 60n)}${len(2)}${len(5)}${len(0)}`)}`,
    `${opcode(250)}${str('ctime')}${str('1700000000')}${opcode(245)}${str('#!lua')}${opcode(244)}${len(1)}${len(2)}${len(0)}`,
  ];
  const images = bodies.map((body) => image(body));
  images.push(image(key(22, 'v', len(1) + str('f') + str('v') + le(-1, 8)), 'VALKEY080'));
  return images.map(bytes);
}

/** Reads to the end, and iterates over some of the values. Returns whether the input was refused. */
function isRefused(input: Input, random: Random): boolean {
  const isWalked = random.below(3);
  try {
    for (const event of input.events()) {
      if (event.kind !== 'rdb-entry' || isWalked === 0) continue;
      const { value } = event;
      if (value.kind === 'stream') {
        if (isWalked === 1) for (const _ of value.nodes) break;
        else
          for (const group of value.tail().groups)
            for (const consumer of group.consumers()) consumer.pending.next();
      } else if ('nodes' in value) {
        for (const node of value.nodes) node.elements.drain();
      } else if ('elements' in value) {
        for (const _ of value.elements) if (isWalked === 1) break;
      }
    }
    return false;
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

/** Runs `check` on many mutations, and names the one that failed. */
function fuzz(
  kind: InputKind,
  check: (original: Uint8Array, mutated: Uint8Array, random: Random) => void,
  rounds = MUTATIONS,
  samples = SAMPLES[kind],
): void {
  const random = new Random(SEED);
  const mutator = new Mutator(random);
  for (let round = 0; round < rounds; round++) {
    const original = samples[round % samples.length]!;
    const mutated = mutator.mutate(original);
    try {
      check(original, mutated, random);
    } catch (error) {
      const shown = Buffer.from(mutated).toString('base64');
      throw new Error(`round ${round}, ${kind} in base64: ${shown}`, { cause: error });
    }
  }
}

function open(kind: InputKind, mutated: Uint8Array, random: Random): Input {
  const blockBytes = random.below(2) === 0 ? undefined : 1 + random.below(64);
  return inputOf('mutated', new MemorySource(mutated, blockBytes), kind);
}

/** Returns the bytes with an end opcode and their checksum. */
function withRightChecksum(mutated: Uint8Array): Uint8Array {
  const checksum = new Crc64();
  const data = Buffer.from(mutated);
  data[data.length - 9] = 0xff;
  checksum.update(data, 0, data.length - 8);
  data.writeBigUInt64LE(checksum.value, data.length - 8);
  return data;
}

test('the samples themselves are accepted', () => {
  for (const kind of ['resp', 'aof', 'rdb'] as const) {
    for (const sample of SAMPLES[kind]) {
      const outcome = outcomeOf(inputOf('sample', new MemorySource(sample), kind));
      expect(outcome.error, Buffer.from(sample).toString('latin1')).toBeUndefined();
    }
  }
});

test(`RESP: ${MUTATIONS} mutations, whole and in pieces`, () => {
  let refused = 0;
  fuzz('resp', (_, mutated, random) => {
    if (isRefused(open('resp', mutated, random), random)) refused++;
    const parser = new RespParser('socket');
    try {
      for (let at = 0; at < mutated.length; ) {
        const next = at + 1 + random.below(40);
        parser.feed(mutated.subarray(at, next));
        while (parser.next());
        at = next;
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  });
  expect(refused).toBeGreaterThan(MUTATIONS / 10);
});

test(`AOF: ${MUTATIONS} mutations`, () => {
  let refused = 0;
  fuzz('aof', (_, mutated, random) => {
    if (isRefused(open('aof', mutated, random), random)) refused++;
  });
  expect(refused).toBeGreaterThan(MUTATIONS / 10);
});

const FIRST_WITH_CHECKSUM = 5;

/** The length of REDIS0011. */
function rdbVersion(file: Uint8Array): number {
  return Number(new TextDecoder().decode(file.subarray(5, 9)));
}

test(`RDB: ${MUTATIONS} mutations, all of which the checksum detects`, () => {
  const passed: string[] = [];
  fuzz('rdb', (original, mutated, random) => {
    const input = open('rdb', mutated, random);
    if (isRefused(input, random)) return;
    // Bytes after the image are read as commands of an AOF, and a truncated command is a warning.
    const isUnchanged = Buffer.compare(original, mutated.subarray(0, original.length)) === 0;
    if (isUnchanged || input.warnings.some((warning) => warning.includes('without a checksum'))) return;
    if (rdbVersion(mutated) < FIRST_WITH_CHECKSUM) return;
    passed.push(Buffer.from(mutated).toString('base64'));
  });
  expect(passed).toEqual([]);
});

test(`RDB: ${MUTATIONS} mutations with a correct checksum`, () => {
  let refused = 0;
  fuzz('rdb', (_, mutated, random) => {
    if (mutated.length < 17) return;
    if (isRefused(open('rdb', withRightChecksum(mutated), random), random)) refused++;
  });
  expect(refused).toBeGreaterThan(MUTATIONS / 10);
});

/** Loading a file into the model takes several times as long as reading it. */
const LOADED = Math.ceil(MUTATIONS / 10);
/** Files of many commands take longer still. */
const RUN = Math.ceil(MUTATIONS / 50);

test(`RDB: ${LOADED} mutations with a correct checksum, loaded: no double free, and a flush frees all keys`, () => {
  const servers = ['redis-7.0', 'redis-7.2', 'valkey-8.0'].map((version) => newServer(version));
  let loaded = 0;
  let refused = 0;
  let round = 0;
  fuzz(
    'rdb',
    (_, mutated, random) => {
      if (mutated.length < 17) return;
      const { server, operations, liveBytes } = servers[round++ % servers.length]!;
      const before = server.heap.used;
      const refuse = (found: string) => new InputError(`mutated: ${found}`);
      const loading = new Loading(server, { isLog: random.below(2) === 0, refuse });
      let isWhole = true;
      try {
        const { length } = [
          ...server.load(loading.steps(open('rdb', withRightChecksum(mutated), random).events())),
        ];
        expect(length).toBe(0);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        isWhole = false;
        refused++;
      }
      for (const database of server.databases) database.flush(false);
      // The table throws at a free of memory that is not live.
      operations();
      // The value at the truncation belongs to no key, as in a server that gives up.
      if (isWhole) {
        loaded += loading.counts.keys;
        expect(server.heap.used - before).toBeLessThan(MAX_REMAINING_BYTES);
      }
      if (round % 500 === 0) expect(liveBytes()).toBe(server.heap.used);
    },
    LOADED,
  );
  expect(loaded).toBeGreaterThan(LOADED / 10);
  expect(refused).toBeGreaterThan(LOADED / 10);
});

/** Files with commands of all types, whose mutations have commands with wrong arguments. */
const CARRIED_OUT: Readonly<Record<'resp' | 'aof' | 'monitor', readonly Uint8Array[]>> = {
  resp: [fixture('hostile/xreadgroup-mutated.resp'), ...SAMPLES.resp],
  aof: [fixture('hostile/arity-mutated.aof'), fixture('hostile/sinterstore.aof'), ...SAMPLES.aof],
  monitor: SAMPLES.monitor,
};

test.each(['resp', 'aof', 'monitor'] as const)(`%s: ${RUN} mutations, carried out without a gap`, (kind) => {
  const servers = ['redis-7.0', 'redis-7.2', 'valkey-8.0'].map((version) => newServer(version));
  let round = 0;
  let refused = 0;
  fuzz(
    kind,
    (_, mutated, random) => {
      const { server, operations } = servers[round++ % servers.length]!;
      const refuse = (found: string) => new InputError(`mutated: ${found}`);
      const input = open(kind, mutated, random);
      try {
        const chunks =
          kind === 'aof'
            ? server.load(new Loading(server, { isLog: true, refuse }).steps(input.events()))
            : server.run(commandsIn(input));
        for (const _ of chunks) expect.unreachable('a mutated file filled a chunk');
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused++;
      }
      expect(server.gaps.first).toEqual([]);
      for (const database of server.databases) database.flush(false);
      // The table throws at a free of memory that is not live.
      operations();
    },
    LOADED,
    CARRIED_OUT[kind],
  );
  expect(refused).toBeGreaterThan(LOADED / 20);
});

function* commandsIn(input: Input): Generator<Command> {
  for (const event of input.events()) {
    // Times of a mutated log may lie years apart, and time does not go back for the next log.
    if (event.kind === 'command') yield Object.assign(event.command, { timeMs: 0 });
  }
}

test(`MONITOR: ${MUTATIONS} mutations`, () => {
  let refused = 0;
  fuzz('monitor', (_, mutated, random) => {
    if (isRefused(open('monitor', mutated, random), random)) refused++;
  });
  expect(refused).toBeGreaterThan(MUTATIONS / 10);
});

test('manifests: 10,000 mutations', () => {
  const random = new Random(SEED);
  const mutator = new Mutator(random);
  const manifest = fixture('appendonlydir/appendonly.aof.manifest');
  for (let round = 0; round < 10_000; round++) {
    try {
      const { base, increments } = parseManifest('m', mutator.mutate(manifest));
      for (const file of [base, ...increments]) expect(file?.name ?? '').not.toMatch(/[/\\]/);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
});
