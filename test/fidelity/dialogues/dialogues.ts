import { EVENT_DIALOGUES } from './keyspace-events.js';

/**
 * What several clients say to one server, step by step. A step is `A command | command`, for what client A sends at once, or
 * `+milliseconds`, for time that goes by. `{A}` stands for the id of client A.
 */
export const DIALOGUES: Readonly<Record<string, string>> = {
  ...EVENT_DIALOGUES,
  'a list serves those that wait, the longest first': `
    A BLPOP k 0
    B BRPOP k 0
    C RPUSH k 1 2 3
    C LRANGE k 0 -1`,
  'each pop of one push': `
    A BLPOP k 0
    B BLPOP k 0
    C LPUSH k x
    C LPUSH k y`,
  'several keys, of which the first that has an element counts': `
    A BLPOP k1 k2 k3 0
    B RPUSH k3 c
    A BLPOP k1 k2 k3 0
    B MULTI | RPUSH k2 b | RPUSH k1 a | EXEC
    B KEYS k*`,
  'several multiple pops': `
    A BLMPOP 0 2 k1 k2 LEFT COUNT 2
    B MULTI | RPUSH k2 b bb bbb | RPUSH k1 a | EXEC
    A BZMPOP 0 2 z1 z2 MAX COUNT 2
    B MULTI | ZADD z2 1 x 2 y 3 z | ZADD z1 1 a | EXEC
    B ZRANGE z2 0 -1
    B LRANGE k2 0 -1`,
  'pops of sorted sets': `
    A BZPOPMIN z 0
    B BZPOPMAX z 0
    C ZADD z 1 one 2 two 3 three
    C ZRANGE z 0 -1 WITHSCORES
    A HELLO 3
    A BZPOPMIN y 0
    C ZADD y 1.5 a
    A BZMPOP 0 1 y MIN COUNT 3
    C ZADD y 1.5 a 2.5 b`,
  'a push that is undone in the same transaction': `
    A BLPOP k 0
    B MULTI | LPUSH k x | DEL k | EXEC
    B MULTI | LPUSH k x | DEL k | SET k string | EXEC
    B DEL k
    B LPUSH k y`,
  'a key of another type': `
    A BLPOP k 0
    B SET k string
    B DEL k
    B ZADD k 1 a
    B DEL k
    B RPUSH k z
    B SET s x
    A BLPOP s 0
    A BZPOPMIN s 0`,
  'nothing waits in a transaction': `
    A MULTI | BLPOP k 0 | BRPOP k 0 | BLMOVE k l LEFT LEFT 0 | BLMPOP 0 1 k LEFT | BZPOPMIN k 0 | BZMPOP 0 1 k MIN | BRPOPLPUSH k l 0 | XREAD BLOCK 0 STREAMS k 0 | WAIT 1 0 | EXEC`,
  'pipelined commands wait behind': `
    A BLPOP k 0 | SET after 1 | GET after
    B EXISTS after
    B RPUSH k x
    B GET after`,
  moves: `
    A BLMOVE k l LEFT RIGHT 0
    B BRPOPLPUSH k l 0
    C RPUSH k 1 2 3
    C LRANGE l 0 -1
    C LRANGE k 0 -1`,
  'linked moves': `
    A BLMOVE k1 k2 LEFT LEFT 0
    B BLMOVE k2 k3 LEFT LEFT 0
    C BLPOP k3 0
    D RPUSH k1 x
    D EXISTS k1 k2 k3`,
  'a move onto itself': `
    A BRPOPLPUSH k k 0
    B RPUSH k 1 2 3
    B LRANGE k 0 -1`,
  'a circle of moves': `
    A BRPOPLPUSH k1 k2 0
    B BRPOPLPUSH k2 k1 0
    C RPUSH k1 x
    C LRANGE k1 0 -1
    C LRANGE k2 0 -1`,
  'a move to a key of another type': `
    A SET t string
    A BLMOVE k t LEFT LEFT 0
    B BLPOP k 0
    C RPUSH k x
    C LRANGE k 0 -1`,
  timeouts: `
    A BLPOP k 0.8
    B BLMOVE k l LEFT LEFT 0.8
    C XREAD BLOCK 800 STREAMS s 0
    D WAIT 3 800
    +1000
    A BZMPOP 0.8 1 z MIN
    B BRPOPLPUSH k l 0.8
    +1000
    A PING
    A BLPOP k -1
    A BLPOP k x
    A BLPOP k inf
    A BLPOP k 1e30`,
  'CLIENT UNBLOCK': `
    A BLPOP k 0
    B CLIENT UNBLOCK {A}
    B CLIENT UNBLOCK {A}
    A BLPOP k 0
    B CLIENT UNBLOCK {A} ERROR
    A BLMOVE k l LEFT LEFT 0
    B CLIENT UNBLOCK {A} TIMEOUT
    A WAIT 1 0
    B CLIENT UNBLOCK {A}
    A WAIT 1 0
    B CLIENT UNBLOCK {A} ERROR
    A XREAD BLOCK 0 STREAMS s $
    B CLIENT UNBLOCK {A} foo
    B CLIENT UNBLOCK {A} timeout
    B CLIENT UNBLOCK x
    B CLIENT UNBLOCK 99999
    B RPUSH k x
    B LRANGE k 0 -1`,
  'a key that comes in other ways': `
    A BLPOP k 0
    B RPUSH other x
    B RENAME other k
    A BLPOP k 0
    B SADD set 1 2 3
    B SORT set STORE k
    B DEL k
    A BLPOP k 0
    B RPUSH other x
    B COPY other k
    A BLPOP k 0
    B SELECT 1 | RPUSH k y | MOVE k 0
    A BLPOP k 0
    B RPUSH k z
    B SWAPDB 0 1
    A BZPOPMIN z 0
    B SELECT 0 | ZADD a 1 m | ZUNIONSTORE z 1 a
    A BZPOPMAX z 0
    B ZRANGESTORE z a 0 -1
    A BZPOPMAX z 0
    B GEOADD z 1 1 here`,
  'other databases': `
    A SELECT 3 | BLPOP k 0
    B RPUSH k zero
    B SELECT 3 | RPUSH k three
    B SELECT 0 | LRANGE k 0 -1`,
  'watched keys': `
    A WATCH k | BLPOP k 0
    B RPUSH k x
    A MULTI | PING | EXEC
    A WATCH l | BRPOPLPUSH k l 0
    B RPUSH k x
    A MULTI | PING | EXEC`,
  'a stream serves all that read it': `
    A XREAD BLOCK 0 STREAMS s $
    B XREAD BLOCK 0 COUNT 1 STREAMS s 0
    C XADD s 1-1 f v
    C XADD s 2-1 f v
    A XREAD BLOCK 0 STREAMS s $
    C MULTI | XADD s 3-1 a 1 | XADD s 4-1 b 2 | EXEC`,
  'several streams': `
    A XREAD BLOCK 0 STREAMS s t s 0 0 5
    B MULTI | XADD t 1-1 f t | XADD s 1-1 f s | EXEC
    A XREAD BLOCK 0 STREAMS u u $ $
    B XADD u 1-1 f v
    A HELLO 3
    A XREAD BLOCK 0 STREAMS s u $ $
    B XADD u 2-1 f v`,
  'a stream that is undone': `
    A XREAD BLOCK 0 STREAMS s 0
    B MULTI | XADD s 1-1 f v | DEL s | EXEC
    B MULTI | XADD s 1-1 f v | DEL s | LPUSH s x | EXEC
    B DEL s
    B XADD s 1-1 f w
    B XREAD BLOCK 0 STREAMS s bad
    B RPUSH l x
    B XREAD BLOCK 0 STREAMS l 0`,
  groups: `
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B XREADGROUP GROUP g two BLOCK 0 COUNT 1 STREAMS s >
    C XADD s 1-1 f v
    C XADD s 2-1 f v
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s 0
    A XREADGROUP GROUP g one BLOCK 800 NOACK STREAMS s >
    +1100
    C XPENDING s g`,
  'a group that goes': `
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B XGROUP DESTROY s g`,
  'a stream with a group that is deleted': `
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B DEL s`,
  'a stream with a group that gets another type': `
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B SET s x
    B DEL s
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B MULTI | DEL s | RPUSH s x | EXEC`,
  'a stream with a group that is flushed, renamed or swapped': `
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B FLUSHALL
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B RENAME s t
    A XGROUP CREATE s g $ MKSTREAM
    A XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    B SWAPDB 0 5`,
  'a stream that another replaces': `
    A XGROUP CREATE s g $ MKSTREAM
    A XADD t 1-1 f v
    B XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    A RENAME t s
    A DEL s
    A XGROUP CREATE s g $ MKSTREAM
    A XADD t 1-1 f v | XGROUP CREATE t g 0
    B XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    A RENAME t s`,
  'expiry of a key': `
    A XGROUP CREATE s g $ MKSTREAM | PEXPIRE s 800
    B XREADGROUP GROUP g one BLOCK 0 STREAMS s >
    +1100
    A EXISTS s`,
  'replies that are off': `
    A CLIENT REPLY OFF | BLPOP k 0
    B RPUSH k x
    A CLIENT REPLY ON
    A CLIENT REPLY SKIP | BLPOP k 0
    B RPUSH k y
    A PING`,
  'counts of those that wait': `
    A BLPOP k 0
    B BZPOPMIN z1 z2 0
    C LPUSH k x`,
  'WAIT without replicas': `
    A WAIT 0 0 | WAIT -1 0
    A WAIT 1 800
    +1100
    A WAIT x 0 | WAIT 0 x | WAIT 0 -1`,
  WAITAOF: `
    A WAITAOF 0 0 0 | WAITAOF 1 0 0 | WAITAOF 2 0 0 | WAITAOF x 0 0 | WAITAOF 0 -1 0 | WAITAOF 0 0 x
    A WAITAOF 0 1 800
    +1100`,
  'channels in RESP2': `
    A SUBSCRIBE a b a
    A UNSUBSCRIBE zz
    B PUBLISH a hello | PUBLISH b there | PUBLISH c nobody
    A PING | PING hi
    A UNSUBSCRIBE a
    B PUBLISH a again | PUBLISH b again
    A UNSUBSCRIBE b | UNSUBSCRIBE | PING`,
  'channels in RESP3': `
    A HELLO 3
    A SUBSCRIBE a b a
    B PUBLISH a hello
    A PING | GET k | SET k v
    A UNSUBSCRIBE a b | UNSUBSCRIBE
    A PUNSUBSCRIBE | SUNSUBSCRIBE`,
  patterns: `
    A PSUBSCRIBE a* [ab]c *
    A SUBSCRIBE ac
    B PUBLISH xx one
    A PUNSUBSCRIBE * | PUNSUBSCRIBE nosuch
    B PUBLISH bc two
    C PSUBSCRIBE a*
    B PUBLISH a three
    B PUBSUB NUMPAT
    A HELLO 3
    A PUNSUBSCRIBE a*
    B PUBLISH bc four`,
  'channels of a shard': `
    A SSUBSCRIBE s1 s1
    A SUBSCRIBE s1
    B SPUBLISH s1 x | PUBLISH s1 y | SPUBLISH s2 z
    B PUBSUB SHARDNUMSUB s1 s2 | PUBSUB SHARDCHANNELS | PUBSUB CHANNELS
    A SUNSUBSCRIBE | SUNSUBSCRIBE s1 | UNSUBSCRIBE
    B SPUBLISH s1 x`,
  'what is allowed while subscribed in RESP2': `
    A SUBSCRIBE a
    A GET k | PING | ECHO x | NOSUCH | GET | MULTI | PUBLISH a x | CLIENT ID | CONFIG GET x
    A SSUBSCRIBE s | PSUBSCRIBE p | UNSUBSCRIBE a | PUNSUBSCRIBE p
    A GET k
    A SUNSUBSCRIBE s
    A GET k
    A SUBSCRIBE a
    A RESET
    A GET k
    B PUBLISH a x | PUBSUB NUMSUB a`,
  'subscribing in a transaction': `
    A MULTI | SUBSCRIBE a b | GET k | PSUBSCRIBE p* | UNSUBSCRIBE a | EXEC
    B PUBLISH b x | PUBLISH p x
    B MULTI | PUBLISH b 1 | PUBLISH b 2 | EXEC
    A RESET
    A HELLO 3
    A MULTI | SUBSCRIBE a b | PING | EXEC`,
  'a client that publishes to itself': `
    A HELLO 3
    A SUBSCRIBE a
    A PUBLISH a x
    A PUBLISH a y | PING | PUBLISH a z
    A MULTI | PUBLISH a 1 | PING | PUBLISH a 2 | EXEC
    A PSUBSCRIBE * | SSUBSCRIBE a
    A PUBLISH a w | SPUBLISH a v`,
  PUBSUB: `
    A SUBSCRIBE a ab b
    B SUBSCRIBE a | PSUBSCRIBE x y
    C PUBSUB NUMSUB | PUBSUB NUMSUB a ab z a | PUBSUB NUMPAT | PUBSUB CHANNELS a? | PUBSUB CHANNELS nosuch
    C PUBSUB | PUBSUB FOO | PUBSUB NUMPAT x | PUBSUB CHANNELS a b | PUBSUB SHARDCHANNELS x | PUBSUB SHARDNUMSUB
    C PUBLISH | PUBLISH a | PUBLISH a b c | SUBSCRIBE | PSUBSCRIBE | SSUBSCRIBE | SPUBLISH a
    C HELLO 3
    C PUBSUB NUMSUB a | PUBSUB CHANNELS nosuch`,
  'subscriptions while replies are off': `
    A CLIENT REPLY OFF | SUBSCRIBE a | PING
    B PUBLISH a x
    A CLIENT REPLY ON | UNSUBSCRIBE
    A CLIENT REPLY SKIP | SUBSCRIBE a | PING
    B PUBLISH a y`,
  'a subscriber that waits': `
    A HELLO 3
    A SUBSCRIBE a | BLPOP k 0
    B PUBLISH a x
    B RPUSH k v
    B PUBLISH a y`,
  'a transaction with a refused command while subscribed': `
    A SUBSCRIBE a
    A MULTI
    A UNSUBSCRIBE
    A MULTI | SUBSCRIBE a | EXEC
    A EXEC | UNSUBSCRIBE a`,
  'facts of commands': `
    A COMMAND INFO get set copy eval xread georadius migrate sort bitop msetex ping zunionstore wait nosuch hsetex spublish scan
    A COMMAND INFO config|get | COMMAND INFO object|freq
    A COMMAND GETKEYSANDFLAGS SET a b | COMMAND GETKEYSANDFLAGS SET a b GET | COMMAND GETKEYSANDFLAGS ZUNIONSTORE d 2 a b | COMMAND GETKEYSANDFLAGS SORT d STORE x | COMMAND GETKEYSANDFLAGS XREAD COUNT 1 STREAMS a b 0 0 | COMMAND GETKEYSANDFLAGS MSET a 1 b 2
    A COMMAND GETKEYSANDFLAGS BITFIELD a GET u8 0 | COMMAND GETKEYSANDFLAGS BITFIELD a SET u8 0 1 | COMMAND GETKEYSANDFLAGS EVAL x 2 a b c | COMMAND GETKEYSANDFLAGS SINTERSTORE d a b | COMMAND GETKEYSANDFLAGS OBJECT ENCODING a | COMMAND GETKEYSANDFLAGS LMOVE a b LEFT LEFT | COMMAND GETKEYSANDFLAGS RENAME a b
    A COMMAND GETKEYSANDFLAGS PING x | COMMAND GETKEYSANDFLAGS nosuch x | COMMAND GETKEYSANDFLAGS GET | COMMAND GETKEYSANDFLAGS GET a b | COMMAND GETKEYS SORT d BY w* GET x* STORE x | COMMAND LIST FILTERBY ACLCAT nosuch | COMMAND LIST FILTERBY FOO x | COMMAND LIST FILTERBY PATTERN lol*
    A HELLO 3
    A COMMAND INFO get xread ping sort
    A COMMAND GETKEYSANDFLAGS GET a`,
};
