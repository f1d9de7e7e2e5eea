import type { MsetexForm, ScanForm, StreamOptions, ValueConditions } from '../../commands/index.js';
import type { SdsPolicy } from '../heap/index.js';

/** The storage of strings. */
export interface StringPolicy {
  readonly sds: SdsPolicy;
  /** Longest string that shares one allocation with its object. */
  readonly embeddedLimit: number;
  /** Whether values from 0 to 9999 are shared objects. */
  readonly sharesIntegers: boolean;
  /** SET trims the spare room of values from this length on, if it is over a tenth. */
  readonly trimsFrom: number;
  /** Whether values that are loaded from an RDB file are trimmed as SET trims them. */
  readonly trimsLoaded: boolean;
  /** Whether the sparse HyperLogLog grows ahead of need, up to 300 bytes at a time. */
  readonly growsHyperLogLogAhead: boolean;
}

/** The growth and shrinking of hash tables. */
export interface DictPolicy {
  /** Buckets of a table with one element. */
  readonly initialBuckets: number;
  /** While a child process saves, a table grows from this many elements per bucket on. */
  readonly growWithChildFrom: number;
  /** While a child process saves, elements move only if one array is at least this many times the other. */
  readonly moveWithChildFrom: number;
  /** The same ratio for a table that shrinks. */
  readonly shrinkWithChildFrom: number;
  /** Whether a deletion shrinks the table at 1 element in 8 buckets; otherwise cron does, below 1 in 10. */
  readonly shrinksOnDelete: boolean;
  /** Whether an operation moves the bucket that it looks into; otherwise it moves the next bucket in turn. */
  readonly movesWantedBucket: boolean;
  /** Whether an insertion after a lookup uses the place that was found; otherwise it moves a second bucket. */
  readonly insertsWhereLookedUp: boolean;
  /** Whether an empty table's array is replaced at once. */
  readonly replacesEmptyArray: boolean;
  /** Whether a table that is presized to no elements gets an array of the least size. */
  readonly presizesToNothing: boolean;
}

/** The hash tables that have buckets of seven entries. */
export interface BucketTablePolicy {
  /** Whether keys and the members of containers are in such tables; otherwise they are in dicts. */
  readonly replaceDicts: boolean;
  /** Whether a rehash ends when its old array is empty; otherwise when every bucket has been passed. */
  readonly endsWhenEmpty: boolean;
  /** Whether a step frees child buckets after all elements of their chain have moved; otherwise each after its own. */
  readonly freesChildrenLast: boolean;
  /** Empty buckets that a step passes while the table shrinks. After so many it moves nothing. */
  readonly emptyVisits: number;
  /** Whether a table that must be resized during a rehash finishes the rehash at once; otherwise it is resized later. */
  readonly finishesRehashToGrow: boolean;
  /** Whether maxmemory may forbid a smaller array, too. */
  readonly asksMemoryToShrink: boolean;
  /** Whether a command that removes elements shrinks the table once, at its end. */
  readonly shrinksAfterCommand: boolean;
  /** Elements that the fair choice of one at random samples, with a step of the rehash for each. */
  readonly fairSamples: number;
}

/** The objects that hold their key, and may hold an expiry and a short string. */
export interface KeyedObjectPolicy {
  /** Bytes of an object with the string in it, up to which it is in it. */
  readonly embedsUpTo: number;
  /** Whether that limit counts the key's own header; otherwise it counts three bytes around every key. */
  readonly countsKeyHeader: boolean;
  /** Whether that limit counts the expiry. */
  readonly countsExpiry: boolean;
  /** Whether an object whose region has eight bytes to spare can hold an expiry at once. */
  readonly usesSpareBytes: boolean;
  /** Whether a lookup reads the expiry from the object; otherwise it looks into the table of expires. */
  readonly tellsExpiry: boolean;
  /** Whether the entry of an expiry is removed before the value that it belongs to is freed. */
  readonly dropsExpiryFirst: boolean;
  /** Whether the object of a key that is moved, copied or loaded has the expiry at once. */
  readonly movesWithExpiry: boolean;
  /** Whether the table grows before the object of a loaded key is made. */
  readonly growsBeforeObject: boolean;
  /** Whether MEMORY USAGE measures the object with the key in it; otherwise it counts a bare object. */
  readonly isMeasured: boolean;
}

