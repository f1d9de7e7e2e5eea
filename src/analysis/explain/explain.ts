/** Explains the memory of a real server or program from what it reports about it. */
import { InputError, MIB } from '../../base/index.js';
import type { MallocStats, StatsReading } from '../malloc-stats/malloc-stats.js';
import type { NamedText } from '../paste/named-text.js';
import { type Paste, readPaste } from '../paste/read-paste.js';
import { isWhole, type MemorySample } from '../server/memory-sample.js';
import { productOf } from '../server/products.js';
import { hasMemory, parseServerInfo, type ServerInfo } from '../server/server-info.js';
import { hasBundledJemalloc } from './bundled-jemalloc.js';
import { explainProgram } from './explain-program.js';
import type { Explanation } from './explanation.js';
import { explanationOf, type Parted } from './explanation-of.js';
import { basisOf, figuresOfSample, figuresOfStats, splitByFigures } from './known-figures.js';
import { notesOnServer } from './notes.js';
import { refuseOther } from './other-figures.js';
import { otherJemalloc, runsOnOther } from './other-jemalloc.js';
import { type Split, splitByInfo, splitByStats, splitByUsed, splitWithoutJemalloc } from './split.js';

/** If INFO and the statistics differ by more than both limits of a pair, they are of different processes or times. */
const MAX_DIFFERENCES = [
  { share: 0.5, bytes: 8 * MIB },
  { share: 0.25, bytes: 64 * MIB },
] as const;

/** More are not named in one message. */
const MAX_FAULTS = 6;

const REMEDY = 'give all that `redis-cli INFO memory` prints';

/**
 * Explains a process's memory from the outputs of INFO, MEMORY STATS and MEMORY MALLOC-STATS, or from the statistics of
 * jemalloc in another program. Throws an InputError if the texts have nothing to split, or are not of one process.
 */
export function explain(texts: readonly NamedText[]): Explanation {
  const from = texts.map(({ name }) => name).join(', ');
  if (texts.every(({ text }) => text.trim() === '')) {
    throw new InputError(`${from}: empty; give what \`redis-cli INFO memory\` prints`);
  }
  const paste = readPaste(texts);
  if (hasMemory(paste.fields)) return explainServer(paste, from);
  const program = explainProgram(paste);
  if (program !== null) return program;
  refuseOther(texts);
  throw nothingToExplain(paste, from);
}

function explainServer(paste: Paste, from: string): Explanation {
  const info = parseServerInfo(paste.fields, paste.endsIn);
  const { stats } = paste;
  if (info.sample.rss !== null && info.sample.rss <= 0) {
    throw new InputError(
      `${from}: INFO says \`used_memory_rss:${info.sample.rss}\`: the server cannot see its own RSS, so it cannot be split`,
    );
  }
  if (stats !== null) refuseUnrelated(info, stats, from);
  const hasJemalloc = runsOnJemalloc(info, stats);
  const quantum = stats?.partial.quantum ?? null;
  const bundled = hasJemalloc ? hasBundledJemalloc(info, quantum === null ? null : { quantum }) : null;
  const parted = partedServer(info, stats, { hasJemalloc, bundled });
  if (parted === null) throw nothingKnown(info, from);
  return explanationOf(parted, {
    info,
    stats,
    whole: stats?.whole ?? null,
    bundled,
    hasJemalloc,
    allocator: runningAllocator(info, stats),
    program: null,
    allocated: null,
    rounding: null,
    bins: null,
    notes: notesOnServer(info, paste, { hasJemalloc, parted }),
  });
}

/** Whether a server runs on jemalloc. Without mem_allocator, figures that only jemalloc has show it. */
function runsOnJemalloc({ allocator, sample }: ServerInfo, stats: StatsReading | null): boolean {
  if (allocator !== null) return allocator.startsWith('jemalloc');
  // Other allocators have no pages beside the active ones.
  return (
    stats !== null || (sample.active !== null && sample.resident !== null && sample.active < sample.resident)
  );
}

