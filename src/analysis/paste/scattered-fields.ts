/**
 * Finds the figures of INFO by their names alone, in texts that have them neither as `name:value` nor as rows. Such are
 * tables whose heads are the names, lists of objects, metrics of agents, and dumps of a program's values.
 */
import { STATS_NAMES } from './memory-stats.js';
import type { PastedLine } from './named-text.js';
import { parseSize } from './sizes.js';

const FIGURES = (
  'used_memory used_memory_rss used_memory_peak used_memory_overhead used_memory_startup used_memory_dataset ' +
  'used_memory_lua used_memory_vm_total used_memory_vm_eval used_memory_vm_functions used_memory_functions ' +
  'used_memory_scripts used_memory_scripts_eval used_memory_human used_memory_rss_human used_memory_peak_human ' +
  'used_memory_lua_human used_memory_vm_total_human used_memory_scripts_human used_memory_peak_perc ' +
  'used_memory_dataset_perc allocator_allocated allocator_active allocator_resident allocator_muzzy ' +
  'allocator_frag_ratio allocator_frag_bytes allocator_rss_ratio allocator_rss_bytes rss_overhead_ratio ' +
  'rss_overhead_bytes mem_fragmentation_ratio mem_fragmentation_bytes mem_not_counted_for_evict ' +
  'mem_replication_backlog mem_total_replication_buffers mem_replica_full_sync_buffer mem_clients_slaves ' +
  'mem_clients_normal mem_cluster_links mem_aof_buffer maxmemory maxmemory_human total_system_memory ' +
  'total_system_memory_human maxclients connected_clients arch_bits active_defrag_running current_cow_size'
).split(' ');
const WORDS = (
  'redis_version valkey_version keydb_version dragonfly_version garnet_version kvrocks_version redict_version ' +
  'server_name mem_allocator maxmemory_policy'
).split(' ');
/** The names that agents and exporters give to figures of INFO. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  memory_used_bytes: 'used_memory',
  memory_used_rss_bytes: 'used_memory_rss',
  memory_used_peak_bytes: 'used_memory_peak',
  memory_used_lua_bytes: 'used_memory_lua',
  memory_used_vm_total: 'used_memory_vm_total',
  memory_used_overhead_bytes: 'used_memory_overhead',
  memory_used_startup_bytes: 'used_memory_startup',
  memory_used_dataset_bytes: 'used_memory_dataset',
  memory_max_bytes: 'maxmemory',
  memory_fragmentation_ratio: 'mem_fragmentation_ratio',
  allocator_allocated_bytes: 'allocator_allocated',
  allocator_active_bytes: 'allocator_active',
  allocator_resident_bytes: 'allocator_resident',
  redis_mem_used: 'used_memory',
  redis_mem_rss: 'used_memory_rss',
  redis_mem_peak: 'used_memory_peak',
  redis_mem_lua: 'used_memory_lua',
  redis_mem_startup: 'used_memory_startup',
  redis_mem_overhead: 'used_memory_overhead',
  redis_mem_fragmentation_ratio: 'mem_fragmentation_ratio',
};

const squashed = (name: string) => name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
const CANONICAL: ReadonlyMap<string, string> = new Map([
  ...[...FIGURES, ...WORDS].map((name) => [squashed(name), name] as const),
  ...[...Object.entries(OTHER_NAMES), ...STATS_NAMES].map(
    ([other, name]) => [squashed(other), name] as const,
  ),
]);

/** Matches what joins the words of a name: an underscore, which Markdown escapes or loses, a dot, a dash or a blank. */
const JOINT = '[_. \\\\-]{0,2}';
const ALL = [...FIGURES, ...WORDS, ...Object.keys(OTHER_NAMES), ...STATS_NAMES.map(([name]) => name)]
  .sort((left, right) => right.length - left.length)
  .map((name) => name.replaceAll('.', '\\.').split('_').join(JOINT))
  .join('|');
