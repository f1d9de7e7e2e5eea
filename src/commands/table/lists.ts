import type { CommandChange, CommandRow } from '../command-row.js';

const FROM_SCRIPTS: readonly CommandChange[] = [{ since: '7.2', drops: 'noscript' }];

/** Commands on lists. */
export const LISTS: readonly CommandRow[] = [
  {
    name: 'blmove',
    arity: 6,
    flags: 'write denyoom noscript blocking',
    keys: [1, 2, 1],
    changes: FROM_SCRIPTS,
    connection: 'once',
  },
  {
    name: 'blmpop',
    arity: -5,
    flags: 'write blocking movablekeys',
    movable: { countAt: 2 },
    connection: 'once',
  },
  {
    name: 'blpop',
    arity: -3,
    flags: 'write noscript blocking',
    keys: [1, -2, 1],
    changes: FROM_SCRIPTS,
    connection: 'once',
  },
  {
    name: 'brpop',
    arity: -3,
    flags: 'write noscript blocking',
    keys: [1, -2, 1],
    changes: FROM_SCRIPTS,
    connection: 'once',
  },
  {
    name: 'brpoplpush',
    arity: 4,
    flags: 'write denyoom noscript blocking',
    keys: [1, 2, 1],
    changes: FROM_SCRIPTS,
    connection: 'once',
  },
  { name: 'lindex', arity: 3, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'linsert', arity: 5, flags: 'write denyoom', keys: [1, 1, 1] },
  { name: 'llen', arity: 2, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'lmove', arity: 5, flags: 'write denyoom', keys: [1, 2, 1] },
  { name: 'lmpop', arity: -4, flags: 'write movablekeys', movable: { countAt: 1 } },
  { name: 'lpop', arity: -2, flags: 'write fast', keys: [1, 1, 1] },
  { name: 'lpos', arity: -3, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'lpush', arity: -3, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'lpushx', arity: -3, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'lrange', arity: 4, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'lrem', arity: 4, flags: 'write', keys: [1, 1, 1] },
  { name: 'lset', arity: 4, flags: 'write denyoom', keys: [1, 1, 1] },
  { name: 'ltrim', arity: 4, flags: 'write', keys: [1, 1, 1] },
  { name: 'rpop', arity: -2, flags: 'write fast', keys: [1, 1, 1] },
  { name: 'rpoplpush', arity: 3, flags: 'write denyoom', keys: [1, 2, 1] },
  { name: 'rpush', arity: -3, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'rpushx', arity: -3, flags: 'write denyoom fast', keys: [1, 1, 1] },
];
