/** Why jemalloc refused a configuration string, in words that say what to write instead. */
import { nearestName } from '../trace/index.js';

/** The options that jemalloc 5.3 takes in MALLOC_CONF and that this lab's builds honour. */
const OPTIONS = [
  'abort',
  'abort_conf',
  'bin_shards',
  'cache_oblivious',
  'confirm_conf',
  'dirty_decay_ms',
  'dss',
  'lg_extent_max_active_fit',
  'lg_san_uaf_align',
  'lg_tcache_flush_large_div',
  'lg_tcache_flush_small_div',
  'lg_tcache_max',
  'lg_tcache_nslots_mul',
  'metadata_thp',
  'muzzy_decay_ms',
  'mutex_max_spin',
  'narenas',
  'oversize_threshold',
  'percpu_arena',
  'retain',
  'san_guard_large',
  'san_guard_small',
  'slab_sizes',
  'stats_interval',
  'stats_interval_opts',
  'stats_print',
  'stats_print_opts',
  'tcache',
  'tcache_gc_delay_bytes',
  'tcache_gc_incr_bytes',
  'tcache_max',
  'tcache_nslots_large',
  'tcache_nslots_small_max',
  'tcache_nslots_small_min',
  'thp',
  'trust_madvise',
  'zero_realloc',
];

/** `words` is what jemalloc wrote, a line for each complaint. */
export function explainConf(conf: string, words: string): string {
  const said = [...new Set(words.split('\n').map((line) => line.replace(/^<jemalloc>: /, '').trim()))]
    .filter((line) => line !== '')
    .map((line) => `"${line}"`)
    .join(', ');
  return [`conf '${conf}': jemalloc says ${said}`, ...conf.split(',').flatMap(hint)].join('; ');
}

function hint(pair: string): string[] {
  const name = /^\s*([A-Za-z_]\w*)/.exec(pair)?.[1] ?? '';
  if (!OPTIONS.includes(name)) {
    const nearest = nearestName(name, OPTIONS);
    return [`there is no option '${name}'${nearest === undefined ? '' : `, did you mean '${nearest}'?`}`];
  }
  return pair.includes(':') ? [] : [`write '${pair.trim()}' as '${name}:value'`];
}
