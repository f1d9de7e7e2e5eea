/** The table has what COMMAND says of commands beyond src/commands, as real servers reply (test/fidelity/command-info). */
import type { Since } from '../commands/index.js';

/** A fact of commands, in the releases from `since` on and before `until`. */
export interface FactRow {
  readonly fact: string;
  readonly commands: string;
  readonly since?: Since;
  readonly until?: Since;
}

/** A key specification of commands. */
export interface KeySpecRow extends Omit<FactRow, 'fact'> {
  readonly flags: string;
  /** The argument at which the keys begin, or the word that they follow, with the argument from which it is looked for. */
  readonly begin: number | readonly [word: string, from: number] | 'unknown';
  /** A range has its last key, step and limit. A number of keys has its place, that of the first key, and the step. */
  readonly find: readonly ['range' | 'keynum', number, number, number] | undefined;
  readonly notes?: string;
}

/** The key specifications, in the order in which a command has them. */
export const KEY_SPECS: readonly KeySpecRow[] = [
  { flags: 'OW insert', begin: 1, find: ['range', -1, 2, 0], commands: 'msetnx' },
  { flags: 'OW insert', begin: 1, find: ['range', 0, 1, 0], commands: 'setnx' },
  { flags: 'OW update', begin: 1, find: ['keynum', 0, 1, 2], commands: 'msetex' },
  { flags: 'OW update', begin: 1, find: ['range', -1, 2, 0], commands: 'mset' },
  {
    flags: 'OW update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands:
      'geosearchstore psetex restore restore-asking sdiffstore setex sunionstore zdiffstore zinterstore zrangestore zunionstore',
  },
  {
    flags: 'OW update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'sinterstore',
    since: { redis: '8.0', valkey: '8.0' },
  },
  { flags: 'RM delete', begin: 1, find: ['range', -1, 1, 0], commands: 'del unlink' },
  { flags: 'RM delete', begin: 1, find: ['range', 0, 1, 0], commands: 'delifeq' },
  { flags: 'RO', begin: 1, find: ['range', -1, 1, 0], commands: 'exists touch watch' },
  {
    flags: 'RO',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'hexists hlen hstrlen llen scard sismember strlen type xlen zcard',
  },
  {
    flags: 'RO access',
    begin: 1,
    find: ['keynum', 0, 1, 1],
    commands: 'sintercard zdiff zinter zintercard zunion',
  },
  { flags: 'RO access', begin: 1, find: ['range', -1, 1, 0], commands: 'mget sdiff sinter sunion' },
  {
    flags: 'RO access',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands:
      'bitcount bitfield_ro bitpos copy digest dump expiretime geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch get getbit getrange hexpiretime hget hgetall hkeys hmget hpexpiretime hpttl hrandfield hscan httl hvals lindex lpos lrange pexpiretime pttl smembers smismember sort sort_ro srandmember sscan substr ttl xpending xrange xrevrange zcount zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore',
  },
  { flags: 'RO access', begin: 1, find: ['range', 1, 1, 0], commands: 'lcs' },
  {
    flags: 'RW access',
    begin: 1,
    find: ['range', -1, 1, 0],
    commands: 'pfcount',
    notes: 'RW because it may change the internal representation of the key, and propagate to replicas',
  },
  { flags: 'RW access delete', begin: 1, find: ['keynum', 0, 1, 1], commands: 'lmpop zmpop' },
  {
    flags: 'RW access delete',
    begin: 1,
    find: ['range', -2, 1, 0],
    commands: 'blpop brpop bzpopmax bzpopmin',
  },
  {
    flags: 'RW access delete',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands:
      'blmove brpoplpush getdel hgetdel lmove lpop rename renamenx rpop rpoplpush smove spop zpopmax zpopmin',
  },
  { flags: 'RW access insert', begin: 1, find: ['range', 0, 1, 0], commands: 'pfmerge' },
  {
    flags: 'RW access update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'decr decrby getset hincrby hincrbyfloat incr incrby incrbyfloat move setbit zincrby',
  },
  {
    flags: 'RW access update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'getex',
    notes: 'RW and UPDATE because it changes the TTL',
  },
  {
    flags: 'RW access update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'hgetex',
    since: { redis: '7.0' },
    notes: 'RW and UPDATE because it changes the TTL',
  },
  {
    flags: 'RW access update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'hgetex',
    since: { valkey: '8.0' },
  },
  {
    flags: 'RW access update variable_flags',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'bitfield',
    notes: 'This command allows both access and modification of the key',
  },
  {
    flags: 'RW access update variable_flags',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'set',
    notes: 'RW and ACCESS due to the optional `GET` argument',
  },
  {
    flags: 'RW delete',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands:
      'hdel lrem ltrim srem xautoclaim xdel xdelex xtrim zrem zremrangebylex zremrangebyrank zremrangebyscore',
  },
  { flags: 'RW delete variable_flags', begin: 1, find: ['range', 0, 1, 0], commands: 'delex' },
  {
    flags: 'RW insert',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'append hsetnx linsert lpush lpushx pfadd rpush rpushx sadd',
  },
  { flags: 'RW insert', begin: 1, find: ['range', 0, 1, 0], commands: 'hsetex', since: { valkey: '8.0' } },
  {
    flags: 'RW update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands:
      'expire expireat geoadd hexpire hexpireat hmset hpersist hpexpire hpexpireat hset lset persist pexpire pexpireat setrange xack xcfgset xclaim xidmprecord xsetid zadd',
  },
  { flags: 'RW update', begin: 1, find: ['range', 0, 1, 0], commands: 'hsetex', since: { redis: '7.0' } },
  {
    flags: 'RW update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'sinterstore',
    since: { redis: '7.0' },
    until: { redis: '8.0' },
  },
  {
    flags: 'RW update',
    begin: 1,
    find: ['range', 0, 1, 0],
    commands: 'xadd',
    notes: 'UPDATE instead of INSERT because of the optional trimming feature',
  },
  { flags: 'RW update delete', begin: 1, find: ['range', 0, 1, 0], commands: 'xackdel' },
  { flags: 'not_key', begin: 1, find: ['range', -1, 1, 0], commands: 'ssubscribe sunsubscribe' },
  { flags: 'not_key', begin: 1, find: ['range', 0, 1, 0], commands: 'clusterscan spublish' },
  { flags: 'OW insert', begin: 2, find: ['range', 0, 1, 0], commands: 'renamenx' },
  { flags: 'OW update', begin: 2, find: ['range', 0, 1, 0], commands: 'bitop copy rename' },
  {
    flags: 'RO',
    begin: 2,
    find: ['range', 0, 1, 0],
    commands: 'memory|usage object|encoding object|freq object|idletime object|refcount',
  },
  {
    flags: 'RO access',
    begin: 2,
    find: ['keynum', 0, 1, 1],
    commands: 'eval_ro fcall_ro',
    notes: 'We cannot tell how the keys will be used so we assume the worst, RO and ACCESS',
  },
  {
    flags: 'RO access',
    begin: 2,
    find: ['keynum', 0, 1, 1],
    commands: 'evalsha_ro zdiffstore zinterstore zunionstore',
  },
  {
    flags: 'RO access',
    begin: 2,
    find: ['range', -1, 1, 0],
    commands: 'pfmerge sdiffstore sinterstore sunionstore',
  },
  {
    flags: 'RO access',
    begin: 2,
    find: ['range', 0, 1, 0],
    commands: 'geosearchstore xinfo|consumers xinfo|groups xinfo|stream zrangestore',
  },
  { flags: 'RW access', begin: 2, find: ['range', 0, 1, 0], commands: 'pfdebug' },
  { flags: 'RW access delete', begin: 2, find: ['keynum', 0, 1, 1], commands: 'blmpop bzmpop' },
  {
    flags: 'RW access update',
    begin: 2,
    find: ['keynum', 0, 1, 1],
    commands: 'eval fcall',
    notes: 'We cannot tell how the keys will be used so we assume the worst, RW and UPDATE',
  },
  { flags: 'RW access update', begin: 2, find: ['keynum', 0, 1, 1], commands: 'evalsha' },
  { flags: 'RW delete', begin: 2, find: ['range', 0, 1, 0], commands: 'xgroup|delconsumer xgroup|destroy' },
  {
    flags: 'RW insert',
    begin: 2,
    find: ['range', 0, 1, 0],
    commands: 'blmove brpoplpush lmove rpoplpush smove xgroup|create xgroup|createconsumer',
  },
  { flags: 'RW update', begin: 2, find: ['range', 0, 1, 0], commands: 'xgroup|setid' },
  { flags: 'RO access', begin: 3, find: ['range', -1, 1, 0], commands: 'bitop' },
  { flags: 'RW access delete', begin: 3, find: ['range', 0, 1, 0], commands: 'migrate' },
  {
    flags: 'OW update',
    begin: ['STORE', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    until: { redis: '8.0', valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STORE', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { redis: '8.6' },
  },
  {
    flags: 'OW update incomplete',
    begin: ['STORE', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes: 'Incomplete because duplicate STORE options use last-wins; fall back to georadiusGetKeys',
  },
  {
    flags: 'OW update variable_flags',
    begin: ['STORE', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STORE', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    until: { redis: '8.0', valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STORE', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { redis: '8.6' },
  },
  {
    flags: 'OW update incomplete',
    begin: ['STORE', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes: 'Incomplete because duplicate STORE options use last-wins; fall back to georadiusGetKeys',
  },
  {
    flags: 'OW update variable_flags',
    begin: ['STORE', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STOREDIST', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    until: { redis: '8.0', valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STOREDIST', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { redis: '8.6' },
  },
  {
    flags: 'OW update incomplete',
    begin: ['STOREDIST', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes: 'Incomplete because duplicate STOREDIST options use last-wins; fall back to georadiusGetKeys',
  },
  {
    flags: 'OW update variable_flags',
    begin: ['STOREDIST', 5],
    find: ['range', 0, 1, 0],
    commands: 'georadiusbymember',
    since: { valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STOREDIST', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    until: { redis: '8.0', valkey: '9.1' },
  },
  {
    flags: 'OW update',
    begin: ['STOREDIST', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { redis: '8.6' },
  },
  {
    flags: 'OW update incomplete',
    begin: ['STOREDIST', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes: 'Incomplete because duplicate STOREDIST options use last-wins; fall back to georadiusGetKeys',
  },
  {
    flags: 'OW update variable_flags',
    begin: ['STOREDIST', 6],
    find: ['range', 0, 1, 0],
    commands: 'georadius',
    since: { valkey: '9.1' },
  },
  {
    flags: 'RW access delete incomplete',
    begin: ['KEYS', -2],
    find: ['range', -1, 1, 0],
    commands: 'migrate',
  },
  {
    flags: 'RO access',
    begin: ['STREAMS', 1],
    find: ['range', -1, 1, 2],
    commands: 'xread',
    until: { redis: '8.0' },
  },
  {
    flags: 'RO access',
    begin: ['STREAMS', 1],
    find: ['range', -1, 1, 2],
    commands: 'xread',
    since: { redis: '8.6' },
  },
  {
    flags: 'RO access incomplete',
    begin: ['STREAMS', 1],
    find: ['range', -1, 1, 2],
    commands: 'xread',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes:
      'Incomplete because a stream key named STREAMS (or options before it) can shift the STREAMS keyword; fall back to xreadGetKeys',
  },
  {
    flags: 'RO access',
    begin: ['STREAMS', 4],
    find: ['range', -1, 1, 2],
    commands: 'xreadgroup',
    until: { redis: '8.0' },
  },
  {
    flags: 'RO access',
    begin: ['STREAMS', 4],
    find: ['range', -1, 1, 2],
    commands: 'xreadgroup',
    since: { redis: '8.6' },
  },
  {
    flags: 'RO access incomplete',
    begin: ['STREAMS', 4],
    find: ['range', -1, 1, 2],
    commands: 'xreadgroup',
    since: { redis: '8.0' },
    until: { redis: '8.6' },
    notes:
      'Incomplete because a consumer/group named STREAMS (or options before GROUP) can shift the STREAMS keyword; fall back to xreadGetKeys',
  },
  {
    flags: 'RO access',
    begin: 'unknown',
    find: undefined,
    commands: 'sort sort_ro',
    notes:
      "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
  },
  {
    flags: 'OW update',
    begin: 'unknown',
    find: undefined,
    commands: 'sort',
    notes:
      "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the argument array",
  },
];

/** The tips for clients. */
export const TIPS: readonly FactRow[] = [
  {
    fact: 'nondeterministic_output',
    commands:
      'client|info client|list cluster|bumpepoch cluster|count-failure-reports cluster|getkeysinslot cluster|info cluster|links cluster|myshardid cluster|nodes cluster|replicas cluster|shards cluster|slaves cluster|slots dump hrandfield hscan lastsave migrate object|encoding object|freq object|idletime object|refcount pttl spop srandmember sscan time ttl xadd xautoclaim xclaim xinfo|consumers xpending xtrim zrandmember zscan',
  },
  { fact: 'nondeterministic_output', commands: 'cluster|syncslots hpttl httl', since: { redis: '7.0' } },
  {
    fact: 'nondeterministic_output request_policy:all_nodes response_policy:special',
    commands: 'latency|doctor latency|graph latency|histogram latency|history latency|latest',
  },
  { fact: 'nondeterministic_output request_policy:all_shards', commands: 'cluster|slot-stats' },
  {
    fact: 'nondeterministic_output request_policy:all_shards response_policy:special',
    commands: 'function|stats info memory|doctor memory|malloc-stats memory|stats',
  },
  {
    fact: 'nondeterministic_output request_policy:special',
    commands: 'scan',
    since: { redis: '7.0' },
    until: { redis: '7.2' },
  },
  {
    fact: 'nondeterministic_output request_policy:special response_policy:special',
    commands: 'clusterscan hotkeys|get',
  },
  {
    fact: 'nondeterministic_output request_policy:special response_policy:special',
    commands: 'scan',
    since: { redis: '7.2', valkey: '8.0' },
  },
  {
    fact: 'nondeterministic_output_order',
    commands:
      'command command|docs command|info command|list function|list hgetall hkeys hvals module|list sdiff sinter smembers sunion',
  },
  { fact: 'request_policy:all_nodes nondeterministic_output', commands: 'commandlog|get slowlog|get' },
  {
    fact: 'request_policy:all_nodes response_policy:agg_sum',
    commands: 'latency|reset',
    since: { redis: '7.2', valkey: '8.0' },
  },
  {
    fact: 'request_policy:all_nodes response_policy:agg_sum nondeterministic_output',
    commands: 'commandlog|len slowlog|len',
  },
  {
    fact: 'request_policy:all_nodes response_policy:all_succeeded',
    commands: 'client|setinfo commandlog|reset config|set script|flush script|load slowlog|reset',
  },
  {
    fact: 'request_policy:all_nodes response_policy:all_succeeded',
    commands: 'latency|reset',
    since: { redis: '7.0' },
    until: { redis: '7.2' },
  },
  {
    fact: 'request_policy:all_nodes response_policy:all_succeeded',
    commands: 'acl|deluser acl|save acl|setuser client|setname config|resetstat config|rewrite',
    since: { redis: '7.2', valkey: '8.0' },
  },
  {
    fact: 'request_policy:all_shards nondeterministic_output',
    commands: 'randomkey',
    since: { redis: '7.0' },
    until: { redis: '7.2' },
  },
  { fact: 'request_policy:all_shards nondeterministic_output_order', commands: 'keys' },
  { fact: 'request_policy:all_shards response_policy:agg_logical_and', commands: 'script|exists' },
  { fact: 'request_policy:all_shards response_policy:agg_min', commands: 'wait waitaof' },
  { fact: 'request_policy:all_shards response_policy:agg_sum', commands: 'dbsize' },
  {
    fact: 'request_policy:all_shards response_policy:all_succeeded',
    commands:
      'flushall flushdb function|delete function|flush function|load function|restore memory|purge ping',
  },
  { fact: 'request_policy:all_shards response_policy:one_succeeded', commands: 'function|kill script|kill' },
  {
    fact: 'request_policy:all_shards response_policy:special nondeterministic_output',
    commands: 'randomkey',
    since: { redis: '7.2', valkey: '8.0' },
  },
  { fact: 'request_policy:multi_shard', commands: 'mget' },
  {
    fact: 'request_policy:multi_shard response_policy:agg_min',
    commands: 'msetnx',
    since: { redis: '7.0' },
    until: { redis: '7.2' },
  },
  { fact: 'request_policy:multi_shard response_policy:agg_sum', commands: 'del exists touch unlink' },
  { fact: 'request_policy:multi_shard response_policy:all_succeeded', commands: 'mset msetex' },
  { fact: 'request_policy:special', commands: 'hotkeys|reset hotkeys|start hotkeys|stop' },
];

/** The categories of access control that do not follow from a command's flags. */
export const CATEGORIES: readonly FactRow[] = [
  { fact: 'admin', commands: 'lastsave role' },
  { fact: 'bitmap', commands: 'bitcount bitfield bitfield_ro bitop bitpos getbit setbit' },
  {
    fact: 'connection',
    commands:
      'asking auth client|caching client|capa client|getname client|getredir client|help client|id client|import-source client|info client|kill client|list client|no-evict client|no-touch client|pause client|reply client|setinfo client|setname client|tracking client|trackinginfo client|unblock client|unpause command command|count command|docs command|getkeys command|getkeysandflags command|help command|info command|list echo hello ping quit readonly readwrite reset select wait waitaof',
  },
  {
    fact: 'dangerous',
    commands:
      'flushall flushdb info keys lastsave migrate restore restore-asking role sort sort_ro swapdb trimslots',
  },
  {
    fact: 'geo',
    commands:
      'geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore',
  },
  {
    fact: 'hash',
    commands:
      'hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals',
  },
  { fact: 'hyperloglog', commands: 'pfadd pfcount pfdebug pfmerge pfselftest' },
  {
    fact: 'keyspace',
    commands:
      'clusterscan cluster|flushslot copy dbsize del dump exists expire expireat expiretime flushall flushdb keys migrate move object|encoding object|freq object|help object|idletime object|refcount persist pexpire pexpireat pexpiretime pttl randomkey rename renamenx restore restore-asking scan swapdb touch trimslots ttl type unlink',
  },
  {
    fact: 'list',
    commands:
      'blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim rpop rpoplpush rpush rpushx sort sort_ro',
  },
  {
    fact: 'scripting',
    commands:
      'eval eval_ro evalsha evalsha_ro fcall fcall_ro function|delete function|dump function|flush function|help function|kill function|list function|load function|restore function|stats script|debug script|exists script|flush script|help script|kill script|load script|show',
  },
  {
    fact: 'set',
    commands:
      'sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove sort sort_ro spop srandmember srem sscan sunion sunionstore',
  },
  {
    fact: 'sortedset',
    commands:
      'bzmpop bzpopmax bzpopmin sort sort_ro zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore',
  },
  {
    fact: 'stream',
    commands:
      'xack xackdel xadd xautoclaim xcfgset xclaim xdel xdelex xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|help xgroup|setid xidmprecord xinfo|consumers xinfo|groups xinfo|help xinfo|stream xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim',
  },
  {
    fact: 'string',
    commands:
      'append decr decrby delex delifeq digest get getdel getex getrange getset incr incrby incrbyfloat lcs mget mset msetex msetnx psetex set setex setnx setrange strlen substr',
  },
  { fact: 'transaction', commands: 'discard exec multi unwatch watch' },
];
