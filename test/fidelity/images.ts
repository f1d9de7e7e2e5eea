/**
 * RDB images of every encoding, from a seed. The model's memory after loading one is compared with a real server's.
 * The images are written here, so that recorded figures hold for an image that anyone can make.
 */
import { Random } from '#slablab/src/base/index.js';
import * as rdb from '../input/support/rdb.js';

const { aux, be, intset, key, le, len, listpack, opcode, str, ziplist, zipmap } = rdb;

export interface LoadedImage {
  readonly name: string;
  /** Servers, as recorded, that can load it. */
  readonly servers: readonly string[];
  bytes(): Uint8Array;
}

const NEWER = ['redis-7.2.6', 'valkey-8.0.1'];

export const IMAGES: readonly LoadedImage[] = [
  {
    name: 'encodings-until-redis-6',
    servers: ['redis-7.0.15', ...NEWER],
    bytes: once(() => image('REDIS0009', 1, oldEncodings)),
  },
  {
    name: 'encodings-of-redis-7.0',
    servers: ['redis-7.0.15', ...NEWER],
    bytes: once(() => image('REDIS0010', 2, (random) => newEncodings(random, 2))),
  },
  {
    name: 'encodings-of-redis-7.2',
    servers: NEWER,
    bytes: once(() => image('REDIS0011', 3, (random) => newEncodings(random, 3))),
  },
  {
    name: 'fields-that-expire-of-redis-7.4',
    servers: ['redis-8.0.2', 'redis-8.6.3'],
    bytes: once(() => image('REDIS0012', 4, ebucketHashes)),
  },
  {
    name: 'fields-that-expire-of-valkey-9.0',
    servers: ['valkey-9.1.2'],
    bytes: once(() => image('VALKEY080', 5, vsetHashes)),
  },
];

