import { expect, test } from 'vitest';
import {
  rdbStatsSection,
  statMemoryLines,
  type TypeProfile,
  typeProfile,
} from '#slablab/src/analysis/index.js';
import { MemoryAccounts } from '#slablab/src/model/index.js';
import { newServer } from '../support/redis.js';

const NONE = { keys: 0, bytes: 0 };
/** The figures of the proposal's own example. */
const PUBLISHED: TypeProfile = {
  keys: 1523456,
  types: {
    string: { keys: 1200000, bytes: 1073741824 },
    list: NONE,
    set: NONE,
    zset: { keys: 23456, bytes: 213909504 },
    hash: { keys: 300000, bytes: 859832320 },
    stream: NONE,
  },
  userDataBytes: 2147483648,
  expiresBytes: 12582912,
  hashMetadataBytes: 0,
  keyspaceBytes: 48234496,
  clients: { normalBytes: 8388608, pubSubBytes: 0, replicaBytes: 0 },
  aofBufferBytes: 4194304,
  replicationBufferBytes: 67108864,
  replicationBacklogBytes: 134217728,
  serverBytes: 0,
  usedMemory: 0,
  otherLibrariesBytes: 0,
  kinds: [],
};

test('the log lines of BGSAVE STAT_MEMORY are those of the published example', () => {
  expect(statMemoryLines(PUBLISHED)).toEqual([
    'RDB object stats: total keys=1523456 mem_bytes=2147483648 | string=1200000/1073741824B hash=300000/859832320B zset=23456/213909504B',
    'RDB memory breakdown: kv[user=2147483648B expire=12582912B hash_meta=0B] user_meta[kvstore=48234496B clients=8388608B] sys[aof_buf=4194304B repl_buf=67108864B repl_backlog=134217728B]',
  ]);
});

test('an empty server has no types to name', () => {
  const memoryAccounts = new MemoryAccounts();
  newServer('redis-7.2', { accounts: memoryAccounts });
  const [objects, breakdown] = statMemoryLines(typeProfile(memoryAccounts.copy()));
  expect(objects).toBe('RDB object stats: total keys=0 mem_bytes=0 |');
  expect(breakdown).toMatch(/^RDB memory breakdown: kv\[user=0B expire=\d+B hash_meta=0B\]/);
});

test('INFO rdb_stats: all types, every figure of the breakdown, and nothing but the lines of a section', () => {
  const lines = rdbStatsSection(PUBLISHED).split('\r\n');
  expect(lines[0]).toBe('# Rdb_stats');
  expect(lines.at(-1)).toBe('');
  const fields = new Map(lines.slice(1, -1).map((line) => line.split(':') as [string, string]));
  expect(fields.get('rdb_stats_total_keys')).toBe('1523456');
  expect(fields.get('rdb_stats_hash')).toBe('keys=300000,bytes=859832320');
  expect(fields.get('rdb_stats_list')).toBe('keys=0,bytes=0');
  expect(fields.get('mem_um_clients_io')).toBe('8388608');
  expect(fields.get('mem_sys_repl_backlog')).toBe('134217728');
  expect(fields.size).toBe(2 + 6 + 8);
});
