import type { CommandRow } from '../command-row.js';
import type { Since } from '../release.js';

const FIELD_EXPIRY: Since = { redis: '7.4', valkey: '9.0' };

/** Commands on hashes. */
export const HASHES: readonly CommandRow[] = [
  { name: 'hdel', arity: -3, flags: 'write fast', keys: [1, 1, 1] },
  { name: 'hexists', arity: 3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'hexpire', arity: -6, flags: 'write fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hexpireat', arity: -6, flags: 'write fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hexpiretime', arity: -5, flags: 'readonly fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hget', arity: 3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'hgetall', arity: 2, flags: 'readonly', keys: [1, 1, 1] },
  {
    name: 'hgetdel',
    arity: -5,
    flags: 'write fast',
    keys: [1, 1, 1],
    since: { redis: '8.0', valkey: '9.1' },
  },
  { name: 'hgetex', arity: -5, flags: 'write fast', keys: [1, 1, 1], since: { redis: '8.0', valkey: '9.0' } },
  { name: 'hincrby', arity: 4, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'hincrbyfloat', arity: 4, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'hkeys', arity: 2, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'hlen', arity: 2, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'hmget', arity: -3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'hmset', arity: -4, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'hpersist', arity: -5, flags: 'write fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hpexpire', arity: -6, flags: 'write fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hpexpireat', arity: -6, flags: 'write fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hpexpiretime', arity: -5, flags: 'readonly fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hpttl', arity: -5, flags: 'readonly fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hrandfield', arity: -2, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'hscan', arity: -3, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'hset', arity: -4, flags: 'write denyoom fast', keys: [1, 1, 1] },
  {
    name: 'hsetex',
    arity: -6,
    flags: 'write denyoom fast',
    keys: [1, 1, 1],
    since: { redis: '8.0', valkey: '9.0' },
  },
  { name: 'hsetnx', arity: 4, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'hstrlen', arity: 3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'httl', arity: -5, flags: 'readonly fast', keys: [1, 1, 1], since: FIELD_EXPIRY },
  { name: 'hvals', arity: 2, flags: 'readonly', keys: [1, 1, 1] },
];
