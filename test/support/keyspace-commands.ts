import type { Random } from '#slablab/src/base/index.js';

type Words = readonly string[];

/**
 * Commands that make keys of every type and encoding, small and large, grown, shrunk and overwritten. Nothing is left to
 * a server's dice or clock, so that all servers have the same keys.
 */
export function* keyspaceCommands(random: Random, rounds = 40): Generator<Words> {
  const text = (most: number) => 'v'.repeat(1 + random.below(most));
  for (let round = 0; round < rounds; round++) {
    const key = (type: string) => `${type}:${'n'.repeat(random.below(60))}${round}`;
    const isLarge = round % 4 === 3;
    const count = isLarge ? 200 + random.below(800) : 1 + random.below(60);
    const most = isLarge ? 120 : 30;
    yield ['SET', key('integer'), `${random.below(1e6)}`];
    yield ['SET', key('string'), text(2 ** (1 + random.below(17)))];
    yield ['SET', key('expiring'), text(50), 'EX', '10000'];
    const grown = key('appended');
    for (let left = 4; left > 0; left--) yield ['APPEND', grown, text(200)];
    const list = key('list');
    for (let at = 0; at < count; at++) yield ['RPUSH', list, text(most), text(most)];
    yield ['LPUSH', list, text(isLarge ? 20_000 : 20)];
    yield ['LTRIM', list, '0', `${count}`];
    const set = key('set');
    for (let at = 0; at < count; at++) yield ['SADD', set, `member:${at}:${text(most)}`];
    const intset = key('intset');
    for (let at = 0; at < count; at++) yield ['SADD', intset, `${random.below(isLarge ? 2 ** 31 : 30_000)}`];
    const hash = key('hash');
    for (let at = 0; at < count; at++) yield ['HSET', hash, `field:${at}`, text(most)];
    for (let at = 0; at < count; at += 5) yield ['HDEL', hash, `field:${at}`];
    const sorted = key('zset');
    for (let at = 0; at < count; at++)
      yield ['ZADD', sorted, `${random.below(1e6)}.5`, `member:${at}:${text(most)}`];
    // Tables that are being moved are moved to the end: which of their buckets are empty is the server's dice.
    for (let at = 0; at < count; at++) {
      yield ['SISMEMBER', set, 'nobody'];
      yield ['HEXISTS', hash, 'nobody'];
      yield ['ZSCORE', sorted, 'nobody'];
    }
    yield* streamCommands(key('stream'), count, text);
  }
}

function* streamCommands(stream: string, count: number, text: (most: number) => string): Generator<Words> {
  for (let at = 1; at <= count; at++) {
    yield ['XADD', stream, `${1_700_000_000_000 + at * 977}-0`, 'field', text(90), 'other', text(40)];
  }
  for (const group of ['readers', 'writers']) {
    yield ['XGROUP', 'CREATE', stream, group, '0'];
    for (const consumer of ['alice', 'bob-with-a-longer-name']) {
      yield [
        'XREADGROUP',
        'GROUP',
        group,
        consumer,
        'COUNT',
        `${Math.ceil(count / 3)}`,
        'STREAMS',
        stream,
        '>',
      ];
    }
  }
  yield ['XTRIM', stream, 'MAXLEN', `${Math.ceil(count * 0.8)}`];
}
