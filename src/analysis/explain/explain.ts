/** Explains the RSS of a real server from what it reports about its memory. */
import { InputError, MIB } from '../../base/index.js';
import { type MallocStats, parseMallocStats } from '../malloc-stats.js';
import { parseServerInfo, type ServerInfo } from '../server-info.js';
import { type NamedText, readServerText, type ServerText } from '../server-text.js';
import { hasBundledJemalloc } from './bundled-jemalloc.js';
import { classHoles, roundingOf } from './classes.js';
import {
  EXPLAIN_SCHEMA,
  type Explanation,
  type Note,
  type Part,
  type PartName,
  type Verdict,
} from './explanation.js';
import { labCommand } from './lab-command.js';
import { isSameMoment, type Split, splitByInfo, splitByStats, splitWithoutJemalloc } from './split.js';
import { judge } from './verdicts.js';

/** If INFO and the statistics differ by more than both limits of a pair, they are of different processes or times. */
const MAX_DIFFERENCES = [
  { share: 0.5, bytes: 8 * MIB },
  { share: 0.25, bytes: 64 * MIB },
] as const;

const NOT_ACTIONABLE: readonly Verdict[] = ['in-use', 'none'];
const IN_EVERY_PROCESS: readonly PartName[] = ['process'];

/**
 * Explains a server's RSS from the outputs of INFO and, optionally, MEMORY MALLOC-STATS. Throws an InputError if the
 * texts are incomplete, or not of one server at one moment.
 */
export function explain(texts: readonly NamedText[]): Explanation {
  const from = texts.map(({ name }) => name).join(', ');
  if (texts.every(({ text }) => text.trim() === '')) {
    throw new InputError(`${from}: empty; give what \`redis-cli INFO memory\` prints`);
  }
  const text = readServerText(texts);
  if (text.mallocStats !== null && !text.fields.has('used_memory')) {
    throw new InputError(
      `${from}: MEMORY MALLOC-STATS without INFO: the RSS to be explained is only in INFO; add what ` +
        '`redis-cli INFO memory` prints',
    );
  }
  const info = parseServerInfo(text.fields, from);
  const stats = text.mallocStats === null ? null : parseMallocStats(text.mallocStats);
  if (stats !== null) refuseUnrelated(info, stats, from);
  return explanationOf(info, stats, text);
}

function explanationOf(info: ServerInfo, stats: MallocStats | null, text: ServerText): Explanation {
  const hasJemalloc = info.allocator.startsWith('jemalloc');
  const bundled = hasJemalloc ? hasBundledJemalloc(info, stats) : null;
  const classes = stats === null ? null : classHoles(stats);
  const rounding = stats === null ? null : roundingOf(stats);
  const split = splitOf(info, stats, hasJemalloc ? { bundled } : null);
  const keys = keysOf(info, split);
  const context = { info, stats, bundled, keys, holed: classes?.[0], top: rounding?.top ?? null };
  const parts = [...split]
    .filter(([, bytes]) => bytes !== 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, bytes]): Part => {
      const judged = judge(name, bytes, context);
      const lab = judged.verdict === 'none' || !hasJemalloc ? null : labCommand(name, context);
      return { name, bytes, share: bytes / info.sample.rss, ...judged, lab };
    });
  return {
    schema: EXPLAIN_SCHEMA,
    server: {
      product: info.product,
      version: info.version,
      allocator: info.allocator,
      bundledJemalloc: bundled,
    },
    rss: info.sample.rss,
    used: info.used,
    peak: info.peak,
    parts,
    act: partToActOn(parts),
    retained: stats?.totals.retained ?? null,
    buffers: info.buffers,
    keys,
    rounding,
    decay: stats?.decay ?? null,
    classes,
    notes: notesOn(info, stats, text, hasJemalloc),
  };
}

function keysOf({ keys, startup }: ServerInfo, split: Split): Explanation['keys'] {
  if (keys === null || keys === 0) return null;
  const data = Math.max(0, (split.get('data') ?? 0) - startup);
  return { count: keys, bytesEach: Math.round(data / keys) };
}

function splitOf(
  info: ServerInfo,
  stats: MallocStats | null,
  jemalloc: { readonly bundled: boolean | null } | null,
): Split {
  if (jemalloc === null) return splitWithoutJemalloc(info);
  const { bundled } = jemalloc;
  return stats === null ? splitByInfo(info, bundled) : splitByStats(info, stats, bundled);
}

/** Returns the largest actionable part. A part of every process qualifies only if it is the largest part of all. */
function partToActOn(parts: readonly Part[]): PartName | null {
  const actionable = parts.filter(({ verdict }) => !NOT_ACTIONABLE.includes(verdict));
  const first = actionable.find((part) => part === parts[0] || !IN_EVERY_PROCESS.includes(part.name));
  return first?.name ?? null;
}

/** Throws an InputError unless INFO and the statistics are of one process at about one time. */
function refuseUnrelated(info: ServerInfo, stats: MallocStats, from: string): void {
  const version = /^jemalloc-(.+)$/.exec(info.allocator)?.[1];
  const again = 'take both from one server, one right after the other';
  if (version === undefined) {
    throw new InputError(
      `${from}: INFO says \`mem_allocator:${info.allocator}\`, but the statistics are jemalloc's: they are another process's; ${again}`,
    );
  }
  if (stats.version !== 'unknown' && stats.version.split('-')[0] !== version.split('-')[0]) {
    throw new InputError(
      `${from}: INFO says \`mem_allocator:${info.allocator}\`, but the statistics are of jemalloc ${stats.version.split('-')[0]}: ` +
        `they are another process's; ${again}`,
    );
  }
  const { allocated } = info.sample;
  const difference = Math.abs(allocated - stats.totals.allocated);
  const larger = Math.max(allocated, stats.totals.allocated);
  if (MAX_DIFFERENCES.some(({ share, bytes }) => difference > share * larger && difference > bytes)) {
    throw new InputError(
      `${from}: INFO says \`allocator_allocated:${allocated}\`, the statistics \`Allocated: ${stats.totals.allocated}\`: ` +
        `they are of two processes, or of two times; ${again}`,
    );
  }
}

function notesOn(
  info: ServerInfo,
  stats: MallocStats | null,
  { leftOut }: ServerText,
  hasJemalloc: boolean,
): Note[] {
  const notes: Note[] = [];
  if (stats === null && hasJemalloc) notes.push({ kind: 'no-malloc-stats' });
  if (stats !== null && !isSameMoment(info.sample.allocated, stats.totals.allocated)) {
    notes.push({ kind: 'sampling', info: info.sample.allocated, stats: stats.totals.allocated });
  }
  if (info.defragRunning) notes.push({ kind: 'defrag-running' });
  if (info.copiedForChild > 0) notes.push({ kind: 'child', bytes: info.copiedForChild });
  if (leftOut.first !== null) {
    notes.push({ kind: 'left-out', lines: leftOut.count, first: leftOut.first });
  }
  return notes;
}