/** The storage of a database's keys. */
export interface KeyPolicy {
  /** Whether the name is allocated before its entry, after it, as a part of it, or as a part of the value's object. */
  readonly name: 'before' | 'after' | 'embedded' | 'inObject';
  /** Whether the tables of keys and expires need entries only where keys share a bucket. */
  readonly bareEntries: boolean;
  /** Bytes of a main entry in cluster mode, which links the keys of a slot; 0 if it is a plain entry. */
  readonly clusterEntry: number;
  /** Bytes that cluster mode adds to the dict of all keys. */
  readonly clusterDictMetadata: number;
  /** Bytes that MEMORY USAGE adds to a key in cluster mode. */
  readonly clusterUsage: number;
  /** Databases in cluster mode, which can use one of them. */
  readonly clusterDatabases: number;
  /** Whether each slot has a dict of its own in cluster mode, made with the slot's first key. */
  readonly dictPerSlot: boolean;
  /** Whether a kvstore holds the dicts: it makes them when they are first needed, and lists those that rehash. */
  readonly isKvstore: boolean;
  /** Bytes that a kvstore adds to each dict of keys. */
  readonly keysDictMetadata: number;
  /** Bytes that a kvstore adds to each dict of expires. */
  readonly expiresDictMetadata: number;
  /** Whether the background thread empties its tcache and purges the allocator after a flushed database. */
  readonly purgesAfterLazyFlush: boolean;
  /** Arguments of the job that frees a flushed database in the background. */
  readonly flushArguments: number;
  /** The kvstores of a database: of keys, of expires, and in later versions of hashes with fields that expire. */
  readonly stores: 2 | 3;
  /** Whether a database is allocated when a command first selects it; otherwise all are, when the server starts. */
  readonly makesDatabasesOnDemand: boolean;
  /** Whether a lookup reads the expires table while a file is loaded. */
  readonly looksUpExpiryWhileLoading: boolean;
  /** Whether PERSIST looks its key up once more, which moves a bucket. */
  readonly looksUpKeyToPersist: boolean;
  /** Whether there are policies that evict the keys that were modified least recently. */
  readonly evictsByChange: boolean;
  /** Whether a lazy deletion removes the expires entry first, before the background thread gets the value. */
  readonly deletesExpiryBeforeLazyFree: boolean;
}

