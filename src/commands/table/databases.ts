import type { CommandRow } from '../command-row.js';

/** Commands on whole databases, and transactions. */
export const DATABASES: readonly CommandRow[] = [
  { name: 'dbsize', arity: 1, flags: 'readonly fast' },
  {
    name: 'discard',
    arity: 1,
    flags: 'noscript loading stale fast allow_busy',
    connection: 'lasting',
    runsInMulti: true,
  },
  {
    name: 'exec',
    arity: 1,
    flags: 'noscript loading stale skip_slowlog',
    changes: [{ since: { valkey: '8.1' }, drops: 'skip_slowlog', adds: 'skip_commandlog' }],
    connection: 'lasting',
    runsInMulti: true,
  },
  { name: 'flushall', arity: -1, flags: 'write' },
  { name: 'flushdb', arity: -1, flags: 'write' },
  {
    name: 'multi',
    arity: 1,
    flags: 'noscript loading stale fast allow_busy',
    changes: [{ since: { valkey: '8.0' }, adds: 'no_multi' }],
    connection: 'lasting',
    runsInMulti: true,
  },
  {
    name: 'select',
    arity: 2,
    flags: 'loading stale fast',
    changes: [{ since: { valkey: '9.1' }, adds: 'allow_busy' }],
    connection: 'lasting',
  },
  { name: 'swapdb', arity: 3, flags: 'write fast' },
  { name: 'unwatch', arity: 1, flags: 'noscript loading stale fast allow_busy', connection: 'lasting' },
  {
    name: 'watch',
    arity: -2,
    flags: 'noscript loading stale fast allow_busy',
    keys: [1, -1, 1],
    changes: [{ since: { valkey: '8.0' }, adds: 'no_multi' }],
    connection: 'lasting',
    runsInMulti: true,
  },
];
