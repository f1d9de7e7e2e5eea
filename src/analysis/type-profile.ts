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
  /** Usable bytes of names (where they are regions of their own), value objects, and all that values consist of. */
  readonly bytes: number;
}

/** Regions of one struct kind and subject. */
export interface KindFigures {
  /** A type of value, `keys` and `expires` for their tables, or `server`. */
  readonly subject: string;
  readonly kind: string;
  readonly regions: number;
  readonly bytes: number;
}

export interface TypeProfile {
  readonly keys: number;
  readonly types: Readonly<Record<TypeName, TypeFigures>>;
  /** Sum of all types (`mem_kv_user_data`). */
  readonly userDataBytes: number;
  /** The tables of keys that expire: structs, bucket arrays, entries (`mem_kv_expiration`). */
  readonly expiresBytes: number;
  /** What hashes keep of their fields' times of expiry (`mem_kv_hash_metadata`): the modelled servers have no such times. */
  readonly hashMetadataBytes: number;
  /**
   * The tables of all keys: structs, bucket arrays, entries (`mem_um_kvstore`). Value objects count for their types,
   * and so do names, unless they are embedded in the entries.
   */
  readonly keyspaceBytes: number;
  /** `mem_um_clients_io`: structs, query and reply buffers, arguments, transactions, watched keys. */
  readonly clients: {
    readonly normalBytes: number;
    /** Subscriptions are not modelled. */
    readonly pubSubBytes: number;
    /** Replicas count as normal clients. */
    readonly replicaBytes: number;
  };
  /** A server that writes no append-only file has no buffer for it (`mem_sys_aof_buffer`); the modelled one does not. */
  readonly aofBufferBytes: number;
  /** What replicas are still to be sent, and what is kept for them (`mem_sys_repl_buffer`, `mem_sys_repl_backlog`). */
  readonly replicationBufferBytes: number;
  readonly replicationBacklogBytes: number;
  /** All the rest: what the server allocated at its start, statistics, scripts, and what a command uses meanwhile. */
  readonly serverBytes: number;
  /** Sum of all of the above: `used_memory`. */
  readonly usedMemory: number;
  /** Lua and the C library, where they share the server's allocator; no part of used_memory. */
  readonly otherLibrariesBytes: number;
  /** The same, finer: by subject and struct kind, those that have regions, largest first. */
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
  const keyspaceBytes = bySubject[DataType.keys]!;
  const serverBytes = bySubject[DataType.server]!;
  return {
    keys: sum(Object.values(types).map((figures) => figures.keys)),
    types,
    userDataBytes,
    expiresBytes,
    hashMetadataBytes: 0,
    keyspaceBytes,
    clients: { normalBytes: clients, pubSubBytes: 0, replicaBytes: 0 },
    aofBufferBytes: 0,
    replicationBufferBytes: 0,
    replicationBacklogBytes: backlog,
    serverBytes,
    usedMemory: userDataBytes + expiresBytes + keyspaceBytes + clients + backlog + serverBytes,
    otherLibrariesBytes: others,
    kinds: kinds.sort((left, right) => right.bytes - left.bytes),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