/** The storage of hashes, lists, sets, sorted sets and streams. */
export interface ContainerPolicy {
  /** Whether HSET of more fields than a listpack may hold makes a hash table with room for all of them. */
  readonly presizesHash: boolean;
  /**
   * The allocations of HSET for a new field of a hash table, in order. A value that is first is copied before the only
   * lookup. Otherwise an existing field's old value is freed before the new one is copied.
   */
  readonly newFieldOrder: 'field, value, entry' | 'value, entry, field' | 'field, entry, value';
  /** Whether a popped list that is empty is deleted before the reply; otherwise after the element is freed. */
  readonly dropsListBeforeReply: boolean;
  /** Whether HSET makes the string of the field before the lookup, and frees it if the field exists. */
  readonly makesFieldFirst: boolean;
  /** Whether the fields of a hash table have headers without room to grow: 3 bytes where a string has 5. */
  readonly fixedFields: boolean;
  /** Whether the field of a hash table and a short value are one region. */
  readonly fieldEntries: boolean;
  /** Whether a listpack grows once for a field and its value, or for a member and its score. */
  readonly appendsPairs: boolean;
  /** Whether the tables of hashes and sorted sets need entries only where members share a bucket. */
  readonly bareEntries: boolean;
  /** Whether a sorted set's member lies in its skiplist node. */
  readonly membersInNodes: boolean;
  /** Whether a skiplist contains the node in front of all others. */
  readonly headerInSkiplist: boolean;
  /** Bytes of metadata after the table of a set. */
  readonly setTableMetadata: number;
  /** Whether an entry of a hash table holds field and value in one allocation, up to 128 bytes. */
  readonly jointEntries: boolean;
  /** Bytes of metadata after the table of a hash. */
  readonly hashTableMetadata: number;
  /** Whether the copy of a hash table has its object before it has fields. */
  readonly copiesIntoObject: boolean;
  /**
   * The structure that orders the fields that expire. A vset is a set of pointers beside the table. Ebuckets are lists
   * that run through the fields themselves, in a radix tree if there are many.
   */
  readonly fieldExpiry: 'none' | 'vset' | 'ebuckets';
  /** Whether each slot has ebuckets of its own for its hashes. */
  readonly fieldExpiryPerSlot: boolean;
  /** Whether the iterators of hashes are locals of the server, without allocations. */
  readonly iteratesOnStack: boolean;
  /** Whether small lists are one listpack. */
  readonly listpackLists: boolean;
  /** Whether small sets of strings are one listpack. */
  readonly listpackSets: boolean;
  /** Whether a set's hash table needs entries only where members share a bucket. */
  readonly bareSetEntries: boolean;
  /** Whether MEMORY USAGE measures each entry of a set; otherwise it counts a whole dict entry for each member. */
  readonly measuresSetEntries: boolean;
  /**
   * Whether MEMORY USAGE is what the server keeps of a value's allocations: listpacks without their spare room, strings
   * with short headers without theirs. Otherwise it is sampled.
   */
  readonly keepsUsage: boolean;
  /** Whether MEMORY USAGE measures the radix trees of streams; otherwise it estimates them from their nodes. */
  readonly measuresTrees: boolean;
  /** Whether a sorted set's hash table gets room for all members when it replaces a listpack. */
  readonly presizesSortedSet: boolean;
  /** Whether scores have as few digits as distinguish them from their neighbours; otherwise 17 digits. */
  readonly shortestScores: boolean;
  /** Bytes that two quicklist nodes are assumed to save by merging. */
  readonly mergeSaves: number;
  /** A list element from this size on has a node of its own; 0: when it exceeds the limit of a node. */
  readonly plainNodeBytes: number;
  /** Whether LSET of a large element splits the node; otherwise it inserts the element and deletes the old one. */
  readonly splitsOnReplace: boolean;
  /** Whether XREADGROUP and XCLAIM make the consumer even if it gets no entry. */
  readonly makesIdleConsumers: boolean;
  /** Whether a stream has a list of the groups in which an entry is pending. */
  readonly listsPendingGroups: boolean;
  /** Whether a consumer records when it was last given an entry. */
  readonly recordsActivity: boolean;
}

/** The allocations of a connected client. */
export interface ClientPolicy {
  /** Room that the first read from a client asks its query buffer for. */
  readonly queryBufferRead: number;
  /** Whether clients share one query buffer while they leave nothing unread in it. */
  readonly sharesQueryBuffer: boolean;
  readonly replyBuffer: number;
  /** Whether all complete commands of a read are parsed before the first runs, so that none is left in the buffer. */
  readonly parsesWholeReads: boolean;
  /** Slots of a new argument array, however many arguments a command announces. */
  readonly maxInitialArguments: number;
  /** Whether a client keeps its argument array for its next command, if that fits. */
  readonly keepsArgumentArray: boolean;
  /** Whether a client with a reply to write has a list node for that; otherwise the client contains the node. */
  readonly pendingWriteNode: boolean;
  /** Whether a rewritten command keeps its original array until its end; otherwise it keeps a copy until the call's end. */
  readonly keepsOriginalArray: boolean;
  /** Whether a client's states of blocking, of transactions and of subscriptions are made when they are first needed. */
  readonly makesStateOnDemand: boolean;
  /** Whether a watched key contains its node in the list of its client. */
  readonly watchedKeyHasNode: boolean;
  /** Whether a client looks up its watched keys in tables, one for each database. */
  readonly indexesWatchedKeys: boolean;
  /** Whether subscribed patterns are a dict; otherwise they are a list. */
  readonly patternsInDict: boolean;
}

