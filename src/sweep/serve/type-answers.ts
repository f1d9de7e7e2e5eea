/** A type profile as `BGSAVE STAT_MEMORY` logs it and as `INFO rdb_stats` lists it. */
import type { TypeProfile } from '../../memory/type-profile.js';

/** The two lines that a server with STAT_MEMORY writes to its log. Types without keys are left out, as there. */
export function profileLines(profile: TypeProfile): readonly [string, string] {
  const types = Object.entries(profile.types)
    .filter(([, { keys }]) => keys > 0)
    .map(([type, { keys, bytes }]) => `${type}=${keys}/${bytes}B`);
  const total = [
    `RDB object stats: total keys=${profile.keys} mem_bytes=${profile.userDataBytes}`,
    types.join(' '),
  ];
  const breakdown =
    'RDB memory breakdown: ' +
    `kv[user=${profile.userDataBytes}B expire=${profile.expiresBytes}B hash_meta=${profile.hashMetadataBytes}B] ` +
    `user_meta[kvstore=${profile.keyspaceBytes}B clients=${clientBytes(profile)}B] ` +
    `sys[aof_buf=${profile.aofBufferBytes}B repl_buf=${profile.replicationBufferBytes}B ` +
    `repl_backlog=${profile.replicationBacklogBytes}B]`;
  return [total.filter((part) => part !== '').join(' | '), breakdown];
}

/** The section `rdb_stats`, of the lab's memory now: nothing is saved, so nothing has to be waited for. */
export function rdbStatsSection(profile: TypeProfile): string {
  const lines = [`rdb_stats_keys:${profile.keys}`, `rdb_stats_used_memory:${profile.usedMemory}`];
  for (const [type, { keys, bytes }] of Object.entries(profile.types)) {
    lines.push(`rdb_stats_count_${type}:${keys}`, `rdb_stats_bytes_${type}:${bytes}`);
  }
  lines.push(
    `mem_kv_user_data:${profile.userDataBytes}`,
    `mem_kv_expiration:${profile.expiresBytes}`,
    `mem_kv_hash_metadata:${profile.hashMetadataBytes}`,
    `mem_um_kvstore:${profile.keyspaceBytes}`,
    `mem_um_clients_io:${clientBytes(profile)}`,
    `mem_sys_aof_buffer:${profile.aofBufferBytes}`,
    `mem_sys_repl_buffer:${profile.replicationBufferBytes}`,
    `mem_sys_repl_backlog:${profile.replicationBacklogBytes}`,
  );
  return `# Rdb_stats\r\n${lines.map((line) => `${line}\r\n`).join('')}`;
}

function clientBytes({ clients }: TypeProfile): number {
  return clients.normalBytes + clients.pubSubBytes + clients.replicaBytes;
}
