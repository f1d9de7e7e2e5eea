/** The fields of INFO by section, in the order of real servers, with the values of a server that has just started. */
import { isIn, type Release, type Since } from '../commands/index.js';

interface FieldRow {
  readonly names: string;
  /** The value that the fields have unless the store knows another; 0 if it is omitted. */
  readonly value?: string;
  /** The first release that has them; omitted if all have. */
  readonly since?: Since;
}

/**
 * Facts of the build and of the process are left out: the lab has no compiler, executable, event library or I/O
 * threads. The lab's thread adds the fields of active defragmentation.
 */
const FIELDS: Readonly<Record<string, readonly FieldRow[]>> = {
  server: [
    { names: 'redis_version' },
    { names: 'server_name valkey_version', since: { valkey: '8.0' } },
    { names: 'valkey_release_stage', since: { valkey: '8.1' }, value: 'ga' },
    { names: 'redis_git_sha1', value: '00000000' },
    { names: 'redis_git_dirty' },
    { names: 'server_mode', since: { valkey: '8.0' } },
    { names: 'redis_mode', since: { redis: '7.0' } },
    { names: 'os' },
    { names: 'arch_bits', value: '64' },
    { names: 'run_id tcp_port server_time_usec uptime_in_seconds uptime_in_days hz configured_hz' },
    { names: 'clients_hz', since: { valkey: '8.1' } },
    { names: 'lru_clock io_threads_active' },
    { names: 'availability_zone', since: { valkey: '8.0' }, value: '' },
  ],
  clients: [
    {
      names:
        'connected_clients cluster_connections maxclients client_recent_max_input_buffer client_recent_max_output_buffer blocked_clients tracking_clients',
    },
    { names: 'pubsub_clients watching_clients', since: { redis: '7.4', valkey: '8.0' } },
    { names: 'clients_in_timeout_table' },
    { names: 'total_watched_keys', since: { redis: '7.4', valkey: '8.0' } },
    { names: 'total_blocking_keys total_blocking_keys_on_nokey', since: '7.2' },
    { names: 'paused_reason paused_actions', since: { valkey: '8.1' }, value: 'none' },
    { names: 'paused_timeout_milliseconds', since: { valkey: '8.1' } },
  ],
  persistence: [
    { names: 'loading async_loading current_cow_peak current_cow_size current_cow_size_age' },
    { names: 'current_fork_perc', value: '0.00' },
    {
      names:
        'current_save_keys_processed current_save_keys_total rdb_changes_since_last_save rdb_bgsave_in_progress rdb_last_save_time',
    },
    { names: 'rdb_last_bgsave_status', value: 'ok' },
    { names: 'rdb_last_bgsave_time_sec rdb_current_bgsave_time_sec', value: '-1' },
    { names: 'rdb_saves' },
    { names: 'rdb_saves_consecutive_failures', since: { redis: '8.6' } },
    {
      names:
        'rdb_last_cow_size rdb_last_load_keys_expired rdb_last_load_keys_loaded aof_enabled aof_rewrite_in_progress aof_rewrite_scheduled',
    },
    { names: 'aof_last_rewrite_time_sec aof_current_rewrite_time_sec', value: '-1' },
    { names: 'aof_last_bgrewrite_status', value: 'ok' },
    { names: 'aof_rewrites aof_rewrites_consecutive_failures' },
    { names: 'aof_last_write_status', value: 'ok' },
    { names: 'aof_last_cow_size module_fork_in_progress module_fork_last_cow_size' },
    { names: 'slot_migration_fork_in_progress', since: { valkey: '9.1' } },
  ],
  stats: [
    {
      names:
        'total_connections_received total_commands_processed instantaneous_ops_per_sec total_net_input_bytes total_net_output_bytes total_net_repl_input_bytes total_net_repl_output_bytes',
    },
    {
      names: 'total_net_cluster_slot_import_bytes total_net_cluster_slot_export_bytes',
      since: { valkey: '9.1' },
    },
    {
      names:
        'instantaneous_input_kbps instantaneous_output_kbps instantaneous_input_repl_kbps instantaneous_output_repl_kbps',
      value: '0.00',
    },
    { names: 'rejected_connections sync_full sync_partial_ok sync_partial_err' },
    { names: 'expired_subkeys', since: { redis: '7.4' } },
    { names: 'expired_subkeys_active', since: { redis: '8.6' } },
    { names: 'expired_keys' },
    { names: 'expired_fields', since: { valkey: '9.1' } },
    { names: 'expired_keys_active', since: { redis: '8.6' } },
    { names: 'expired_stale_perc', value: '0.00' },
    { names: 'expired_keys_with_volatile_items_stale_perc', since: { valkey: '9.1' }, value: '0.00' },
    { names: 'expired_time_cap_reached_count expire_cycle_cpu_milliseconds evicted_keys evicted_clients' },
    { names: 'evicted_scripts', since: { redis: '7.4', valkey: '8.0' } },
    {
      names:
        'total_eviction_exceeded_time current_eviction_exceeded_time keyspace_hits keyspace_misses pubsub_channels pubsub_patterns pubsubshard_channels latest_fork_usec total_forks migrate_cached_sockets slave_expires_tracked_keys tracking_total_keys tracking_total_items tracking_total_prefixes unexpected_error_replies total_error_replies dump_payload_sanitizations total_reads_processed total_writes_processed io_threaded_reads_processed io_threaded_writes_processed',
    },
    { names: 'io_threaded_freed_objects', since: { valkey: '8.0' } },
    { names: 'io_threaded_accept_processed', since: { valkey: '8.1' } },
    { names: 'io_threaded_poll_processed', since: { valkey: '8.0' } },
    {
      names: 'io_threaded_total_prefetch_batches io_threaded_total_prefetch_entries',
      since: { redis: '8.6', valkey: '8.0' },
    },
    {
      names: 'client_query_buffer_limit_disconnections client_output_buffer_limit_disconnections',
      since: { redis: '7.4', valkey: '8.0' },
    },
    { names: 'reply_buffer_shrinks reply_buffer_expands' },
    {
      names:
        'eventloop_cycles eventloop_duration_sum eventloop_duration_cmd_sum instantaneous_eventloop_cycles_per_sec instantaneous_eventloop_duration_usec acl_access_denied_auth acl_access_denied_cmd acl_access_denied_key acl_access_denied_channel',
      since: '7.2',
    },
    { names: 'acl_access_denied_tls_cert', since: { redis: '8.6', valkey: '9.1' } },
    { names: 'acl_access_denied_db', since: { valkey: '9.1' } },
  ],
  replication: [
    { names: 'role', value: 'master' },
    { names: 'connected_slaves' },
    { names: 'replicas_waiting_psync', since: { valkey: '8.0' } },
    { names: 'master_failover_state', value: 'no-failover' },
    { names: 'master_replid' },
    { names: 'master_replid2', value: '0000000000000000000000000000000000000000' },
    { names: 'master_repl_offset' },
    { names: 'second_repl_offset', value: '-1' },
    { names: 'repl_backlog_active repl_backlog_size repl_backlog_first_byte_offset repl_backlog_histlen' },
  ],
};

/** Returns the fields of a section with their values after the start. */
export function fieldsOf(section: string, release: Release): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { names, value = '0', since } of FIELDS[section] ?? []) {
    if (since !== undefined && !isIn(release, since)) continue;
    for (const name of names.split(' ')) fields.set(name, value);
  }
  return fields;
}