/** The steps of commands, where versions reach one result in different ways. */
export interface CommandPolicy {
  /** Whether SET with a new expiry deletes the expires entry and adds it again. */
  readonly resetsExpiry: boolean;
  /** Whether SET with an expiry in the past deletes the key at once. */
  readonly setDeletesExpired: boolean;
  /** Whether SET is propagated with PXAT although it has that form already. */
  readonly propagatesExpiryAsPxat: boolean;
  /** Whether `SET key value EX seconds` is propagated by replacing two of its words; otherwise by a new vector. */
  readonly rewritesExpiryInPlace: boolean;
  /** The conditions on a value that SET has. */
  readonly valueConditions: ValueConditions;
  readonly msetex: MsetexForm;
  readonly streamOptions: StreamOptions;
  /** Whether a synchronous flush makes its client wait for the background thread; otherwise the main thread frees. */
  readonly flushesInBackground: boolean;
  /** Whether GETDEL frees the value in the background where lazyfree-lazy-user-del is on. */
  readonly getdelFreesLazily: boolean;
  readonly scan: ScanForm;
  /** Whether SCAN filters names before it copies them; otherwise it makes an object of every name. */
  readonly filtersScanFirst: boolean;
  /** Whether SUNION and SDIFF that do not store make a hash table, unless all sets are intsets. */
  readonly combinesIntoTable: boolean;
  /** Whether MSETNX looks each key up again as it adds it. */
  readonly looksUpInMsetnx: boolean;
  /** Whether SCAN collects names in a growing array; otherwise in a list with a node for each. */
  readonly scansIntoArray: boolean;
  /** Whether a stream's id is written to a string of its length; otherwise to one with room for any id. */
  readonly exactStreamIds: boolean;
  /** The form of the ids in a reply with entries of a stream. An object lasts until its entry is done. */
  readonly idsOfEntries: 'texts' | 'objects' | 'in place';
  /** The number of times that a read as a group makes the texts of the claims that it propagates. */
  readonly claimTexts: 'for each entry' | 'once';
  /** Whether such a read propagates the last id of the group also with acknowledgements. */
  readonly propagatesLastId: boolean;
  /** Whether ZUNION adds up scores in the table of its result; otherwise in one of its own. */
  readonly unitesInResult: boolean;
  /** Whether SMEMBERS reads its set alone; otherwise it is SINTER of one set. */
  readonly readsMembersAlone: boolean;
  /** Whether ZINTERCARD makes a sorted set, which it does not fill. */
  readonly countsIntoSet: boolean;
  /** Whether GEOADD makes scores, as its other arguments, embedded in their objects. */
  readonly embedsGeoScores: boolean;
  /** Whether the propagation of GEOADD shares the name of ZADD. */
  readonly sharesNameOfZadd: boolean;
  /** Raw strings from this length on are sent from where they are, without a copy in the reply; 0: none. */
  readonly sendsInPlaceFrom: number;
  /** Whether SELECT, MOVE and COPY allocate the numbers of the databases that they name. */
  readonly listsDatabases: boolean;
  /** Whether HGETALL, HKEYS and HVALS count what they reply as they go; otherwise they know the number before. */
  readonly defersHashLengths: boolean;
  /**
   * The form of requests on fields that expire. Options and fields have fixed places, or options may also follow the
   * fields, or all words before FIELDS are options.
   */
  readonly fieldForm: 'fixed places' | 'any order' | 'fields last';
  /** Whether requests on fields that expire look their key up before they are parsed, all but HSETEX. */
  readonly looksUpBeforeFields: boolean;
  /** Whether HTTL and HEXPIRETIME round a part of a second up; otherwise to the nearest second. */
  readonly roundsFieldSecondsUp: boolean;
  /** Whether LRANGE allocates a listTypeIterator. */
  readonly rangesByIterator: boolean;
  /** Bytes of INFO's formats for each byte that they print. */
  readonly infoFormatShare: number;
  /** Whether the array of commands that wait to be propagated is kept. */
  readonly keepsPropagatedArray: boolean;
}
