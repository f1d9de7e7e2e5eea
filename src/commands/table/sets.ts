import type { CommandRow } from '../command-row.js';

/** Commands on sets. */
export const SETS: readonly CommandRow[] = [
  { name: 'sadd', arity: -3, flags: 'write denyoom fast', keys: [1, 1, 1] },
  { name: 'scard', arity: 2, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'sdiff', arity: -2, flags: 'readonly', keys: [1, -1, 1] },
  { name: 'sdiffstore', arity: -3, flags: 'write denyoom', keys: [1, -1, 1] },
  { name: 'sinter', arity: -2, flags: 'readonly', keys: [1, -1, 1] },
  { name: 'sintercard', arity: -3, flags: 'readonly movablekeys', movable: { countAt: 1 } },
  { name: 'sinterstore', arity: -3, flags: 'write denyoom', keys: [1, -1, 1] },
  { name: 'sismember', arity: 3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'smembers', arity: 2, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'smismember', arity: -3, flags: 'readonly fast', keys: [1, 1, 1] },
  { name: 'smove', arity: 4, flags: 'write fast', keys: [1, 2, 1] },
  { name: 'spop', arity: -2, flags: 'write fast', keys: [1, 1, 1] },
  { name: 'srandmember', arity: -2, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'srem', arity: -3, flags: 'write fast', keys: [1, 1, 1] },
  { name: 'sscan', arity: -3, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'sunion', arity: -2, flags: 'readonly', keys: [1, -1, 1] },
  { name: 'sunionstore', arity: -3, flags: 'write denyoom', keys: [1, -1, 1] },
];
