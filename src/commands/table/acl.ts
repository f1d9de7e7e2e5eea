import type { CommandRow } from '../command-row.js';

/** Access control lists. */
export const ACCESS: readonly CommandRow[] = [
  { name: 'acl', arity: -2 },
  { name: 'acl|cat', arity: -2, flags: 'noscript loading stale' },
  { name: 'acl|deluser', arity: -3, flags: 'admin noscript loading stale' },
  { name: 'acl|dryrun', arity: -4, flags: 'admin noscript loading stale' },
  { name: 'acl|genpass', arity: -2, flags: 'noscript loading stale' },
  { name: 'acl|getuser', arity: 3, flags: 'admin noscript loading stale' },
  { name: 'acl|help', arity: 2, flags: 'loading stale' },
  { name: 'acl|list', arity: 2, flags: 'admin noscript loading stale' },
  { name: 'acl|load', arity: 2, flags: 'admin noscript loading stale' },
  { name: 'acl|log', arity: -2, flags: 'admin noscript loading stale' },
  { name: 'acl|save', arity: 2, flags: 'admin noscript loading stale' },
  { name: 'acl|setuser', arity: -3, flags: 'admin noscript loading stale' },
  { name: 'acl|users', arity: 2, flags: 'admin noscript loading stale' },
  { name: 'acl|whoami', arity: 2, flags: 'noscript loading stale' },
];
