import type { CommandRow } from '../command-row.js';

/** Commands on places, which are kept in sorted sets. */
export const GEO: readonly CommandRow[] = [
  { name: 'geoadd', arity: -5, flags: 'write denyoom', keys: [1, 1, 1] },
  { name: 'geodist', arity: -4, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'geohash', arity: -2, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'geopos', arity: -2, flags: 'readonly', keys: [1, 1, 1] },
  {
    name: 'georadius',
    arity: -6,
    flags: 'write denyoom movablekeys',
    keys: [1, 1, 1],
    movable: { words: ['STORE', 'STOREDIST'] },
  },
  { name: 'georadius_ro', arity: -6, flags: 'readonly', keys: [1, 1, 1] },
  {
    name: 'georadiusbymember',
    arity: -5,
    flags: 'write denyoom movablekeys',
    keys: [1, 1, 1],
    movable: { words: ['STORE', 'STOREDIST'] },
  },
  { name: 'georadiusbymember_ro', arity: -5, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'geosearch', arity: -7, flags: 'readonly', keys: [1, 1, 1] },
  { name: 'geosearchstore', arity: -8, flags: 'write denyoom', keys: [1, 2, 1] },
];
