import { isIn } from '../commands/index.js';
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
  clients: ({ sessions, waiters, version }) => ({
    connected_clients: sessions.size,
    blocked_clients: waiters.size,
    ...(isIn(version, '7.2') ? { total_blocking_keys: waiters.keys } : {}),
  }),
  persistence: () => ({
    loading: 0,
    rdb_bgsave_in_progress: 0,
    aof_enabled: 0,
  }),
  stats: (store) => ({
    total_connections_received: store.sessionsEver,
    total_commands_processed: store.commandsDone,
    total_error_replies: store.statistics.errorReplies,
    pubsub_channels: store.publishing.channels.size,
    pubsub_patterns: store.publishing.patterns.size,
    pubsubshard_channels: store.publishing.shardChannels.size,
  }),
  replication: () => ({ role: 'master', connected_slaves: 0, master_repl_offset: 0, second_repl_offset: -1 }),
  cpu: ({ cpuUsage }) => {
    if (cpuUsage === undefined) return {};
    const { userMicroseconds, systemMicroseconds } = cpuUsage();
    return {
      used_cpu_sys: (systemMicroseconds / 1e6).toFixed(6),
      used_cpu_user: (userMicroseconds / 1e6).toFixed(6),
    };
  },
  modules: () => ({}),
  commandstats: ({ statistics }) => {
    const lines: Record<string, string> = {};
    for (const [name, { calls, microseconds, rejected, failed }] of statistics.byCommand) {
      const perCall = calls === 0 ? 0 : microseconds / calls;
      lines[`cmdstat_${name}`] =
        `calls=${calls},usec=${microseconds},usec_per_call=${perCall.toFixed(2)},` +
        `rejected_calls=${rejected},failed_calls=${failed}`;
    }
    return lines;
  },
  errorstats: ({ statistics }) => {
    const lines: Record<string, string> = {};
    for (const [code, count] of statistics.errors) lines[`errorstat_${code}`] = `count=${count}`;
    return lines;
  },
  cluster: ({ isCluster }) => ({ cluster_enabled: isCluster ? 1 : 0 }),
  keyspace: ({ databases }) => {
    const said: Record<string, string> = {};
    for (const [number, { keys, expiring }] of databases.entries()) {
      if (keys.size > 0) said[`db${number}`] = `keys=${keys.size},expires=${expiring.size},avg_ttl=0`;
    }
    return said;
  },
};

const EVERYTHING: ReadonlySet<string> = new Set(['all', 'everything']);
/** The sections that INFO has only if they are asked for. */
const NOT_BY_DEFAULT: ReadonlySet<string> = new Set(['commandstats']);
/** The sections that servers have and the store has not. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['latencystats', 'debug', 'keysizes', 'threads', 'hotkeys']);

/** Returns the first section that is asked for by its name and that the store does not have. */
export function unsupportedSection(wanted: readonly string[]): string | undefined {
  return wanted.map((name) => name.toLowerCase()).find((name) => UNSUPPORTED.has(name));
}

/** Returns the text of INFO [section …], of the sections that are known here. */
export function infoText(store: KeyValues, wanted: readonly string[], nowMs: number): string {
  const names = wanted.map((name) => name.toLowerCase());
  const isAll = names.some((name) => EVERYTHING.has(name));
  const isDefault = names.length === 0 || names.includes('default');
  const isWanted = (name: string) =>
    isAll || (isDefault && !NOT_BY_DEFAULT.has(name)) || names.includes(name);
  const parts = Object.entries(SECTIONS)
    .filter(([name]) => isWanted(name))
    .map(([name, section]) => {
      const lines = Object.entries(section(store, nowMs)).map(([field, value]) => `${field}:${value}\r\n`);
      return `# ${name === 'cpu' ? 'CPU' : `${name[0]?.toUpperCase()}${name.slice(1)}`}\r\n${lines.join('')}`;
    });
  return parts.join('\r\n');
}
