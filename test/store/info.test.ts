import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asking, START_MS } from './support.js';

/** The fields that real servers have in INFO, by server and section, as recorded right after their starts. */
const RECORDED = JSON.parse(readFileSync(new URL('info-fields.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>;

/** The fields of the build, of the process and of defragmentation, which the store does not have. */
const LEFT_OUT = new Set([
  ...['redis_build_id', 'monotonic_clock', 'multiplexing_api', 'atomicvar_api', 'gcc_version', 'process_id'],
  ...['process_supervised', 'executable', 'config_file', 'listener0'],
]);

describe.each(Object.entries(RECORDED))('%s', (server, sections) => {
  const { connect, ask } = asking(server.split('.').slice(0, 2).join('.'));

  test.each(Object.entries(sections))('INFO %s has its fields, in their order', (section, names) => {
    const said = [...ask(connect(), 'INFO', section).matchAll(/^(\w+):/gm)].map(([, name]) => name);
    const expected = names.split(' ').filter((name) => !LEFT_OUT.has(name) && !/active_defrag/.test(name));
    expect(said).toEqual(expected);
  });
});

/** The lines of CLIENT LIST of clients that had just connected, without addresses, file descriptors and times. */
const LINES = {
  'redis-7.0':
    'flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=26 qbuf-free=20448 argv-mem=10 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=37658 events=r cmd=client|list user=default redir=-1 resp=2',
  'redis-8.6':
    'flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=26 qbuf-free=20448 argv-mem=10 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=38170 events=r cmd=client|list user=default redir=-1 resp=2 lib-name= lib-ver= io-thread=0 tot-net-in=26 tot-net-out=0 tot-cmds=0',
  'valkey-8.0':
    'flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=0 qbuf-free=0 argv-mem=10 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=17306 events=r cmd=client|list user=default redir=-1 resp=2 lib-name= lib-ver= tot-net-in=26 tot-net-out=0 tot-cmds=0',
  'valkey-9.1':
    'flags=N capa= db=0 sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=0 qbuf-free=0 argv-mem=10 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=17050 events=r cmd=client|list user=default redir=-1 resp=2 lib-name= lib-ver= tot-net-in=26 tot-net-out=0 tot-cmds=0',
};

test.each(Object.entries(LINES))('%s: CLIENT LIST is as recorded', (version, line) => {
  const { connect, ask } = asking(version);
  const said = ask(connect(), 'CLIENT', 'LIST');
  expect(said.trimEnd().replace(/^.*? (?=flags=)/s, '')).toBe(line);
  expect(said).toMatch(/id=1 addr=127\.0\.0\.1:0 laddr=\S+ fd=-1 name= age=0 idle=0 flags=/);
});

test('INFO counts what was found, missed, expired and evicted', () => {
  const { connect, ask, askWith, wait } = asking();
  const session = connect();
  ask(session, 'SET', 'a', '1', 'PX', '5');
  ask(session, 'GET', 'a');
  wait(100);
  ask(session, 'GET', 'a');
  ask(session, 'SET', 'b', '1');
  askWith(session, { evicted: [{ database: 0, name: Buffer.from('b') }] }, 'PING');
  const stats = () => ask(session, 'INFO', 'stats');
  expect(stats()).toMatch(
    /\r\nexpired_keys:1\r\n.*evicted_keys:1\r\n.*keyspace_hits:1\r\nkeyspace_misses:1\r\n/s,
  );
  ask(session, 'CONFIG', 'RESETSTAT');
  expect(stats()).toMatch(/\r\nevicted_keys:0\r\n.*keyspace_hits:0\r\nkeyspace_misses:0\r\n/s);
});

/** What servers counted for calls whose waits ended at their time, and by CLIENT UNBLOCK without and with ERROR. */
test.each([
  ['redis-7.0', 'failed_calls=1', 'failed_calls=1'],
  ['redis-8.0', 'failed_calls=0', 'failed_calls=1'],
  ['redis-8.6', 'failed_calls=0', 'failed_calls=1'],
  ['valkey-8.0', 'failed_calls=0', 'failed_calls=1'],
  ['valkey-8.1', 'failed_calls=0', 'rejected_calls=1,failed_calls=0'],
  ['valkey-9.1', 'failed_calls=0', 'rejected_calls=1,failed_calls=0'],
])('%s: a call that waited in vain is counted when its wait ends', (version, unblocked, withError) => {
  const { answers, connect, ask } = asking(version);
  const [waiting, other] = [connect(), connect()];
  const counted = () => /cmdstat_blpop:(calls=.*)\r/.exec(ask(other, 'INFO', 'commandstats'))?.[1] ?? '';
  ask(waiting, 'BLPOP', 'k', '0.01');
  expect(counted()).toBe('');
  answers.timeOut(START_MS + 1000);
  expect(counted()).toMatch(/^calls=1,.*rejected_calls=0,failed_calls=0$/);
  for (const [words, expected] of [
    [[], unblocked],
    [['ERROR'], withError],
  ] as const) {
    ask(other, 'CONFIG', 'RESETSTAT');
    ask(waiting, 'BLPOP', 'k', '0');
    ask(other, 'CLIENT', 'UNBLOCK', `${waiting.id}`, ...words);
    expect(counted()).toMatch(/^calls=1,/);
    expect(counted().endsWith(expected), counted()).toBe(true);
  }
});
