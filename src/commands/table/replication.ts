import type { CommandRow } from '../command-row.js';

/** Commands between a primary and its replicas. */
export const REPLICATION: readonly CommandRow[] = [
  { name: 'failover', arity: -1, flags: 'admin noscript stale' },
  {
    name: 'psync',
    arity: -3,
    flags: 'admin noscript no_async_loading no_multi',
    connection: 'lasting',
    reply: 'stream',
  },
  { name: 'replconf', arity: -1, flags: 'admin noscript loading stale allow_busy', connection: 'lasting' },
  { name: 'replicaof', arity: 3, flags: 'admin noscript stale no_async_loading' },
  { name: 'role', arity: 1, flags: 'noscript loading stale fast' },
  { name: 'slaveof', arity: 3, flags: 'admin noscript stale no_async_loading' },
  {
    name: 'sync',
    arity: 1,
    flags: 'admin noscript no_async_loading no_multi',
    connection: 'lasting',
    reply: 'stream',
  },
  {
    name: 'wait',
    arity: 3,
    flags: 'noscript',
    changes: [
      { since: '7.2', drops: 'noscript' },
      { since: { redis: '8.0', valkey: '8.0' }, adds: 'blocking' },
    ],
    connection: 'lasting',
  },
  {
    name: 'waitaof',
    arity: 4,
    flags: 'noscript',
    since: '7.2',
    changes: [{ since: { redis: '8.0', valkey: '8.0' }, drops: 'noscript', adds: 'blocking' }],
    connection: 'lasting',
  },
];