/** Splits a server's memory by the best figures that the text has; null if it has no total. */
function partedServer(
  info: ServerInfo,
  stats: StatsReading | null,
  { hasJemalloc, bundled }: { readonly hasJemalloc: boolean; readonly bundled: boolean | null },
): Parted | null {
  const { sample, used } = info;
  const { rss } = sample;
  const ofRss = (split: Split) => ({ of: 'rss' as const, total: rss!, split });
  if (!hasJemalloc) {
    if (rss === null)
      return used === null ? null : { of: 'used', total: used, split: splitByUsed(info, used, 'rest') };
    const isKnown = info.allocator !== null && used !== null;
    return ofRss(isKnown ? splitWithoutJemalloc(info, rss) : splitByUsed(info, rss, 'rest'));
  }
  if (stats?.whole != null && rss !== null) return ofRss(splitByStats(info, rss, stats.whole, bundled));
  if (isWhole(sample)) return ofRss(splitByInfo(info, sample, bundled));
  const figures = stats === null ? figuresOfSample(sample) : figuresOfStats(stats, rss);
  const basis = basisOf(figures);
  if (basis !== null && figures.allocated !== null) {
    return { ...basis, split: splitByFigures(figures, info, basis.total) };
  }
  if (rss !== null) return ofRss(splitByUsed(info, rss, 'rest'));
  return used === null ? null : { of: 'used', total: used, split: splitByUsed(info, used, 'rest') };
}

/** Returns the allocator that the server runs on, which can be younger or older than the one that INFO names. */
function runningAllocator(info: ServerInfo, stats: StatsReading | null): string | null {
  const other = stats === null ? null : otherJemalloc(info, stats.partial);
  return other === null ? info.allocator : `jemalloc-${other}`;
}

/** Throws an InputError unless INFO and the statistics can be of one process at about one time. */
function refuseUnrelated(info: ServerInfo, { whole, partial }: StatsReading, from: string): void {
  const again = 'take both from one server, one right after the other';
  const { allocator, sample } = info;
  if (allocator !== null && !allocator.startsWith('jemalloc')) {
    throw new InputError(
      `${from}: INFO says \`mem_allocator:${allocator}\`, but the statistics are jemalloc's: they are another process's; ${again}`,
    );
  }
  const other = otherJemalloc(info, partial);
  if (other !== null && !runsOnOther(info, partial)) {
    throw new InputError(
      `${from}: INFO says \`mem_allocator:${allocator}\`, but the statistics are of jemalloc ${other}: ` +
        `they are another process's; ${again}`,
    );
  }
  if (whole !== null) refuseOtherSizes(sample, whole, from, again);
}

/** Throws an InputError if a total of INFO is far from that of the statistics. */
function refuseOtherSizes(sample: MemorySample, { totals }: MallocStats, from: string, again: string): void {
  for (const name of ['allocated', 'active', 'resident'] as const) {
    const size = sample[name];
    if (size === null || !areFarApart(size, totals[name])) continue;
    const shown = name === 'allocated' ? 'Allocated' : name;
    throw new InputError(
      `${from}: INFO says \`allocator_${name}:${size}\`, the statistics \`${shown}: ${totals[name]}\`: ` +
        `they are of two processes, or of two times; ${again}`,
    );
  }
}

function areFarApart(one: number, other: number): boolean {
  const difference = Math.abs(one - other);
  const larger = Math.max(one, other);
  return MAX_DIFFERENCES.some(({ share, bytes }) => difference > share * larger && difference > bytes);
}

function nothingKnown(info: ServerInfo, from: string): InputError {
  const figures = info.faults.filter(({ field }) => !/version$/.test(field));
  const faults = figures
    .slice(0, MAX_FAULTS)
    .map((fault) =>
      fault.kind === 'unreadable'
        ? `\`${fault.field}:${fault.value}\` is no number of bytes`
        : `\`${fault.field}\` is ${fault.kind}`,
    );
  return new InputError(
    `${from}: INFO has neither used memory nor RSS to split: ${faults.join(', ')}; ${REMEDY}`,
  );
}

function nothingToExplain({ fields, stats }: Paste, from: string): InputError {
  if (stats !== null) {
    return new InputError(
      `${from}: statistics of jemalloc without totals to split: ${stats.damage}; give all of them`,
    );
  }
  const product = productOf(fields);
  if (product?.remark != null) {
    return new InputError(`${from}: INFO has neither used memory nor RSS to split. ${product.remark}`);
  }
  const some = [...fields.keys()].slice(0, 3).map((name) => `\`${name}\``);
  return fields.has('redis_version') || fields.has('connected_clients') || fields.has('role')
    ? new InputError(`${from}: INFO without its Memory section (no \`used_memory\`); ${REMEDY}`)
    : new InputError(
        `${from}: no INFO in it: no line \`used_memory:…\`${some.length > 0 ? `, but ${some.join(', ')}` : ''}; ${REMEDY},` +
          ' or the statistics of jemalloc in a program (`MALLOC_CONF=stats_print:true`)',
      );
}