/** A known name, or another one, at which the figures of the name before end. */
const NAME = new RegExp(
  `(?<![A-Za-z\\d])(?:(?:(?:redis|valkey|info|memory|mem|stats)[_.])*(${ALL})(?![A-Za-z\\d]|[_-][A-Za-z])|[A-Za-z]{2,}[_.][A-Za-z_.]{2,})`,
  'gi',
);
const NUMBER =
  /(?<![\w.#%])(-?(?:\d{1,3}(?:[,_']\d{2,3})+(?!\d)|\d+(?:\.\d+)*)(?:e[+-]?\d+)?(?: ?(?:[KMGT](?:i?B)?|bytes|B)(?!\w))?%?)(?:i(?!\w)|(?![\w…]))/gi;
const WORD = /["'`:=|,>\s]([a-z]+-\d[\w.]*|\d+\.\d+(?:\.\d+)?(?![\w.,])|libc|redis|valkey|[a-z]+-[a-z]+)/i;
/** The length of a string, the number of an element, or the labels of a metric, before the figure. */
const NOT_THE_FIGURE = /(?<=\n[ \t]*)\d+[)#]|\b(?:len|size)=\d+|\bstring\(\d+\)|^\{[^{}\n]*="[^{}\n]*\}/g;
/** A figure that is farther from its name belongs to something else. */
const MAX_DISTANCE = 200;
/** So many names show that a line is the head of a table. */
const MIN_HEADS = 2;
/** A figure may change between the moments at which a server takes its parts. */
const TOLERANCE = 0.1;

interface Found {
  readonly name: string;
  /** The index of the line that has the name. */
  readonly line: number;
  readonly values: readonly string[];
}

/** Returns lines of `name:value`, each in the place of its name; null if no figure can be told for sure. */
export function scatteredFields(lines: readonly PastedLine[]): string[] | null {
  const found = fieldsOfColumns(lines) ?? fieldsByNames(lines);
  if (found === null || !agree(found)) return null;
  const texts = lines.map((): string[] => []);
  for (const { name, line, values } of found) texts[line]!.push(...values.map((value) => `${name}:${value}`));
  return texts.map((pairs) => pairs.join(' '));
}

/** Reads a table whose head has the names, and each further row the figures of a moment. */
function fieldsOfColumns(lines: readonly PastedLine[]): Found[] | null {
  for (const [at, { text }] of lines.entries()) {
    const heads = cellsOf(text).map((cell) => CANONICAL.get(squashed(cell)));
    if (heads.filter((name) => name !== undefined && FIGURES.includes(name)).length < MIN_HEADS) continue;
    const rows = lines
      .map((line, index) => ({ cells: cellsOf(line.text), line: index }))
      .filter(
        ({ cells, line }) =>
          line > at && cells.length === heads.length && cells.some((cell) => /\d/.test(cell)),
      );
    if (rows.length === 0) return null;
    return rows.flatMap(({ cells, line }) =>
      heads.flatMap((name, column) =>
        name === undefined ? [] : [{ name, line, values: [cells[column]!.replaceAll(/\s/g, '')] }],
      ),
    );
  }
  return null;
}

function cellsOf(line: string): string[] {
  const separator = ['\t', '|', ';', ','].find((mark) => line.includes(mark)) ?? ' ';
  return line
    .trim()
    .replaceAll(/^\||\|$/g, '')
    .split(separator === ' ' ? /\s+/ : separator)
    .map((cell) => cell.trim().replaceAll(/^["'`*]+|["'`*]+$/g, ''));
}

/** Takes the first figure that follows each name. */
function fieldsByNames(lines: readonly PastedLine[]): Found[] | null {
  const text = lines.map((line) => line.text).join('\n');
  const names = [...text.matchAll(NAME)];
  const found: Found[] = [];
  let line = 0;
  let counted = 0;
  for (const [index, { 0: all, 1: known, index: from }] of names.entries()) {
    for (; counted < from; counted++) if (text[counted] === '\n') line++;
    const name = known === undefined ? undefined : CANONICAL.get(squashed(known));
    if (name === undefined) continue;
    const start = from + all.length;
    const end = Math.min(names[index + 1]?.index ?? text.length, start + MAX_DISTANCE);
    const between = text.slice(start, end).replaceAll(NOT_THE_FIGURE, (part) => ' '.repeat(part.length));
    const values = WORDS.includes(name)
      ? [WORD.exec(between)?.[1]].filter((word) => word !== undefined)
      : [...between.matchAll(NUMBER)].map(([, number = '']) => number);
    if (values.length === 0) continue;
    if (!WORDS.includes(name) && standsBeforeAnother(text, start, end, between.search(NUMBER))) return null;
    found.push({ name, line, values });
  }
  return found.length === 0 ? null : firstOf(found);
}

/** Whether a figure is on another line than its name, and before another name there. */
function standsBeforeAnother(text: string, start: number, end: number, at: number): boolean {
  return (
    text.slice(start, start + at).includes('\n') &&
    !/\n/.test(text.slice(start + at, end)) &&
    end < text.length
  );
}

/** Keeps one value of each name: the first, but for what all have alike, as the time of a metric. */
function firstOf(found: readonly Found[]): Found[] {
  const numbers = found.filter(({ name }) => FIGURES.includes(name));
  const [first] = numbers[0]?.values ?? [];
  const isCommon =
    numbers.length > 2 && numbers.every(({ values }) => values.length > 1 && values[0] === first);
  return found.map((field) => {
    const at = isCommon && FIGURES.includes(field.name) ? 1 : 0;
    return { ...field, values: field.values.slice(at, at + 1) };
  });
}

/** Whether the figures fit each other as those of one server do. */
function agree(found: readonly Found[]): boolean {
  const sizeOf = (wanted: string) => {
    const text = found.find(({ name }) => name === wanted)?.values[0];
    return text === undefined ? null : parseSize(text);
  };
  const [used, rss] = [sizeOf('used_memory'), sizeOf('used_memory_rss')];
  const ratio = Number(found.find(({ name }) => name === 'mem_fragmentation_ratio')?.values[0] ?? Number.NaN);
  const near = (left: number, right: number) =>
    Math.abs(left - right) <= TOLERANCE * Math.max(left, right) + 1;
  if (used !== null && rss !== null && used > 0 && ratio > 0 && !near(rss / used, ratio)) return false;
  const [active, allocated] = [sizeOf('allocator_active'), sizeOf('allocator_allocated')];
  const holes = sizeOf('allocator_frag_bytes');
  if (active !== null && allocated !== null && holes !== null && !near(active - allocated, holes))
    return false;
  return used !== null || rss !== null;
}
