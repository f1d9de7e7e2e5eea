import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Crc64 } from '#slablab/src/base/crc64.js';
import { MemorySource, Random } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { printedSeed } from '../support/seed.js';
import { type Outcome, outcomeOf } from './support/plain.js';
import {
  be,
  image,
  intset,
  key,
  le,
  len,
  listpack,
  listpackEntry,
  naiveCrc64,
  opcode,
  str,
  withChecksum,
  ziplist,
  zipmap,
} from './support/rdb.js';
import { bytes } from './support/resp.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

function read(text: string, blockBytes?: number): Outcome {
  return outcomeOf(inputOf('dump.rdb', new MemorySource(bytes(text), blockBytes), 'rdb'));
}

/** Returns the value of the only key of a file. */
function value(type: number, text: string, magic?: string): unknown {
  const { events, error, warnings } = read(image(key(type, 'k', text), magic));
  expect(error).toBeUndefined();
  expect(warnings).toEqual([]);
  expect(events).toHaveLength(3);
  const { key: name, database, ...rest } = events[1] as Record<string, unknown>;
  expect([name, database]).toEqual(['k', 0]);
  return rest;
}

test('all types that Redis 7.0 writes', () => {
  const { events, error, warnings } = outcomeOf(openInput(fixture('types.rdb')));
  expect([error, warnings]).toEqual([undefined, []]);
  expect(events[0]).toEqual({ kind: 'rdb-start', version: 10, flavour: 'redis' });
  expect(events).toContainEqual({ kind: 'rdb-aux', name: 'redis-ver', value: '7.0.15' });
  expect(events).toContainEqual({ kind: 'epoch', unixMs: expect.any(Number) });
  expect(events).toContainEqual({ kind: 'rdb-resize', database: 0, keys: 17, expires: 1 });
  expect(events).toContainEqual({ kind: 'rdb-function', code: expect.stringMatching(/^#!lua name=lib\n/) });
  expect(events.at(-1)).toEqual({ kind: 'rdb-end', keys: 18 });
  const entries = new Map(
    (events as Record<string, unknown>[]).flatMap(({ key: name, database, ...rest }) =>
      typeof name === 'string' ? [[name, database === 0 ? rest : { database, ...rest }] as const] : [],
    ),
  );
  const count = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);
  expect(entries.get('text')).toEqual({ string: 'raw', value: 'a plain text' });
  expect(entries.get('int8')).toEqual({ string: 'integer', value: '-5' });
  expect(entries.get('int16')).toEqual({ string: 'integer', value: '1000' });
  expect(entries.get('int32')).toEqual({ string: 'integer', value: '-100000' });
  expect(entries.get('int64')).toEqual({ string: 'raw', value: '12345678901234' });
  expect(entries.get('compressed')).toEqual({ string: 'lzf', value: 'abcdefgh'.repeat(50) });
  expect(entries.get('expiring')).toEqual({ string: 'raw', value: 'soon', expireAtMs: expect.any(Number) });
  expect(entries.get('list')).toEqual({
    list: 'quicklist',
    nodes: [{ listpack: ['a', 'b', '300', '-70000', 'x'.repeat(300)] }],
  });
  const longList = (entries.get('longlist') as { nodes: { listpack: string[] }[] }).nodes;
  expect(longList.length).toBeGreaterThan(1);
  expect(longList.flatMap(({ listpack: elements }) => elements)).toEqual(count(1, 3000));
  expect(entries.get('intset')).toEqual({ set: 'intset', value: ['-2', '1', '30000', '70000'] });
  expect(entries.get('intset64')).toEqual({ set: 'intset', value: ['1', '5000000000'] });
  const set = entries.get('set') as { set: string; value: string[] };
  expect([set.set, set.value.sort()]).toEqual(['hashtable', ['3', 'one', 'two']]);
  expect(entries.get('zset')).toEqual({
    zset: 'listpack',
    value: [
      ['c', Number.NEGATIVE_INFINITY],
      ['a', 1],
      ['b', 2.5],
      ['e', 1e20],
      ['d', Number.POSITIVE_INFINITY],
    ],
  });
  expect(entries.get('skiplist')).toEqual({
    zset: 'skiplist',
    value: count(1, 130)
      .reverse()
      .map((score) => [`m${score}`, Number(score)]),
  });
  expect(entries.get('hash')).toEqual({
    hash: 'listpack',
    value: [
      ['f', 'v'],
      ['number', '12345'],
      ['big', '4611686018427387904'],
    ],
  });
  const hashtable = entries.get('hashtable') as { hash: string; value: string[][] };
  expect(hashtable.hash).toBe('hashtable');
  expect(new Map(hashtable.value as [string, string][])).toEqual(
    new Map([
      ['field', 'y'.repeat(70)],
      ['empty', ''],
    ]),
  );
  expect(entries.get('stream')).toEqual({
    stream: { length: 2, lastId: '3-1', firstId: '1-1', maxDeletedId: '2-1', entriesAdded: 3 },
    nodes: [{ firstId: '1-1', live: 2, deleted: 1, entries: ['1-1 1', '2-1 deleted', '3-1 1'] }],
    groups: [
      { name: 'idle', lastId: '3-1', entriesRead: undefined, pending: [], consumers: [] },
      {
        name: 'workers',
        lastId: '3-1',
        entriesRead: expect.any(Number),
        pending: [
          ['1-1', 1],
          ['3-1', 1],
        ],
        consumers: [
          { name: 'ann', pending: ['1-1'] },
          { name: 'bob', pending: ['3-1'] },
        ],
      },
    ],
  });
  expect(entries.get('other-database')).toEqual({ database: 3, string: 'raw', value: 'yes' });
});

test('a stream of Redis 8.6 with the requests that it remembers, which are counted', () => {
  const { events, error, warnings } = outcomeOf(openInput(fixture('redis-8.6.rdb')));
  expect(error).toBeUndefined();
  expect(warnings).toEqual([
    expect.stringMatching(/the memory of 3 requests that streams remember \(XADD IDMP\) is not modelled$/),
  ]);
  expect(events[0]).toEqual({ kind: 'rdb-start', version: 13, flavour: 'redis' });
  expect(events).toContainEqual(
    expect.objectContaining({
      key: 's',
      stream: expect.objectContaining({ length: 4, entriesAdded: 4 }),
      groups: [expect.objectContaining({ name: 'g', consumers: [expect.objectContaining({ name: 'c1' })] })],
    }),
  );
  expect(events.at(-1)).toEqual({ kind: 'rdb-end', keys: 1 });
});

test('how often a key was used', () => {
  const { events } = outcomeOf(openInput(fixture('lfu.rdb')));
  expect(events).toContainEqual({ key: 'often', database: 0, frequency: 5, string: 'raw', value: 'used' });
});

describe('types of older and newer servers', () => {
  const numbers = [
    0,
    12,
    13,
    127,
    128,
    -1,
    -4096,
    4095,
    -4097,
    32767,
    -32768,
    8388607,
    -8388608,
    2 ** 31 - 1,
  ];
  const wide = [-(2 ** 31), 2 ** 31, 9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n];
  const texts = [
    '',
    'a',
    'b'.repeat(63),
    'c'.repeat(64),
    'd'.repeat(253),
    'e'.repeat(5000),
    'f'.repeat(20_000),
  ];
  const entries = [...numbers, ...wide, ...texts, 'last'];
  const plain = entries.map(String);

  test('linked list', () => {
    const text = `${len(3)}${str('a')}\xc0\x85\xc1\x00\x80`;
    expect(value(1, text)).toEqual({ list: 'linkedlist', value: ['a', '-123', '-32768'] });
  });

  test('ziplist: every encoding of its entries', () => {
    expect(value(10, str(ziplist(entries)))).toEqual({ list: 'ziplist', value: plain });
  });

  test('listpack: every encoding of its entries', () => {
    expect(value(20, str(listpack(entries)))).toEqual({ set: 'listpack', value: plain });
    expect(value(18, `${len(1)}${len(2)}${str(listpack(entries))}`)).toEqual({
      list: 'quicklist',
      nodes: [{ listpack: plain }],
    });
  });

  test('listpack: the length after an entry at the limits of its width', () => {
    for (const length of [125, 126, 127, 16_377, 16_378, 16_379, 2_097_145, 2_097_146]) {
      expect(value(20, str(listpack(['x'.repeat(length), 'y'])))).toMatchObject({ set: 'listpack' });
    }
  });

  test('quicklist of ziplists; nodes of a single element', () => {
    expect(value(14, `${len(2)}${str(ziplist(['a', 1]))}${str(ziplist(['b']))}`)).toEqual({
      list: 'quicklist',
      nodes: [{ ziplist: ['a', '1'] }, { ziplist: ['b'] }],
    });
    expect(value(18, `${len(2)}${len(1)}${str('large')}${len(2)}${str(listpack(['b']))}`)).toEqual({
      list: 'quicklist',
      nodes: [{ plain: ['large'] }, { listpack: ['b'] }],
    });
  });

  test('intsets of each width', () => {
    expect(value(11, str(intset(2, [-3, 5])))).toEqual({ set: 'intset', value: ['-3', '5'] });
    expect(value(11, str(intset(4, [-70_000, 5])))).toEqual({ set: 'intset', value: ['-70000', '5'] });
    expect(value(11, str(intset(8, [-(2n ** 63n), 5])))).toEqual({
      set: 'intset',
      value: ['-9223372036854775808', '5'],
    });
  });

  test('sorted sets with scores as text and in a ziplist', () => {
    const text = `${len(4)}${str('a')}${le(3, 1)}1.5${str('b')}\xff${str('c')}\xfe${str('d')}${le(2, 1)}-7`;
    const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;
    expect(value(3, text)).toEqual({
      zset: 'skiplist',
      value: [
        ['a', 1.5],
        ['b', NEGATIVE_INFINITY],
        ['c', POSITIVE_INFINITY],
        ['d', -7],
      ],
    });
    expect(value(12, str(ziplist(['a', 1, 'b', '2.5', 'c', 'inf'])))).toEqual({
      zset: 'ziplist',
      value: [
        ['a', 1],
        ['b', 2.5],
        ['c', POSITIVE_INFINITY],
      ],
    });
  });

  test('zipmap and ziplist hashes', () => {
    const pairs = [
      ['f', 'v'],
      ['g', 'w'.repeat(300)],
    ] as const;
    expect(value(9, str(zipmap(pairs, 3)))).toEqual({ hash: 'zipmap', value: pairs });
    expect(value(13, str(ziplist(pairs.flat())))).toEqual({ hash: 'ziplist', value: pairs });
  });

  test('fields that expire: Redis 7.4, its release candidates, Valkey 9', () => {
    const at = 1_700_000_000_000;
    const fields = [
      ['f', 'v', at],
      ['g', 'w'],
      ['h', 'x', at + 500],
    ];
    const hash = { hash: 'hashtable', value: fields };
    const pair = (field: string, content: string) => str(field) + str(content);
    const relative = `${len(1)}${pair('f', 'v')}${len(0)}${pair('g', 'w')}${len(501)}${pair('h', 'x')}`;
    expect(value(24, le(at, 8) + len(3) + relative)).toEqual(hash);
    const absolute = `${len(at)}${pair('f', 'v')}${len(0)}${pair('g', 'w')}${len(at + 500)}${pair('h', 'x')}`;
    expect(value(22, len(3) + absolute)).toEqual(hash);
    const behind = `${pair('f', 'v')}${le(at, 8)}${pair('g', 'w')}${le(-1, 8)}${pair('h', 'x')}${le(at + 500, 8)}`;
    expect(value(22, len(3) + behind, 'VALKEY080')).toEqual(hash);
    const packed = str(listpack(['f', 'v', at, 'h', 'x', at + 500, 'g', 'w', 0]));
    const packedHash = { hash: 'listpackex', value: [fields[0], fields[2], fields[1]] };
    expect(value(25, le(at, 8) + packed)).toEqual(packedHash);
    expect(value(23, packed)).toEqual(packedHash);
  });

  test('streams of the first and third form', () => {
    const id = be(5, 8) + be(1, 8);
    const node = str(id) + str(listpack([1, 0, 1, 'f', 0, 2, 0, 0, 'v', 4]));
    const pending = `${len(1)}${id}${le(77, 8)}${len(3)}`;
    const consumer = (times: string) => `${len(1)}${str('ann')}${times}${len(1)}${id}`;
    const first = `${len(1)}${node}${len(1)}${len(5)}${len(1)}${len(1)}${str('g')}${len(5)}${len(1)}`;
    const groups = [
      { name: 'g', lastId: '5-1', pending: [['5-1', 3]], consumers: [{ name: 'ann', pending: ['5-1'] }] },
    ];
    expect(value(15, first + pending + consumer(le(78, 8)))).toMatchObject({
      stream: { length: 1, lastId: '5-1' },
      nodes: [{ firstId: '5-1', live: 1, deleted: 0, entries: ['5-1 1'] }],
      groups,
    });
    const largest = 2n ** 64n - 1n;
    const head = `${len(1)}${node}${len(1)}${len(5)}${len(1)}${len(5)}${len(1)}${len(0)}${len(largest)}${len(9)}`;
    const third = `${head}${len(1)}${str('g')}${len(5)}${len(1)}${len(largest)}${pending}`;
    expect(value(21, third + consumer(le(78, 8) + le(79, 8)))).toMatchObject({
      stream: { firstId: '5-1', maxDeletedId: `0-${largest}`, entriesAdded: 9 },
      groups: groups.map((group) => ({ ...group, entriesRead: undefined })),
    });
  });

  test('a stream without entries', () => {
    expect(value(15, len(0).repeat(5))).toMatchObject({ stream: { length: 0 }, nodes: [], groups: [] });
  });
});

test('slots as Redis 7.4 and as Valkey 8 write them; idle time; expiry in seconds', () => {
  const redis = `${opcode(254)}${len(0)}${opcode(244)}${len(7)}${len(20)}${len(3)}`;
  const valkey = `${opcode(250)}${str('slot-info')}${str('8,21,4')}`;
  const idle = `${opcode(248)}${len(1000)}${opcode(253)}${le(99, 4)}`;
  const { events, error } = read(
    image(redis + valkey + idle + key(0, 'a', str('b')) + key(0, 'c', str('d'))),
  );
  expect(error).toBeUndefined();
  expect(events.slice(1, -1)).toEqual([
    { kind: 'rdb-slot', database: 0, slot: 7, keys: 20, expires: 3 },
    { kind: 'rdb-slot', database: 0, slot: 8, keys: 21, expires: 4 },
    { key: 'a', database: 0, idleSeconds: 1000, expireAtMs: 99_000, string: 'raw', value: 'b' },
    { key: 'c', database: 0, string: 'raw', value: 'd' },
  ]);
});

test('module values are skipped with a warning', () => {
  // The ID of "ReJSON-RL", version 3.
  const id = [...'ReJSON-RL'].reduce((sum, character) => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return sum * 64n + BigInt(digits.indexOf(character));
  }, 0n);
  const parts = `${len(2)}${len(5)}${len(5)}${str('text')}${len(4)}${'\0'.repeat(8)}${len(3)}${'\0'.repeat(4)}${len(0)}`;
  const aux = `${opcode(247)}${len(id * 1024n)}${len(2)}${len(2)}${parts}`;
  const { events, error, warnings } = read(
    image(aux + key(7, 'm', len(id * 1024n + 3n) + parts) + key(0, 'a', str('b'))),
  );
  expect(error).toBeUndefined();
  expect(events).toContainEqual({
    key: 'm',
    database: 0,
    module: 'ReJSON-RL',
    sizeBytes: expect.any(Number),
  });
  expect(events).toContainEqual({ key: 'a', database: 0, string: 'raw', value: 'b' });
  expect(warnings).toEqual([
    'dump.rdb: data of module ReJSON-RL that belongs to no key was skipped',
    'dump.rdb: 1 values of module ReJSON-RL were skipped: only the module can read them',
  ]);
});

test('keys without elements are dropped, as by servers', () => {
  const { events, warnings } = read(image(key(4, 'none', len(0)) + key(20, 'empty', str(listpack([])))));
  expect(events.at(-1)).toEqual({ kind: 'rdb-end', keys: 0 });
  expect(warnings).toEqual(['dump.rdb: 2 keys without elements were left out, as Redis does']);
});

test('a slot import of Valkey is skipped', () => {
  const body = `${opcode(243)}${str('job')}${len(1)}${len(5)}${len(9)}${key(0, 'a', str('b'))}`;
  expect(read(image(body, 'VALKEY080'))).toMatchObject({
    error: undefined,
    warnings: ['dump.rdb: the state of a slot import was skipped'],
  });
});

const SMALL = key(0, 'a', str('b'));

test.each([
  [
    image(
      key(
        15,
        'a',
        `${len(1)}${str(be(5, 8) + be(1, 8))}${str(listpack([2, 0, 1, 'f', 0, 2, 0, 0, 'v', 4]))}`,
      ),
    ),
    'a stream node of 29 bytes: it says 2 entries and 0 deleted, but has 1 and 0 (reading key "a")',
  ],
  ['REDIS0014\xff', 'byte 0: RDB version REDIS0014; known are REDIS0001 to REDIS0013 and VALKEY080'],
  ['VALKEY081\xff', 'byte 0: RDB version VALKEY081'],
  ['REDISabcd\xff', 'byte 0: not the header of an RDB file: "REDISabcd"'],
  [image(opcode(27) + SMALL), 'byte 9: unknown type or opcode 27 for a file of Redis'],
  [image(opcode(26) + SMALL, 'VALKEY080'), 'byte 9: unknown type or opcode 26 for a file of Valkey'],
  [image(opcode(24) + SMALL, 'VALKEY080'), 'byte 9: unknown type or opcode 24 for a file of Valkey'],
  [image(opcode(246)), 'byte 9: a function library of a Redis 7.0 release candidate'],
  [image(key(6, 'a', '')), 'byte 12: a module value of a Redis 4.0 release candidate'],
  [image(key(0, 'a', '\xc4')), 'byte 12: the value in the unknown string encoding 4 (reading key "a")'],
  [image(key(0, 'a', '\x82')), 'byte 12: unknown length 0x82'],
  [image(key(4, 'a', '\xc0')), 'byte 12: an encoded string where the number of fields should be'],
  [
    image(key(4, 'a', len(1_000_000))),
    'byte 12: the number of fields: 1000000, for which the rest of the file is too short',
  ],
  [
    image(key(20, 'a', str(listpack(['b']).slice(0, -1)))),
    'byte 12: a listpack of 9 bytes, at 0 in it: it says 10 bytes',
  ],
  [image(key(16, 'a', str(listpack(['b'])))), 'byte 12: a listpack of 1 entries: not a multiple of 2'],
  [
    image(key(11, 'a', str(intset(2, [5, 5])))),
    'byte 12: a intset of 12 bytes, at 10 in it: 5 after 5: not in ascending order',
  ],
  [image(key(17, 'a', str(listpack(['m', 'x'])))), 'byte 12: a score that is not a number'],
  [
    image(key(0, 'a', `\xc3${len(3)}${len(5)}\x20\x09a`)),
    'the value, compressed with LZF: a repetition starts 10 bytes before the beginning',
  ],
  [image(key(0, 'a', `\xc3${len(2)}${len(500)}\x00a`)), 'the value: 2 compressed bytes cannot hold 500'],
  [image(key(18, 'a', len(1) + len(3))), 'a list node of the unknown kind 3'],
  [
    image(SMALL).slice(0, 12),
    'byte 12: 1 byte is missing from byte 12 on (reading key "a"); the file was cut short',
  ],
  [
    image(SMALL).slice(0, -3),
    '8 bytes are missing from byte 15 on (reading the checksum); the file was cut short',
  ],
  [`${image(SMALL)}xyz`, "byte 23: after the end of the RDB image is 'x'; cut the file here"],
  [`${image(SMALL)}*1\r\n`, "byte 23: after the end of the RDB image is '*'; cut the file here"],
  ['', '9 bytes are missing from byte 0 on (reading the header)'],
  ['SET a b c\n', 'not the header of an RDB file: "SET a b c"'],
])('refuses %j', (text, message) => {
  expect(read(text).error).toContain(message);
});

test('a wrong checksum is refused, and a missing one is a warning', () => {
  const whole = image(SMALL);
  const damaged = `${whole.slice(0, 13)}c${whole.slice(14)}`;
  expect(read(damaged).error).toMatch(
    /^dump\.rdb: byte 15: the checksum is [0-9a-f]{16}, but the bytes give [0-9a-f]{16}/,
  );
  expect(read(`${whole.slice(0, -8)}${'\0'.repeat(8)}`)).toMatchObject({
    error: undefined,
    warnings: ['dump.rdb: saved without a checksum (rdbchecksum no), so damage would go unnoticed'],
  });
});

test('the checksum equals its definition for any chunks', () => {
  const checksum = new Crc64();
  checksum.update(bytes('123456789'));
  expect(checksum.value).toBe(0xe9c6d914c4b8d9can);
  const random = new Random(printedSeed('CRC64'));
  const text = Array.from({ length: 3000 }, () => String.fromCharCode(random.below(256))).join('');
  const data = bytes(text);
  const cut = new Crc64();
  for (let at = 0; at < data.length; ) {
    const next = Math.min(data.length, at + random.below(40));
    cut.update(data, at, next);
    at = next;
  }
  expect(cut.value).toBe(naiveCrc64(text));
});

test('events do not depend on the size of reads, nor on what the consumer leaves unread', () => {
  const entry = listpackEntry('x');
  expect(entry).toBe('\x81x\x02');
  const text = image(
    key(
      4,
      'h',
      `${len(2)}${str('field')}${str('v'.repeat(900))}${str('g')}\xc3${len(5)}${len(10)}\x00a\xe0\x00\x00`,
    ) +
      key(5, 'z', `${len(2)}${str('m'.repeat(300))}${le(0, 8)}${str('n')}${le(0, 8)}`) +
      key(18, 'l', `${len(2)}${len(1)}${str('p'.repeat(700))}${len(2)}${str(listpack(['a', 'b']))}`),
  );
  const whole = read(text);
  expect(whole.error).toBeUndefined();
  for (const blockBytes of [1, 7, 64, 500]) expect(read(text, blockBytes)).toEqual(whole);
  const input = inputOf('dump.rdb', new MemorySource(bytes(text), 32), 'rdb');
  const keys: string[] = [];
  for (const event of input.events()) {
    if (event.kind !== 'rdb-entry') continue;
    keys.push(event.key.asText());
    if (event.value.kind === 'zset') for (const _ of event.value.elements) break;
  }
  expect(keys).toEqual(['h', 'z', 'l']);
});

test('commands may follow an image that is the preamble of an AOF', () => {
  const aux = `${opcode(250)}${str('aof-preamble')}\xc0\x01`;
  const { events, error } = read(`${image(aux + SMALL)}*1\r\n$4\r\nPING\r\n`);
  expect(error).toBeUndefined();
  expect(events.at(-1)).toEqual([0, 0, 'PING']);
});

test('version without a checksum', () => {
  expect(read(`REDIS0004${SMALL}\xff`).error).toBeUndefined();
  expect(withChecksum('')).toBe('\0'.repeat(8));
});
