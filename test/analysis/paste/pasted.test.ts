import { describe, expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';
import { inTwo, recorded, recordedInfo } from '../recorded.js';

const NAME = 'fragmented-debian';

function explainText(...texts: string[]) {
  return explain(
    texts.map((text, index) => ({ name: texts.length === 1 ? 'input' : `${index + 1}.txt`, text })),
  );
}

/** As redis-cli --no-raw quotes a string. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\\u0000', '\\x00');
}

describe('the same answer, however it was pasted', () => {
  test.each([
    ['two files', (info: string, stats: string) => [info, stats]],
    ['two files, the other way round', (info: string, stats: string) => [stats, info]],
    ['one stream, the statistics first', (info: string, stats: string) => [`${stats}\n${info}`]],
    ['Unix line ends', (info: string, stats: string) => [(info + stats).replaceAll('\r', '')]],
    ['DOS line ends', (info: string, stats: string) => [(info + stats).replaceAll(/\r?\n/g, '\r\n')]],
    ['a byte order mark', (info: string, stats: string) => [`\uFEFF${info}${stats}`]],
    ['quoted by redis-cli', (info: string, stats: string) => [`${quoted(info)}\n${quoted(stats)}\n`]],
    [
      'a session',
      (info: string, stats: string) => [
        `127.0.0.1:6379> INFO\n${info}\n127.0.0.1:6379> memory malloc-stats\n${stats}\n127.0.0.1:6379> \n`,
      ],
    ],
    [
      'the protocol itself',
      (info: string, stats: string) => [
        `$${info.length}\r\n${info}\r\n=${stats.length + 4}\r\ntxt:${stats}\r\n`,
      ],
    ],
  ])('%s', async (_, paste) => {
    const { info, stats } = await inTwo(NAME);
    expect(explainText(...paste(info, stats))).toEqual(explainText(info + stats));
  });

  test('lines of something else are told', async () => {
    const text = `1) "activedefrag"\n2) "no"\n${await recorded(NAME)}`;
    expect(explainText(text).notes).toEqual([{ kind: 'left-out', lines: 2, first: '1) "activedefrag"' }]);
  });
});

describe('what cannot be explained: where, what, and what to give instead', () => {
  test.each([
    ['nothing', '', 'input: empty; give what `redis-cli INFO memory` prints'],
    ['blank lines', '\n \r\n', 'input: empty'],
    ['prose', 'The server is slow today\n', 'input: no INFO in it: no line `used_memory:…`; give all that'],
    [
      'another program',
      'MemTotal: 1 kB\nMemFree: 2 kB\n',
      'no line `used_memory:…`, but `MemTotal`, `MemFree`; give',
    ],
    [
      'INFO clients',
      '# Clients\r\nconnected_clients:1\r\n',
      'INFO without its Memory section (no `used_memory`); give',
    ],
    ['binary data', 'used_memory:1\n\0\0', 'input, line 2: binary data, not text; give what'],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x75, 0xff, 0xfe]).toString('utf8'),
      'input, line 1: binary data',
    ],
    ['no number', 'used_memory:much\nused_memory_rss:more\n', '`used_memory:much` is no number of bytes'],
  ])('%s', (_, text, message) => {
    expect(() => explainText(text)).toThrow(message);
  });

  test('a program on another allocator', () => {
    expect(() =>
      explainText('server.memory_allocated: 16697176\nserver.memory_heap_size: 17301504000\n'),
    ).toThrow('Envoy runs on tcmalloc and not on jemalloc');
  });

  test('two servers', async () => {
    const { info, stats } = await inTwo(NAME);
    expect(() => explainText(info, info)).toThrow(
      /2\.txt, line \d+: a second INFO memory \(the first: 1\.txt, line/,
    );
    expect(() => explainText(info + stats, stats)).toThrow('2.txt, line 1: a second MEMORY MALLOC-STATS');
  });

  test('of two servers in one text nothing of the one counts for the other', async () => {
    const redis = await inTwo('fragmented-redis-7.2.6');
    const valkey = await inTwo('parked-valkey-8.0.1');
    const last = explainText(valkey.info + valkey.stats + redis.info + redis.stats);
    const alone = explainText(redis.info + redis.stats);
    expect(last.notes.map(({ kind }) => kind)).toEqual(['several', 'several']);
    expect({ ...last, notes: [] }).toEqual({ ...alone, notes: [] });
  });

  test("statistics of another process: another jemalloc's, or of another size", async () => {
    const { info } = await inTwo('fragmented-debian');
    const other = await inTwo('padding-redis-7.0.15');
    expect(() => explainText(info + other.stats)).toThrow(
      'INFO says `mem_allocator:jemalloc-5.3.0`, but the statistics are of jemalloc 5.2.1: they are another process',
    );
    const bigger = await inTwo('healthy-debian');
    expect(() => explainText(info + bigger.stats)).toThrow(
      /INFO says `allocator_allocated:\d+`, the statistics `Allocated: \d+`: they are of two processes, or of two/,
    );
    // Both hold about as much, and only one has holes.
    const pinned = await inTwo('fragmented-redis-7.2.6');
    const parked = await inTwo('parked-valkey-8.0.1');
    expect(() => explainText(pinned.info + parked.stats)).toThrow(
      'INFO says `allocator_active:106586112`, the statistics `active: 30605312`: they are of two processes, or of two',
    );
    const libc = await inTwo('libc-redis-7.2.6');
    expect(() => explainText(libc.info + bigger.stats)).toThrow(
      "but the statistics are jemalloc's: they are another",
    );
  });

  test('a server that cannot see its RSS', async () => {
    const info = (await recordedInfo(NAME)).replace(/used_memory_rss:\d+/, 'used_memory_rss:0');
    expect(() => explainText(info)).toThrow('the server cannot see its own RSS, so it cannot be split');
  });
});
