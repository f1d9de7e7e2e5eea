import { describe, expect, test } from 'vitest';
import { parseStep, processesOf } from '#slablab/src/remedy/index.js';

const parse = (text: string) => parseStep(text, '--then');

describe('a step in words', () => {
  test.each([
    ['unlink session:*', { kind: 'delete', command: 'UNLINK', pattern: 'session:*' }],
    ['  DEL   a b*  ', { kind: 'delete', command: 'DEL', pattern: 'a b*' }],
    ['expire cart:* 60s', { kind: 'expire', pattern: 'cart:*', ms: 60_000 }],
    ['expire a b 1.5m', { kind: 'expire', pattern: 'a b', ms: 90_000 }],
    ['flushdb', { kind: 'flush', command: 'FLUSHDB' }],
    ['FLUSHALL', { kind: 'flush', command: 'FLUSHALL' }],
    ['purge', { kind: 'purge' }],
    ['restart', { kind: 'restart' }],
    ['activedefrag', { kind: 'activedefrag' }],
    ['wait 500ms', { kind: 'wait', ms: 500 }],
    ['wait 30d', { kind: 'wait', ms: 2_592_000_000 }],
    ['server valkey-9.1', { kind: 'server', server: 'valkey-9.1' }],
    ['build q4', { kind: 'build', build: 'q4' }],
    ['conf dirty_decay_ms:0,tcache:false', { kind: 'conf', conf: 'dirty_decay_ms:0,tcache:false' }],
    ['set Hash-Max-Listpack-Entries=128', { kind: 'set', name: 'hash-max-listpack-entries', value: '128' }],
    ['set cluster-enabled=yes', { kind: 'set', name: 'cluster-enabled', value: 'yes' }],
    ['set replicas=2', { kind: 'set', name: 'replicas', value: '2' }],
    ['MEMORY PURGE', { kind: 'purge' }],
    [
      'config set maxmemory-policy volatile-ttl',
      { kind: 'set', name: 'maxmemory-policy', value: 'volatile-ttl' },
    ],
    ['CONFIG SET activedefrag yes', { kind: 'activedefrag' }],
    ['set activedefrag=yes', { kind: 'set', name: 'activedefrag', value: 'yes' }],
    ['set stream-idmp-maxsize=10', { kind: 'set', name: 'stream-idmp-maxsize', value: '10' }],
    ['input a file.aof', { kind: 'input', path: 'a file.aof' }],
  ])('%s', (text, step) => {
    expect(parse(text)).toMatchObject(step);
    // The text of a step is the step again.
    const { text: normal } = parse(text);
    expect(parse(normal)).toEqual(parse(text));
  });

  test.each([
    ['', 'says nothing'],
    ['frob x', '`frob` is not a step'],
    ['unlnk session:*', "did you mean 'unlink PATTERN'?"],
    ['__proto__', 'is not a step'],
    ['delete session:*', "did you mean 'unlink PATTERN'?"],
    ['upgrade', "did you mean 'server NAME'?"],
    ['DEBUG RELOAD', "did you mean 'restart'?"],
    ['memory doctor', "did you mean 'purge'?"],
    ['dirty_decay_ms:0', "did you mean 'conf dirty_decay_ms:0'?"],
    ['maxmemory 1gb', "did you mean 'set maxmemory=VALUE'?"],
    ['hz=100', "did you mean 'set hz=100'?"],
    ['set jemalloc-bg-thread=yes', 'background threads of jemalloc do not exist in the lab'],
    ['config set save ""', '`save` changes none of the memory'],
    ['set maxmemory-policy=lru', '`lru` is not a value of `maxmemory-policy`'],
    ['unlink', 'needs a pattern of keys'],
    ['expire cart:*', 'needs a pattern of keys and a time'],
    ['expire cart:* soon', '`soon` is not a time'],
    ['wait', 'needs how long'],
    ['wait 10', '`10` is not a time'],
    ['wait 0s', '`0s` is not a time'],
    ['wait 31d', '`31d` is not a time'],
    ['purge now', '`purge` takes nothing after it'],
    ['server redis-7', '`redis-7` is not a server version; did you mean'],
    ['build q5', '`q5` is not a build'],
    ['conf', 'needs options of jemalloc'],
    ['set maxmemory', 'write it as name=value'],
    ['set maxmemori=1gb', 'did you mean `maxmemory`?'],
    ['set maxmemory=much', 'CONFIG SET maxmemory would not take `much`'],
    ['input', 'needs a file of commands'],
  ])('%j is refused, with its place and a remedy', (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
    expect(() => parse(text)).toThrow(`--then '${text}': `);
  });
});

test('steps are divided at those that need a new process', () => {
  const setup = { server: 'redis-7.2', build: 'q3', conf: 'tcache:false', settings: {} };
  const steps = [
    'purge',
    'set maxmemory=1gb',
    'server valkey-8.0',
    'purge',
    'conf dirty_decay_ms:0',
    'set replicas=1',
  ];
  const processes = processesOf(setup, steps.map(parse));
  const settings = { maxmemory: '1gb' };
  const conf = 'tcache:false,dirty_decay_ms:0';
  expect(processes.map(({ setup, startedBy, steps }) => [setup, startedBy?.text, steps.length])).toEqual([
    [setup, undefined, 2],
    [{ ...setup, server: 'valkey-8.0', settings }, 'server valkey-8.0', 1],
    [{ ...setup, server: 'valkey-8.0', settings, conf }, 'conf dirty_decay_ms:0', 0],
    [{ ...setup, server: 'valkey-8.0', conf, settings: { ...settings, replicas: '1' } }, 'set replicas=1', 0],
  ]);
});
