/**
 * Attributes a modelled server's memory to data types: the figures of `BGSAVE STAT_MEMORY`, but exact. The parts are
 * disjoint, and their sum is `used_memory`. A server computes them in a forked child. The model keeps sums at all times
 * and copies them between commands.
 */
import {
  DATA_TYPE_NAMES,
  DataType,
  dataTypeOfTag,
  kindOfTag,
  type MemoryAccountsCopy,
  STRUCT_KIND_NAMES,
  StructKind,
  TYPE_NAMES,
  ValueType,
} from '../model/index.js';

type TypeName = (typeof TYPE_NAMES)[ValueType];

export interface TypeFigures {
  readonly keys: number;
  /** Usable bytes of names (if they are separate regions), value objects, and the contents of values. */
  readonly bytes: number;
}

/** Regions of one struct kind and subject. */
export interface KindFigures {
  /** The data type of a value, `keys` or `expires` for their tables, `field expiry`, or `server`. */
  readonly subject: string;
  readonly kind: string;
  readonly regions: number;
  readonly bytes: number;
}

/** Usable bytes of a modelled server by type and purpose. Fields name the figure of `Rdb_stats` that they match. */
export interface TypeProfile {
  readonly keys: number;
  readonly types: Readonly<Record<TypeName, TypeFigures>>;
  /** Sum of all types (`mem_kv_user_data`). */
  readonly userDataBytes: number;
  /** The tables of keys that expire: structs, bucket arrays, entries (`mem_kv_expiration`). */
  readonly expiresBytes: number;
  /** The structures that order hash fields that expire, and the table of such hashes (`mem_kv_hash_metadata`). */
  readonly hashMetadataBytes: number;
  /**
   * The tables of all keys: structs, bucket arrays, entries (`mem_um_kvstore`). Value objects and names count for their
   * types, except names that are embedded in the entries.
   */
  readonly keyspaceBytes: number;
  /** Client structs, query and reply buffers, arguments, transactions, watched keys (`mem_um_clients_io`). */
  readonly clients: {
    readonly normalBytes: number;
    /** Always 0, since subscriptions are not modelled. */
    readonly pubSubBytes: number;
    /** Always 0, since replicas count as normal clients. */
    readonly replicaBytes: number;
  };
  /** Buffer of the append-only file (`mem_sys_aof_buffer`); 0, since the modelled server writes none. */
  readonly aofBufferBytes: number;
  /** Output to replicas (`mem_sys_repl_buffer`) and the replication backlog (`mem_sys_repl_backlog`). */
  readonly replicationBufferBytes: number;
  readonly replicationBacklogBytes: number;
  /** All other memory of the server: start-up allocations, statistics, scripts, temporary memory of commands. */
  readonly serverBytes: number;
  /** Sum of all figures above: `used_memory`. */
  readonly usedMemory: number;
  /** Lua and the C library, if they share the server's allocator; not part of used_memory. */
  readonly otherLibrariesBytes: number;
  /** The same bytes by subject and struct kind, largest first, without kinds that have no regions. */
  readonly kinds: readonly KindFigures[];
}

const CLIENT_KINDS: ReadonlySet<number> = new Set([
  StructKind.client,
  StructKind.clientState,
  StructKind.queryBuffer,
  StructKind.replyBuffer,
  StructKind.replyBlock,
  StructKind.argumentArray,
  StructKind.argumentObject,
  StructKind.argumentString,
  StructKind.transaction,
  StructKind.watchedKey,
]);

export function typeProfile({ bytes, regions, keys }: MemoryAccountsCopy): TypeProfile {
  const bySubject = new Float64Array(16);
  const kinds: KindFigures[] = [];
  let clients = 0;
  let others = 0;
  let backlog = 0;
  for (let owner = 0; owner < bytes.length; owner++) {
    const held = bytes[owner]!;
    if (regions[owner] === 0) continue;
    const kind = kindOfTag(owner) as StructKind;
    const subject = dataTypeOfTag(owner);
    kinds.push({
      subject: DATA_TYPE_NAMES[subject],
      kind: STRUCT_KIND_NAMES[kind],
      regions: regions[owner]!,
      bytes: held,
    });
    if (kind === StructKind.otherLibraries) others += held;
    else if (kind === StructKind.replicationBacklog) backlog += held;
    else if (subject === DataType.server && CLIENT_KINDS.has(kind)) clients += held;
    else bySubject[subject] = bySubject[subject]! + held;
  }
  const values = Object.values(ValueType);
  const types = Object.fromEntries(
    values.map((type) => [TYPE_NAMES[type], { keys: keys[type]!, bytes: bySubject[type]! }]),
  ) as Record<TypeName, TypeFigures>;
  const userDataBytes = sum(Object.values(types).map((figures) => figures.bytes));
  const expiresBytes = bySubject[DataType.expires]!;
  const hashMetadataBytes = bySubject[DataType.fieldExpiry]!;
  const keyspaceBytes = bySubject[DataType.keys]!;
  const serverBytes = bySubject[DataType.server]!;
  return {
    keys: sum(Object.values(types).map((figures) => figures.keys)),
    types,
    userDataBytes,
    expiresBytes,
    hashMetadataBytes,
    keyspaceBytes,
    clients: { normalBytes: clients, pubSubBytes: 0, replicaBytes: 0 },
    aofBufferBytes: 0,
    replicationBufferBytes: 0,
    replicationBacklogBytes: backlog,
    serverBytes,
    usedMemory:
      userDataBytes + expiresBytes + hashMetadataBytes + keyspaceBytes + clients + backlog + serverBytes,
    otherLibrariesBytes: others,
    kinds: kinds.sort((left, right) => right.bytes - left.bytes),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
