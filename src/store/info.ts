import { isIn } from '../commands/index.js';
import { fieldsOf } from './info-fields.js';
import type { KeyValues } from './key-values.js';

type Section = (store: KeyValues, nowMs: number) => Readonly<Record<string, string | number>>;

/** Sections of INFO with what the store knows; sections such as memory need the allocator, which is elsewhere. */
const SECTIONS: Readonly<Record<string, Section>> = {
  server: ({ version, port, startMs, isCluster, parameters, runId }, nowMs) => {
    const mode = isCluster ? 'cluster' : 'standalone';
    return {
      ...(version.product === 'valkey'
        ? { server_name: 'valkey', valkey_version: version.release, server_mode: mode }
        : { redis_mode: mode }),
      redis_version: version.redisRelease,
      os: 'slablab',
      run_id: runId,
      tcp_port: port,
      server_time_usec: Math.floor(nowMs * 1000),
      uptime_in_seconds: Math.max(0, Math.floor((nowMs - startMs) / 1000)),
      uptime_in_days: Math.max(0, Math.floor((nowMs - startMs) / 86_400_000)),
      hz: parameters.get('hz') ?? 0,
      configured_hz: parameters.get('hz') ?? 0,
      lru_clock: Math.floor(nowMs / 1000) % 2 ** 24,
      ...(isIn(version, { valkey: '8.1' }) ? { clients_hz: parameters.get('hz') ?? 0 } : {}),
    };
  },
  clients: ({ sessions, waiters, version, parameters, databases }) => {
    const all = [...sessions.values()];
    const watched = databases.reduce((sum, { watchers }) => sum + watchers.size, 0);
    return {
      connected_clients: sessions.size,
      maxclients: parameters.get('maxclients') ?? 0,
      blocked_clients: waiters.size,
      clients_in_timeout_table: waiters.ending,
      ...(isIn(version, '7.2') ? { total_blocking_keys: waiters.keys } : {}),
      ...(isIn(version, { redis: '7.4', valkey: '8.0' })
        ? {
            pubsub_clients: all.filter(({ isSubscribed }) => isSubscribed).length,
            watching_clients: all.filter(({ watches }) => watches.length > 0).length,
            total_watched_keys: watched,
          }
        : {}),
    };
  },
  persistence: ({ startMs }) => ({ rdb_last_save_time: Math.floor(startMs / 1000) }),
  stats: (store) => ({
    total_connections_received: store.sessionsEver,
    total_commands_processed: store.commandsDone,
    total_net_input_bytes: store.statistics.bytesIn,
    total_net_output_bytes: store.statistics.bytesOut,
    expired_keys: store.events.count('expired'),
    evicted_keys: store.events.count('evicted'),
    keyspace_hits: store.statistics.hits,
    keyspace_misses: store.events.count('keymiss'),
    total_error_replies: store.statistics.errorReplies,
    pubsub_channels: store.publishing.channels.size,
    pubsub_patterns: store.publishing.patterns.size,
    pubsubshard_channels: store.publishing.shardChannels.size,
  }),
  replication: ({ parameters, runId }) => ({
    master_replid: [...runId].reverse().join(''),
    repl_backlog_size: parameters.get('repl-backlog-size') ?? 0,
  }),
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
  keyspace: ({ databases, version }) => {
    const fields = isIn(version, { redis: '7.4' })
      ? 'subexpiry'
      : isIn(version, { valkey: '9.1' })
        ? 'keys_with_volatile_items'
        : undefined;
    const said: Record<string, string> = {};
    for (const [number, data] of databases.entries()) {
      if (data.keys.size === 0) continue;
      const { expiring, withFields } = data.countExpiring();
      said[`db${number}`] =
        `keys=${data.keys.size},expires=${expiring},avg_ttl=0` +
        (fields === undefined ? '' : `,${fields}=${withFields}`);
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
      const fields = fieldsOf(name, store.version);
      for (const [field, value] of Object.entries(section(store, nowMs))) fields.set(field, `${value}`);
      const lines = [...fields].map(([field, value]) => `${field}:${value}\r\n`);
      return `# ${name === 'cpu' ? 'CPU' : `${name[0]?.toUpperCase()}${name.slice(1)}`}\r\n${lines.join('')}`;
    });
  return parts.join('\r\n');
}
