/** Formats a TypeProfile as the log lines of `BGSAVE STAT_MEMORY` and as INFO's section `rdb_stats`. */
import type { TypeFigures, TypeProfile } from './type-profile.js';

/** Returns the two lines that a server logs. Types without keys are omitted; the type with most bytes is first. */
export function statMemoryLines(profile: TypeProfile): readonly [objects: string, breakdown: string] {
  const { keys, userDataBytes, keyspaceBytes } = profile;
  const types = typesByBytes(profile).map(([name, figures]) => `${name}=${figures.keys}/${figures.bytes}B`);
  const user = `kv[user=${userDataBytes}B expire=${profile.expiresBytes}B hash_meta=${profile.hashMetadataBytes}B]`;
  const meta = `user_meta[kvstore=${keyspaceBytes}B clients=${clientBytes(profile)}B]`;
  const system =
    `sys[aof_buf=${profile.aofBufferBytes}B repl_buf=${profile.replicationBufferBytes}B ` +
    `repl_backlog=${profile.replicationBacklogBytes}B]`;
  return [
    ['RDB object stats:', `total keys=${keys}`, `mem_bytes=${userDataBytes}`, '|', ...types].join(' '),
    `RDB memory breakdown: ${user} ${meta} ${system}`,
  ];
}

/** Returns INFO's section `# Rdb_stats`, with CRLF line ends. It has all types in the order of the server's type numbers. */
export function rdbStatsSection(profile: TypeProfile): string {
  const lines = [
    '# Rdb_stats',
    `rdb_stats_total_keys:${profile.keys}`,
    `rdb_stats_mem_bytes:${profile.userDataBytes}`,
    ...Object.entries(profile.types).map(
      ([name, { keys, bytes }]) => `rdb_stats_${name}:keys=${keys},bytes=${bytes}`,
    ),
    `mem_kv_user_data:${profile.userDataBytes}`,
    `mem_kv_expiration:${profile.expiresBytes}`,
    `mem_kv_hash_metadata:${profile.hashMetadataBytes}`,
    `mem_um_kvstore:${profile.keyspaceBytes}`,
    `mem_um_clients_io:${clientBytes(profile)}`,
    `mem_sys_aof_buffer:${profile.aofBufferBytes}`,
    `mem_sys_repl_buffer:${profile.replicationBufferBytes}`,
    `mem_sys_repl_backlog:${profile.replicationBacklogBytes}`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function typesByBytes({ types }: TypeProfile): [string, TypeFigures][] {
  return Object.entries(types)
    .filter(([, { keys }]) => keys > 0)
    .sort(([, left], [, right]) => right.bytes - left.bytes);
}

/** Returns the bytes of clients without replicas, whose output buffers count as replication. */
function clientBytes({ clients: { normalBytes, pubSubBytes } }: TypeProfile): number {
  return normalBytes + pubSubBytes;
}