/** Returns a function that makes the bytes at its first call only: it takes seconds. */
function once(make: () => Uint8Array): () => Uint8Array {
  let made: Uint8Array | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

type Keys = (random: Random) => string[];

/** No checksum, as with `rdbchecksum no`. Two databases, of which the second announces no sizes. */
function image(magic: string, seed: number, keys: Keys): Uint8Array {
  const random = new Random(seed);
  const first = keys(random);
  const second = strings(random, 3000, 'other');
  const parts = [
    magic,
    aux('redis-ver', '7.0.0'),
    opcode(254) + len(0) + opcode(251) + len(first.length) + len(0),
    ...first,
    opcode(254) + len(1),
    ...second.map((text) => opcode(252) + le(FAR, 8) + text),
    '\xff',
    le(0, 8),
  ];
  return Buffer.from(parts.join(''), 'latin1');
}

/** The year 2200, in milliseconds. */
const FAR = 7_258_118_400_000;

function oldEncodings(random: Random): string[] {
  return [
    ...strings(random, 12_000, 'key'),
    ...many(2500, (n) => key(10, `zl:${n}`, str(ziplist(entries(random, 1 + random.below(30)))))),
    ...many(600, (n) =>
      key(
        14,
        `ql:${n}`,
        quicklist(random, (of) => str(ziplist(of))),
      ),
    ),
    ...many(300, (n) => key(1, `ll:${n}`, elements(words(random, 5 + random.below(60))))),
    ...many(2000, (n) => key(13, `hz:${n}`, str(ziplist(pairs(random, 1 + random.below(30)))))),
    ...many(500, (n) => key(9, `zm:${n}`, str(zipmap(fields(random, 1 + random.below(8)))))),
    ...many(1500, (n) => key(12, `zz:${n}`, str(ziplist(scored(random, 1 + random.below(40)))))),
    ...many(200, (n) =>
      key(
        3,
        `zt:${n}`,
        elements(words(random, 200), () => '\x031.5'),
      ),
    ),
    ...many(60, (n) => key(15, `st:${n}`, stream(random, 1))),
    ...tables(random),
  ];
}

function newEncodings(random: Random, form: 2 | 3): string[] {
  return [
    ...strings(random, 12_000, 'key'),
    ...many(900, (n) =>
      key(
        18,
        `ql:${n}`,
        quicklist(random, (of) => len(2) + str(listpack(of))),
      ),
    ),
    ...many(20, (n) => key(18, `pl:${n}`, len(1) + len(1) + str(text(random, 9000 + random.below(9000))))),
    ...many(2500, (n) => key(16, `hl:${n}`, str(listpack(pairs(random, 1 + random.below(40)))))),
    ...many(2000, (n) => key(17, `zl:${n}`, str(listpack(scored(random, 1 + random.below(40)))))),
    ...(form === 3
      ? many(2500, (n) => key(20, `sl:${n}`, str(listpack(words(random, 1 + random.below(60))))))
      : []),
    ...many(60, (n) => key(form === 3 ? 21 : 19, `st:${n}`, stream(random, form))),
    ...tables(random),
  ];
}

/** Listpacks in the order of their times, and hash tables, some so small that a server makes a listpack of them. */
function ebucketHashes(random: Random): string[] {
  const table = (fields: number, longest: number) =>
    le(FAR, 8) +
    elementsOf(words(random, fields), (word) => {
      const lifetime = random.below(3) === 0 ? 0 : 1 + random.below(1e9);
      return len(lifetime) + str(word) + str(text(random, random.below(longest)));
    });
  return [
    ...strings(random, 6000, 'key'),
    ...many(4000, (n) => key(25, `lx:${n}`, le(FAR, 8) + str(listpack(timed(random, 1 + random.below(40)))))),
    ...many(500, (n) => key(24, `hx:${n}`, table(1 + random.below(1000), 90))),
    ...many(500, (n) => key(24, `sx:${n}`, table(1 + random.below(30), 50))),
  ];
}

/** Each with fields that expire and fields that do not; one in seven has expired long ago. */
function vsetHashes(random: Random): string[] {
  const table = (fields: number) =>
    elementsOf(words(random, fields), (word) => {
      const at = FAR + random.below(1e9);
      const kind = random.below(7);
      const expiry = kind === 0 ? 1_600_000_000_000 : kind < 3 ? -1 : at;
      return str(word) + str(text(random, random.below(90))) + le(expiry, 8);
    });
  return [
    ...strings(random, 6000, 'key'),
    ...many(4000, (n) => key(22, `sv:${n}`, table(1 + random.below(30)))),
    ...many(500, (n) => key(22, `hv:${n}`, table(1 + random.below(1000)))),
  ];
}

/** Fields, values and times, those that never expire last. */
function timed(random: Random, count: number): (string | number)[] {
  const lasting = random.below(count);
  return fields(random, count).flatMap(([field, value], at) => [
    field,
    value,
    at < count - lasting ? FAR + at * 1000 : 0,
  ]);
}

/** What all versions share: intsets, hash tables (some so small that a server makes a listpack of them), skiplists. */
function tables(random: Random): string[] {
  return [
    ...many(1500, (n) => key(11, `is:${n}`, str(intset(4, ascending(random, 1 + random.below(200)))))),
    ...many(150, (n) => key(2, `sh:${n}`, elements(words(random, 20 + random.below(400))))),
    ...many(100, (n) => key(2, `si:${n}`, elements(ascending(random, 600).map(String)))),
    ...many(150, (n) =>
      key(
        4,
        `hh:${n}`,
        elements(words(random, 300), () => str(text(random, 90))),
      ),
    ),
    ...many(300, (n) =>
      key(
        4,
        `hs:${n}`,
        elements(words(random, 20), () => str(text(random, 20))),
      ),
    ),
    ...many(150, (n) =>
      key(
        5,
        `zh:${n}`,
        elements(words(random, 250), (at) => doubleOf(at + 0.5)),
      ),
    ),
    ...many(300, (n) =>
      key(
        5,
        `zs:${n}`,
        elements(words(random, 25), (at) => doubleOf(at)),
      ),
    ),
  ];
}

function strings(random: Random, count: number, prefix: string): string[] {
  return many(count, (n) => {
    const name = `${prefix}:${n}${'k'.repeat(random.below(40))}`;
    switch (random.below(6)) {
      case 0:
        return key(0, name, `\xc1${le(random.below(60_000) - 30_000, 2)}`);
      case 1:
        return key(0, name, str(`${1e10 + random.below(1e9)}`));
      case 2:
        return key(0, name, compressed(random, 30 + random.below(4000)));
      default:
        return key(0, name, str(text(random, random.below(random.below(20) === 0 ? 3000 : 300))));
    }
  });
}

/** One letter and its repetitions: two bytes, then three for each 264. */
function compressed(random: Random, length: number): string {
  let body = `\x00${text(random, 1)}`;
  for (let left = length - 1; left > 0; ) {
    const run = Math.min(264, left);
    if (run < 9) body += be(run - 1, 1) + text(random, run);
    else body += `\xe0${be(run - 9, 1)}\x00`;
    left -= run;
  }
  return `\xc3${len(body.length)}${len(length)}${body}`;
}

function quicklist(random: Random, node: (entries: readonly (string | number)[]) => string): string {
  const count = 1 + random.below(4);
  const nodes = many(count, () => node(entries(random, count === 1 ? 20 : 120)));
  return len(count) + nodes.join('');
}

/** `form` 2 added ids and counts, 3 a time for each consumer. */
function stream(random: Random, form: 1 | 2 | 3): string {
  const nodes = 1 + random.below(6);
  const perNode = 100;
  const bodies = many(nodes, (n) => {
    const items = many(perNode, (at) => [2, 0, at, text(random, 12), 4]).flat();
    const first = be(1000 + n, 8) + be(0, 8);
    return str(first) + str(listpack([perNode, 0, 1, 'field', 0, ...items]));
  });
  const total = nodes * perNode;
  const last = len(1000 + nodes - 1) + len(perNode - 1);
  const counts = form === 1 ? '' : len(1000) + len(0) + len(0) + len(0) + len(total);
  const pending = many(40, (at) => be(1000, 8) + be(at, 8));
  const consumers = many(4, (n) => {
    const times = le(1e12, 8) + (form === 3 ? le(1e12, 8) : '');
    return str(`consumer:${n}`) + times + len(10) + pending.slice(n * 10, n * 10 + 10).join('');
  });
  const group =
    str('workers') +
    len(1000) +
    len(39) +
    (form === 1 ? '' : len(40)) +
    len(pending.length) +
    pending.map((id) => id + le(1e12, 8) + len(1)).join('') +
    len(consumers.length) +
    consumers.join('');
  return len(nodes) + bodies.join('') + len(total) + last + counts + len(1) + group;
}

function elementsOf(names: readonly string[], element: (name: string) => string): string {
  return len(names.length) + names.map(element).join('');
}

function elements(names: readonly string[], behind: (at: number) => string = () => ''): string {
  return len(names.length) + names.map((name, at) => str(name) + behind(at)).join('');
}

/** Different ones, of 3 to 40 bytes. */
function words(random: Random, count: number): string[] {
  return many(count, (at) => `${at}:${text(random, 1 + random.below(37))}`);
}

function entries(random: Random, count: number): (string | number)[] {
  return many(count, () => (random.below(4) === 0 ? random.below(100_000) - 50_000 : text(random, 60)));
}

function fields(random: Random, count: number): (readonly [string, string])[] {
  return words(random, count).map((word) => [word, text(random, random.below(50))] as const);
}

function pairs(random: Random, count: number): string[] {
  return fields(random, count).flat();
}

function scored(random: Random, count: number): (string | number)[] {
  return words(random, count).flatMap((word, at) => [word, at * 3]);
}

function ascending(random: Random, count: number): number[] {
  let value = -60_000;
  return many(count, () => (value += 1 + random.below(900)));
}

function text(random: Random, length: number): string {
  let letters = '';
  for (let at = 0; at < length; at++) letters += String.fromCharCode(0x61 + random.below(26));
  return letters;
}

function doubleOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('latin1');
}

function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
