/** Explains why jemalloc refused a configuration, and what to write instead. */
import { nearestName } from '../base/index.js';

/** Options of MALLOC_CONF that jemalloc has since 5.2.1 and that the lab's builds support. */
const OPTIONS_SINCE_5_2 = [
  'abort',
  'abort_conf',
  'bin_shards',
  'confirm_conf',
  'dirty_decay_ms',
  'dss',
  'lg_extent_max_active_fit',
  'lg_tcache_max',
  'metadata_thp',
  'muzzy_decay_ms',
  'narenas',
  'oversize_threshold',
  'percpu_arena',
  'retain',
  'slab_sizes',
  'stats_print',
  'stats_print_opts',
  'tcache',
  'thp',
];

/** Options that 5.3.0 added. */
const OPTIONS_SINCE_5_3 = [
  'cache_oblivious',
  'lg_san_uaf_align',
  'lg_tcache_flush_large_div',
  'lg_tcache_flush_small_div',
  'lg_tcache_nslots_mul',
  'mutex_max_spin',
  'san_guard_large',
  'san_guard_small',
  'stats_interval',
  'stats_interval_opts',
  'tcache_gc_delay_bytes',
  'tcache_gc_incr_bytes',
  'tcache_max',
  'tcache_nslots_large',
  'tcache_nslots_small_max',
  'tcache_nslots_small_min',
  'trust_madvise',
  'zero_realloc',
];

/** Options that 5.3.1 added. */
const OPTIONS_SINCE_5_3_1 = [
  'calloc_madvise_threshold',
  'debug_double_free_max_scan',
  'disable_large_size_classes',
  'experimental_tcache_gc',
  'process_madvise_max_batch',
  'tcache_ncached_max',
];

/** The options that at least one build supports; an older jemalloc itself rejects the newer ones. */
export const CONF_OPTIONS: readonly string[] = [
  ...OPTIONS_SINCE_5_2,
  ...OPTIONS_SINCE_5_3,
  ...OPTIONS_SINCE_5_3_1,
];

/** Returns an error text for a refused configuration. `words` is jemalloc's own output, one reason a line. */
export function explainConf(conf: string, words: string, version: string): string {
  const reasons = [...new Set(words.split('\n').map((line) => line.replace(/^<jemalloc>: /, '').trim()))]
    .filter((line) => line !== '')
    .map((line) => `"${line}"`)
    .join(', ');
  return [
    `conf '${conf}': jemalloc says ${reasons}`,
    ...conf.split(',').flatMap((pair) => hint(pair, version)),
  ].join('; ');
}

/** Returns the options that a version of jemalloc has and its builds support. */
export function optionsOf(version: string): readonly string[] {
  if (version.startsWith('5.2.')) return OPTIONS_SINCE_5_2;
  return version.startsWith('5.3.0') ? [...OPTIONS_SINCE_5_2, ...OPTIONS_SINCE_5_3] : CONF_OPTIONS;
}

function hint(pair: string, version: string): string[] {
  const name = /^\s*([A-Za-z_]\w*)/.exec(pair)?.[1] ?? '';
  const options = optionsOf(version);
  if (!options.includes(name)) {
    const nearest = nearestName(name, options);
    const first = OPTIONS_SINCE_5_3_1.includes(name) ? '5.3.1' : '5.3.0';
    const since = CONF_OPTIONS.includes(name) ? ` in jemalloc ${version}, only since ${first}` : '';
    return [
      `there is no option '${name}'${since}${nearest === undefined ? '' : `, did you mean '${nearest}'?`}`,
    ];
  }
  if (pair.includes(':')) return [];
  const value = /=(.+)$/.exec(pair.trim())?.[1];
  const whole = value === undefined ? '' : ` (${name}:${value})`;
  return [`write '${pair.trim()}' as '${name}:value'${whole}`];
}

/**
 * Returns the options in a configuration that is written as a program, a shell or a build reads it:
 * `MALLOC_CONF=…`, `export _RJEM_MALLOC_CONF="…"`, `const char *_rjem_malloc_conf = "…";`.
 */
export function plainConf(text: string): string {
  const [, value] = /^[\w\s*]*?\b\w*malloc_conf\w*\s*[=:]\s*(.*?)\s*;?\s*$/is.exec(text) ?? [];
  return value === undefined ? text : value.replace(/^(["'])(.*)\1$/s, '$2');
}
