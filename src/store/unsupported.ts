/** Commands that a server has and that nothing here carries out: what waits, what publishes, scripts, replication. */
export const UNSUPPORTED: ReadonlySet<string> = new Set([
  ...['blpop', 'brpop', 'blmove', 'blmpop', 'brpoplpush', 'bzpopmin', 'bzpopmax', 'bzmpop'],
  ...['subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'ssubscribe', 'sunsubscribe', 'pubsub'],
  ...['eval', 'eval_ro', 'evalsha', 'evalsha_ro', 'script', 'fcall', 'fcall_ro', 'function'],
  ...['dump', 'restore', 'restore-asking', 'migrate', 'sync', 'psync', 'replconf', 'replicaof', 'slaveof'],
  ...['acl', 'asking', 'bgrewriteaof', 'bgsave', 'cluster', 'failover', 'latency', 'lolwut', 'memory'],
  ...['module', 'monitor', 'pfdebug', 'pfselftest', 'readonly', 'readwrite', 'save', 'shutdown', 'waitaof'],
  ...['client|kill', 'client|pause', 'client|tracking', 'client|trackinginfo', 'client|caching'],
  ...['client|unblock', 'client|help', 'config|help', 'command|help', 'command|getkeys'],
  ...['command|getkeysandflags', 'object|help', 'slowlog|help', 'xgroup|help', 'xinfo|help'],
]);
