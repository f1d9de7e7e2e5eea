import type { KeyValues } from './key-values.js';

type Section = (store: KeyValues, nowMs: number) => Readonly<Record<string, string | number>>;

/** Sections of INFO that the store fills; sections such as memory need the allocator, which is elsewhere. */
const SECTIONS: Readonly<Record<string, Section>> = {
  server: ({ version, port, startMs, isCluster }, nowMs) => ({
    ...(version.product === 'valkey' ? { server_name: 'valkey', valkey_version: version.release } : {}),
    redis_version: version.redisRelease,
    redis_mode: isCluster ? 'cluster' : 'standalone',
    os: 'slablab',
    arch_bits: 64,
    tcp_port: port,
    uptime_in_seconds: Math.max(0, Math.floor((nowMs - startMs) / 1000)),
    uptime_in_days: Math.max(0, Math.floor((nowMs - startMs) / 86_400_000)),
  }),
  clients: ({ sessions }) => ({ connected_clients: sessions.size, blocked_clients: 0 }),
  persistence: () => ({
    loading: 0,
    rdb_bgsave_in_progress: 0,
    aof_enabled: 0,
  }),
  stats: (store) => ({
    total_connections_received: store.sessionsEver,
    total_commands_processed: store.commandsDone,
  }),
  replication: () => ({ role: 'master', connected_slaves: 0 }),
  cluster: ({ isCluster }) => ({ cluster_enabled: isCluster ? 1 : 0 }),
  keyspace: ({ databases }) => {
    const said: Record<string, string> = {};
    for (const [number, { keys, expiring }] of databases.entries()) {
      if (keys.size > 0) said[`db${number}`] = `keys=${keys.size},expires=${expiring.size},avg_ttl=0`;
    }
    return said;
  },
};

const EVERYTHING = new Set(['all', 'default', 'everything']);

/** Returns the text of INFO [section …], of the sections that are known here. */
export function infoText(store: KeyValues, wanted: readonly string[], nowMs: number): string {
  const names = wanted.map((name) => name.toLowerCase());
  const isAll = names.length === 0 || names.some((name) => EVERYTHING.has(name));
  const parts = Object.entries(SECTIONS)
    .filter(([name]) => isAll || names.includes(name))
    .map(([name, section]) => {
      const lines = Object.entries(section(store, nowMs)).map(([field, value]) => `${field}:${value}\r\n`);
      return `# ${name[0]?.toUpperCase()}${name.slice(1)}\r\n${lines.join('')}`;
    });
  return parts.join('\r\n');
}
