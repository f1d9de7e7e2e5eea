/** Dialogues in which client A receives the keyspace events of what client B does. */

/** Begins a dialogue: A receives all events, each once, by the name of the event. */
const ALL = `
    B CONFIG SET notify-keyspace-events EAmn
    A PSUBSCRIBE __key*`;

export const EVENT_DIALOGUES: Readonly<Record<string, string>> = {
  'CONFIG of keyspace events': `
    B CONFIG SET notify-keyspace-events KEA | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events AKE | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events g$lshzxetdKE | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events mdnteExzhlsg$K | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events mnA | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events ocnm | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events KEx | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events Kq | CONFIG GET notify-keyspace-events
    B CONFIG SET notify-keyspace-events KK | CONFIG GET notify-*
    B CONFIG SET maxmemory-samples 5 notify-keyspace-events KQ | CONFIG GET notify-keyspace-events`,
  'channels of keyspace events': `
    A SUBSCRIBE __keyspace@0__:k __keyevent@0__:set
    C PSUBSCRIBE __key*
    B SET k v
    B CONFIG SET notify-keyspace-events KA | SET k v | DEL k
    B CONFIG SET notify-keyspace-events EA | SET k v | DEL k
    B CONFIG SET notify-keyspace-events KE$ | SET k v | DEL k | LPUSH l x
    B CONFIG SET notify-keyspace-events KEg | SET k v | DEL k
    B CONFIG SET notify-keyspace-events g | DEL k l
    B CONFIG SET notify-keyspace-events KEA | SELECT 3 | SET k v | SELECT 0
    B SET k v
    B MULTI | SET a 1 | DEL a | EXEC`,
  'events of strings': `${ALL}
    B SET k v | SET k v EX 100 | SET k v KEEPTTL | SET k v NX | SET n v NX GET | SET k v XX GET
    B SETEX k 10 v | PSETEX k 10000 v | SETNX k v | SETNX m v | GETSET k v | GETSET o v | APPEND k w | APPEND p w
    B SETRANGE k 1 x | SETRANGE k 1 | SETRANGE q 3 x | INCR i | DECR i | INCRBY i 2 | DECRBY i 2 | INCRBYFLOAT i 1.5 | INCR k
    B MSET a 1 b 2 a 3 | MSETNX a 1 c 1 | MSETNX d 1 e 1 | SETBIT a 1 1 | SETBIT a 1 1 | BITFIELD a SET u4 0 1 | BITFIELD a SET u4 0 1 | BITFIELD a GET u4 0
    B BITOP AND x a b | BITOP NOT x nosuch | BITOP NOT x nosuch | GETDEL k | GETDEL k | GETEX a | GETEX a EX 100 | GETEX a PERSIST | GETEX a PERSIST | GETEX a EXAT 1
    B PFADD h a b | PFADD h a | PFCOUNT h | PFCOUNT h | PFCOUNT h h2 | PFMERGE h3 h | PFMERGE h h3 | STRLEN nosuch | GETRANGE nosuch 0 1 | GET nosuch | MGET nosuch a nosuch2
    B SET i 9223372036854775807 | INCR i | SET s abc | INCR s | APPEND l2`,
  'events of lists': `${ALL}
    B RPUSH l a b c | LPUSH l z | LPUSHX l y | RPUSHX l y | LPUSHX nosuch y | LPOP l | RPOP l | LPOP l 0 | RPOP l 2 | LPOP l 9
    B RPUSH l a b c a | LREM l 1 x | LREM l 1 a | LSET l 0 q | LSET l 9 q | LINSERT l BEFORE q p | LINSERT l AFTER nosuch p | LTRIM l 0 1 | LTRIM l 5 9 | LTRIM l 0 1
    B RPUSH l a b | RPOPLPUSH l m | LMOVE l m LEFT RIGHT | LMOVE l m LEFT RIGHT | RPOPLPUSH m m | LMOVE m m LEFT RIGHT | LMPOP 2 l m LEFT COUNT 5 | LMPOP 1 l LEFT
    B RPUSH l a | LREM l 0 a | RPUSH l a b | BLPOP l m 1 | BRPOP m l 1 | RPUSH l a | BLMOVE l m LEFT LEFT 1 | BRPOPLPUSH m l 1 | BLMPOP 1 1 l LEFT | LRANGE l 0 -1 | LLEN l | LINDEX l 0 | LPOS l a
    B RPUSH l c a b | SORT l ALPHA STORE m | SORT nosuch STORE m | SORT nosuch STORE m | SORT l ALPHA`,
  'events of lists for clients that wait': `${ALL}
    C BLPOP l 0
    B RPUSH l a
    C BLMOVE l m LEFT RIGHT 0
    B RPUSH l a b
    C BRPOPLPUSH n l 0
    B LPUSH n x
    C BLMPOP 0 1 k LEFT COUNT 2
    B MULTI | RPUSH k 1 2 3 | LLEN k | EXEC
    C BZPOPMIN z 0
    B ZADD z 1 a
    C BZMPOP 0 1 z MAX
    B ZADD z 1 a 2 b`,
  'events of sets': `${ALL}
    B SADD s 1 2 3 | SADD s 1 | SREM s 9 | SREM s 1 | SREM s 2 3 | SADD s 1 2 | SMOVE s t 1 | SMOVE s t 2 | SADD s 2 | SMOVE s t 2 | SMOVE s t 2 | SMOVE t t 1
    B SPOP t 5 | SPOP t | SADD t 1 | SPOP t | SADD s 1 2 3 | SPOP s 0 | SPOP s 9 | SADD s 1 2 3 | SADD t 1 2 9 | SADD u 7
    B SINTERSTORE d s t | SUNIONSTORE d s t | SDIFFSTORE d s t | SINTERSTORE d s nosuch | SINTERSTORE d s u | SDIFFSTORE d nosuch s | SDIFFSTORE d s | SDIFFSTORE d s s
    B SINTER s nosuch t | SUNION nosuch s | SDIFF s nosuch | SINTERCARD 2 s nosuch | SCARD nosuch | SMEMBERS nosuch | SISMEMBER nosuch a | SMISMEMBER nosuch a | SRANDMEMBER nosuch | SSCAN nosuch 0`,
  'events of sorted sets': `${ALL}
    B ZADD z 1 a 2 b 3 c | ZADD z 1 a | ZADD z 2 a | ZADD z XX 5 q | ZADD nosuch XX 5 q | ZINCRBY z 1 a | ZINCRBY z 0 a | ZADD z INCR 1 n | ZADD z NX INCR 1 n | ZREM z nosuch | ZREM z a
    B ZPOPMIN z | ZPOPMAX z 9 | ZPOPMIN z | ZADD z 1 a 2 b 3 c 4 d 5 e 6 f | ZREMRANGEBYRANK z 0 0 | ZREMRANGEBYSCORE z 2 2 | ZREMRANGEBYLEX z [c [c | ZREMRANGEBYRANK z 90 99 | ZMPOP 1 z MIN | ZMPOP 1 z MAX COUNT 99
    B ZADD z 1 a 2 b 3 c | ZADD y 1 b | ZUNIONSTORE d 2 z y | ZINTERSTORE d 2 z y | ZDIFFSTORE d 2 z y | ZINTERSTORE d 2 z nosuch | ZINTERSTORE d 2 z nosuch | ZRANGESTORE d z 0 1 | ZRANGESTORE d z 5 9 | ZRANGESTORE d z 5 9 | ZRANGESTORE d nosuch 0 1
    B BZPOPMIN z 1 | BZPOPMAX y z 1 | BZMPOP 1 1 z MIN COUNT 9 | ZADD z 1 a | ZREM z a | ZADD z 1 a | ZREMRANGEBYRANK z 0 -1
    B GEOADD g 13.361389 38.115556 p 15.087269 37.502669 c | GEOADD g 13.361389 38.115556 p | GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km | GEORADIUS g 15 37 200 km STORE d | GEORADIUSBYMEMBER g p 200 km STOREDIST d | GEOSEARCHSTORE d g FROMLONLAT 1 1 BYRADIUS 1 m | GEOSEARCHSTORE d g FROMLONLAT 1 1 BYRADIUS 1 m | GEOSEARCHSTORE d nosuch FROMLONLAT 1 1 BYRADIUS 1 m
    B ZSCORE nosuch a | ZMSCORE nosuch a | ZCARD nosuch | ZRANK nosuch a | ZRANGE nosuch 0 1 | ZCOUNT nosuch 0 1 | ZRANDMEMBER nosuch | ZUNION 2 nosuch g | ZINTER 2 nosuch g | ZDIFF 2 nosuch g | ZINTERCARD 2 nosuch g | ZSCAN nosuch 0 | GEOPOS nosuch a | GEOHASH nosuch a | GEODIST nosuch a b | GEOSEARCH nosuch FROMLONLAT 1 1 BYRADIUS 1 m`,
  'events of hashes': `${ALL}
    B HSET h a 1 b 2 | HSET h a 1 | HMSET h c 3 | HSETNX h a 1 | HSETNX h d 4 | HINCRBY h a 1 | HINCRBY h n 1 | HINCRBYFLOAT h a 1.5 | HINCRBY h a 1 | HDEL h nosuch | HDEL h a b | HDEL h c d n
    B HINCRBY i a x | HSETNX i a 1 | HGET nosuch a | HMGET nosuch a | HGETALL nosuch | HKEYS nosuch | HVALS nosuch | HLEN nosuch | HSTRLEN nosuch a | HEXISTS nosuch a | HRANDFIELD nosuch | HSCAN nosuch 0`,
  'events of fields that expire': `${ALL}
    B HSET h a 1 b 2 c 3 | HEXPIRE h 100 FIELDS 1 a | HPEXPIRE h 100000 FIELDS 2 a b | HEXPIREAT h 9999999999 FIELDS 1 a | HPEXPIREAT h 9999999999999 FIELDS 1 a | HEXPIRE h 100 FIELDS 1 nosuch | HEXPIRE h 100 NX FIELDS 1 a
    B HPERSIST h FIELDS 1 a | HPERSIST h FIELDS 1 a | HTTL h FIELDS 1 a | HEXPIRE h 0 FIELDS 1 a | HEXPIRE h 0 FIELDS 2 b c | HEXPIRE h 10 FIELDS 1 a
    B HSET h a 1 b 2 c 3 d 4 | HGETDEL h FIELDS 1 a | HGETDEL h FIELDS 1 a | HGETDEL h FIELDS 3 b c d | HGETDEL h FIELDS 1 a
    B HSET h a 1 b 2 c 3 d 4 | HGETEX h FIELDS 1 a | HGETEX h EX 100 FIELDS 1 a | HGETEX h PERSIST FIELDS 1 a | HGETEX h PERSIST FIELDS 1 a | HGETEX h EXAT 1 FIELDS 1 a | HGETEX h EXAT 1 FIELDS 3 b c d
    B HSETEX h FIELDS 2 a 1 b 2 | HSETEX h EX 100 FIELDS 2 a 1 c 2 | HSETEX h KEEPTTL FIELDS 1 a 1 | HSETEX h FNX FIELDS 1 a 1 | HSETEX h EXAT 1 FIELDS 1 a 1 | HSETEX h EXAT 1 FIELDS 2 b 1 c 1 | HSETEX h EXAT 1 FIELDS 1 new 1
    B HSET h a 1 b 2 | HPEXPIRE h 500 FIELDS 1 a
    +1500
    B HGETALL h
    B HSET g a 1 | HPEXPIRE g 500 FIELDS 1 a
    +1500
    B HGETALL g`,
  'events of streams': `${ALL}
    B XADD s 1-1 a 1 | XADD s 2-1 a 1 | XADD s MAXLEN 2 3-1 a 1 | XADD s MAXLEN 9 4-1 a 1 | XADD nosuch NOMKSTREAM 1-1 a 1 | XADD s 1-1 a 1 | XDEL s 9-9 | XDEL s 4-1 | XTRIM s MAXLEN 9 | XTRIM s MAXLEN 1 | XSETID s 9-1 | XSETID s 1-1
    B XGROUP CREATE s g $ | XGROUP CREATE s g $ | XGROUP CREATE n g $ MKSTREAM | XGROUP CREATECONSUMER s g c | XGROUP CREATECONSUMER s g c | XGROUP SETID s g 0 | XGROUP DELCONSUMER s g c | XGROUP DELCONSUMER s g nosuch
    B XADD s 10-1 a 1 | XREADGROUP GROUP g d COUNT 1 STREAMS s > | XREADGROUP GROUP g e STREAMS s > | XREADGROUP GROUP g f STREAMS s > | XREADGROUP GROUP g d STREAMS s 0 | XCLAIM s g h 0 10-1 | XAUTOCLAIM s g i 0 0 | XACK s g 10-1 | XCLAIM s g j 0 10-1 | XAUTOCLAIM s g l 0 0
    B XGROUP DESTROY s g | XGROUP DESTROY s g | XLEN nosuch | XRANGE nosuch - + | XREAD STREAMS nosuch 0 | XINFO STREAM s | XDEL s 10-1 3-1 | XLEN s | XINFO STREAM nosuch | XPENDING nosuch g`,
  'events of keys': `${ALL}
    B SET a 1 | SET b 2 | EXPIRE a 100 | PEXPIRE a 100000 | EXPIREAT a 9999999999 | PEXPIREAT a 9999999999999 | EXPIRE a 5 NX | EXPIRE nosuch 5 | PERSIST a | PERSIST a | EXPIRE a -1 | PERSIST nosuch
    B SET a 1 | RENAME a c | RENAME c b | RENAME b b | RENAME nosuch b | SET a 1 | RENAMENX a b | RENAMENX a d | DEL b d nosuch | UNLINK nosuch
    B SET a 1 | COPY a b | COPY a b | COPY a b REPLACE | COPY nosuch b | COPY a a2 DB 1 | MOVE a 1 | MOVE nosuch 1 | SET a 2 | MOVE a 1 | UNLINK a b
    B EXISTS nosuch nosuch | TTL nosuch | PTTL nosuch | TYPE nosuch | TOUCH nosuch | OBJECT ENCODING nosuch | EXPIRETIME nosuch | RANDOMKEY | KEYS * | SCAN 0 | DBSIZE
    B SET a 1 | FLUSHDB | SET a 1 | SWAPDB 0 1 | FLUSHALL`,
  'events of expiry': `${ALL}
    B SET a 1 PX 300 | SET b 1 PX 300 | DEBUG SET-ACTIVE-EXPIRE 0
    +600
    B GET a
    B SET b 2
    B SET c 1 PX 300 | DEBUG SET-ACTIVE-EXPIRE 1
    +900
    B EXISTS c`,
  'events to the client that causes them': `
    B CONFIG SET notify-keyspace-events EA
    B HELLO 3
    B PSUBSCRIBE __key*
    B SET k v
    B GET k | SET h a | DEL k h
    B MULTI | SET k v | DEL k | EXEC`,
  'overwritten keys': `
    B CONFIG SET notify-keyspace-events Eocng$
    A PSUBSCRIBE __key*
    B SET k v | SET k w | DEL k | RPUSH k a | SET k w | SETNX k v | GETSET k v | MSET k v l w
    B SADD s a | SUNIONSTORE k s | SUNIONSTORE k s | ZADD z 1 a | ZUNIONSTORE k 1 z | ZRANGESTORE k z 0 -1 | SORT z ALPHA STORE k | RPUSH r a
    B SET x 1 | COPY x k REPLACE | COPY k x REPLACE | RENAME x k | RENAME s k | BITOP NOT k l | SETEX k 100 v | GETEX k PERSIST | INCR n | APPEND n 1 | SETRANGE n 0 5 | PFADD p a | PFMERGE p p`,
};
