import { describe, expect, test } from 'vitest';
import { parseServerSettings } from '#slablab/src/model/index.js';
import { newServer } from '../../support/redis.js';

describe('CONFIG SET', () => {
  test('all settings of one command, or none', () => {
    const { server, execute } = newServer();
    execute('CONFIG', 'SET', 'maxmemory', '10mb', 'hash-max-listpack-entries', '7');
    expect([server.settings.maxmemory, server.settings.hashMaxListpackEntries]).toEqual([10 * 1024 ** 2, 7]);
    execute('CONFIG', 'SET', 'maxmemory', '20mb', 'hash-max-listpack-entries', 'many');
    expect([server.settings.maxmemory, server.settings.hashMaxListpackEntries]).toEqual([10 * 1024 ** 2, 7]);
    execute('CONFIG', 'SET', 'maxmemory');
    expect(server.settings.maxmemory).toBe(10 * 1024 ** 2);
  });

  test.each([
    ['maxmemory-samples', '0'],
    ['active-expire-effort', '11'],
    ['set-max-intset-entries', '-1'],
    ['list-max-listpack-size', '-6'],
  ])('%s takes no %s', (name, value) => {
    const { server, execute } = newServer();
    const before = JSON.stringify(server.settings);
    execute('CONFIG', 'SET', name, value);
    expect(JSON.stringify(server.settings)).toBe(before);
  });

  test('hz stays from 1 to 500, as a server keeps it', () => {
    const { server, execute } = newServer();
    execute('CONFIG', 'SET', 'hz', '0');
    expect(server.settings.hz).toBe(1);
    execute('CONFIG', 'SET', 'hz', '9999');
    expect(server.settings.hz).toBe(500);
  });

  test.each(['stop-writes-on-bgsave-error', 'client-query-buffer-limit', 'rdbcompression'])(
    '%s changes no memory that is modelled',
    (name) => {
      const { server, execute } = newServer();
      execute('CONFIG', 'SET', name, 'no');
      expect([...server.unknown.counts]).toEqual([]);
    },
  );

  test('what is not modelled is counted; what changes no memory is not', () => {
    const { server, execute } = newServer();
    execute('CONFIG', 'SET', 'appendonly', 'yes');
    execute('CONFIG', 'SET', 'maxclients', '20000');
    execute('CONFIG', 'SET', 'list-compress-depth', '1');
    execute('CONFIG', 'SET', 'loglevel', 'debug');
    expect([...server.unknown.counts.keys()]).toEqual([
      'CONFIG SET APPENDONLY',
      'CONFIG SET MAXCLIENTS',
      'CONFIG SET LIST-COMPRESS-DEPTH (LISTS ARE NOT COMPRESSED)',
    ]);
    expect(() => parseServerSettings(['list-compress-depth=1'])).toThrow(/would not take/);
  });

  test('a new limit holds for what comes: a hash converts, an intset, a list', () => {
    const { execute, operations } = newServer();
    execute('HSET', 'h', 'a', '1', 'b', '2');
    execute('SADD', 's', '1', '2', '3');
    execute('CONFIG', 'SET', 'hash-max-listpack-entries', '2', 'set-max-intset-entries', '3');
    operations();
    execute('HSET', 'h', 'c', '3');
    expect(operations().some((line) => line.includes('(bucket array)'))).toBe(true);
  });
});

test('each part of CONFIG has a histogram; RESETSTAT frees them all', () => {
  const { server, execute, operations, liveBytes } = newServer();
  const histograms = () =>
    operations()
      .filter((line) => line.includes('24576 (command statistics)'))
      .map((line) => line.split(' ')[0]);
  execute('PING');
  operations();
  execute('CONFIG', 'GET', 'hz');
  execute('CONFIG', 'GET', 'maxmemory');
  execute('CONFIG', 'SET', 'hz', '20');
  expect(histograms()).toEqual(['calloc', 'calloc']);
  execute('CONFIG', 'RESETSTAT');
  expect(histograms()).toEqual(['free', 'free', 'free', 'calloc']);
  expect(liveBytes()).toBe(server.heap.used);
});
