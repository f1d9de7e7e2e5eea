/** Sizes of a server's C structs in a 64-bit build (LP64), in bytes. Iterators that lie on the stack have 0. */
export interface StructSizes {
  readonly pointer: number;
  /** robj */
  readonly object: number;
  /** The fields of an robj in front of a string that is embedded in it. */
  readonly embeddedObjectHead: number;

  readonly dict: number;
  readonly dictEntry: number;
  readonly dictIterator: number;
  /** hashtable */
  readonly bucketTable: number;
  /** The dict entry of a set, which has no value. */
  readonly setEntry: number;
  /** The fields of an entry in front of a name that is embedded in it: value, next and the size of the sds header. */
  readonly embeddedEntryHead: number;
  /** The struct around the tables of keys (_kvstore), for versions that have one. */
  readonly keysStore: number;
  /** The same around the tables of expires. */
  readonly expiresStore: number;
  /** serverDb, where databases are allocated one by one. */
  readonly database: number;

  readonly list: number;
  readonly listNode: number;
  readonly rax: number;
  /** The fields of a raxNode in front of its key bytes. */
  readonly raxNodeHead: number;

  readonly quicklist: number;
  readonly quicklistNode: number;
  readonly quicklistIterator: number;
  readonly listTypeIterator: number;
  readonly setTypeIterator: number;
  readonly hashTypeIterator: number;
  /** zset */
  readonly sortedSet: number;
  readonly skiplist: number;
  /** zskiplistNode without its levels. */
  readonly skiplistNode: number;
  readonly skiplistLevel: number;
  readonly stream: number;
  readonly streamGroup: number;
  readonly streamConsumer: number;
  /** streamNACK */
  readonly streamPending: number;
  readonly streamId: number;

  /** listpackEx: the struct of a listpack with the expiries of fields. */
  readonly timedListpack: number;
  /** The metadata after the table of a hash with fields that expire, where ebuckets order them. */
  readonly fieldTimes: number;

  readonly client: number;
  readonly connection: number;
  /** The fields of a clientReplyBlock in front of its bytes. */
  /** A reference in a reply to a string that is sent from where it is. */
  readonly replyReference: number;
  /** The head of each part of a buffer with references; 0 where a reference has its own and others need none. */
  readonly replyPartHead: number;
  readonly replyBlockHead: number;
  /** multiCmd */
  readonly queuedCommand: number;
  /** pendingCommand: the record of a parsed command; 0 where there is no pool of them. */
  readonly parsedCommand: number;
  /** multiState, where it is an allocation. */
  readonly transactionState: number;
  readonly watchedKey: number;

  /** bio_job with one argument; each further argument adds a pointer. */
  readonly lazyFreeJob: number;
  readonly luaScript: number;
  readonly latencyHistogram: number;
  /** The counters of a histogram: 3,072 of 8 bytes each. */
  readonly latencyCounters: number;
  readonly replicationBacklog: number;
  /** The fields of a replBufBlock in front of its bytes. */
  readonly replicationBlockHead: number;
  /** redisOp: a command that waits to be propagated. */
  readonly propagatedCommand: number;

  /** struct bitfieldOp */
  readonly bitfieldOperation: number;
  /** 0 where the struct is on the stack. */
  readonly geoArray: number;
  readonly geoPoint: number;
  /** redisSortObject */
  readonly sortElement: number;
  /** redisSortOperation */
  readonly sortOperation: number;
  /** zsetopsrc: a source of ZUNIONSTORE and its kind. */
  readonly sortedSetSource: number;
}
