import type { CommandChange, CommandRow } from '../command-row.js';
import type { Since } from '../release.js';

/** The release that moves the keys of slots by itself. */
const MIGRATIONS: Since = { valkey: '9.0' };
const LOADING_IN_VALKEY: readonly CommandChange[] = [{ since: { valkey: '8.0' }, adds: 'loading' }];

/** Commands in cluster mode. */
export const CLUSTER: readonly CommandRow[] = [
  { name: 'asking', arity: 1, flags: 'fast', connection: 'lasting' },
  { name: 'cluster', arity: -2 },
  { name: 'cluster|addslots', arity: -3, flags: 'admin stale no_async_loading' },
  { name: 'cluster|addslotsrange', arity: -4, flags: 'admin stale no_async_loading' },
  { name: 'cluster|bumpepoch', arity: 2, flags: 'admin stale no_async_loading' },
  { name: 'cluster|count-failure-reports', arity: 3, flags: 'admin stale' },
  { name: 'cluster|countkeysinslot', arity: 3, flags: 'stale' },
  { name: 'cluster|delslots', arity: -3, flags: 'admin stale no_async_loading' },
  { name: 'cluster|delslotsrange', arity: -4, flags: 'admin stale no_async_loading' },
  { name: 'cluster|failover', arity: -2, flags: 'admin stale no_async_loading' },
  { name: 'cluster|flushslots', arity: 2, flags: 'admin stale no_async_loading' },
  { name: 'cluster|forget', arity: 3, flags: 'admin stale no_async_loading' },
  { name: 'cluster|getkeysinslot', arity: 4, flags: 'stale' },
  { name: 'cluster|help', arity: 2, flags: 'loading stale' },
  { name: 'cluster|info', arity: 2, flags: 'stale', changes: LOADING_IN_VALKEY },
  { name: 'cluster|keyslot', arity: 3, flags: 'stale' },
  { name: 'cluster|links', arity: 2, flags: 'stale' },
  { name: 'cluster|meet', arity: -4, flags: 'admin stale no_async_loading' },
  {
    name: 'cluster|migration',
    arity: -4,
    flags: 'admin stale no_async_loading',
    since: { redis: '8.4' },
  },
  { name: 'cluster|myid', arity: 2, flags: 'stale', changes: LOADING_IN_VALKEY },
  { name: 'cluster|myshardid', arity: 2, flags: 'stale', since: '7.2', changes: LOADING_IN_VALKEY },
  { name: 'cluster|nodes', arity: 2, flags: 'stale', changes: LOADING_IN_VALKEY },
  { name: 'cluster|replicas', arity: 3, flags: 'admin stale' },
  {
    name: 'cluster|replicate',
    arity: 3,
    flags: 'admin stale no_async_loading',
    changes: [{ since: { valkey: '9.0' }, arity: -3 }],
  },
  { name: 'cluster|reset', arity: -2, flags: 'admin noscript stale' },
  { name: 'cluster|saveconfig', arity: 2, flags: 'admin stale no_async_loading' },
  { name: 'cluster|set-config-epoch', arity: 3, flags: 'admin stale no_async_loading' },
  { name: 'cluster|setslot', arity: -4, flags: 'admin stale no_async_loading' },
  { name: 'cluster|shards', arity: 2, flags: 'stale', changes: [{ since: '7.2', adds: 'loading' }] },
  { name: 'cluster|slaves', arity: 3, flags: 'admin stale' },
  { name: 'cluster|slot-stats', arity: -4, flags: 'loading stale', since: { redis: '8.2', valkey: '8.0' } },
  { name: 'cluster|slots', arity: 2, flags: 'stale', changes: [{ since: '7.2', adds: 'loading' }] },
  {
    name: 'cluster|cancelslotmigrations',
    arity: 2,
    flags: 'admin stale no_async_loading',
    since: MIGRATIONS,
  },
  { name: 'cluster|flushslot', arity: -3, flags: 'admin write no_async_loading', since: MIGRATIONS },
  { name: 'cluster|getslotmigrations', arity: 2, flags: 'admin stale no_async_loading', since: MIGRATIONS },
  { name: 'cluster|migrateslots', arity: -4, flags: 'admin stale no_async_loading', since: MIGRATIONS },
  {
    name: 'cluster|syncslots',
    arity: -3,
    flags: 'admin stale no_async_loading',
    since: { redis: '8.4', valkey: '9.0' },
  },
  { name: 'clusterscan', arity: -2, flags: 'readonly', keys: [1, 1, 1], since: { valkey: '9.1' } },
  { name: 'readonly', arity: 1, flags: 'loading stale fast', connection: 'lasting' },
  { name: 'readwrite', arity: 1, flags: 'loading stale fast', connection: 'lasting' },
];
