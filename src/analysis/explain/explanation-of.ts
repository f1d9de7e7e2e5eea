/** Builds an explanation from the split of a total. */
import type { BinStats, MallocStats, StatsReading } from '../malloc-stats/malloc-stats.js';
import type { ServerInfo } from '../server/server-info.js';
import { classHoles, roundingOf } from './classes.js';
import {
  type Basis,
  EXPLAIN_SCHEMA,
  type Explanation,
  type Note,
  type Part,
  type PartName,
  type Rounding,
  type Verdict,
} from './explanation.js';
import { USUAL_PAGE_SIZE } from './known-figures.js';
import { adviceCommand, labCommand } from './lab-command.js';
import type { Split } from './split.js';
import { judge } from './verdicts.js';

/** A total and its parts. */
export interface Parted {
  readonly of: Basis;
  readonly total: number;
  readonly split: Split;
}

export interface Subject {
  /** Null for a program that is no server. */
  readonly info: ServerInfo | null;
  readonly stats: StatsReading | null;
  /** The statistics whose tables count; null if there are none, or if they are damaged. */
  readonly whole: MallocStats | null;
  readonly bundled: boolean | null;
  readonly hasJemalloc: boolean;
  readonly allocator: string | null;
  /** The program, if its figures show it. */
  readonly program: string | null;
  /** The allocated bytes, where neither INFO nor statistics have them. */
  readonly allocated: number | null;
  /** The rounding of tables that have no totals. */
  readonly rounding: Rounding | null;
  /** The small classes of such tables; null if they have no slabs. */
  readonly bins: readonly BinStats[] | null;
  readonly notes: readonly Note[];
}

const NOT_ACTIONABLE: readonly Verdict[] = ['in-use', 'none'];
/** Parts that count as actionable only if they are the largest part of all. */
const LEAST: readonly PartName[] = ['process', 'rest'];

const NO_BUFFERS = { clients: null, replicas: null, backlog: null, aof: null, clusterLinks: null };

export function explanationOf({ of, total, split }: Parted, subject: Subject): Explanation {
  const { info, stats, whole, bundled, hasJemalloc, allocator, program } = subject;
  const classes =
    whole !== null
      ? classHoles(whole)
      : subject.bins === null
        ? null
        : classHoles({ bins: subject.bins, pageSize: USUAL_PAGE_SIZE });
  const rounding = whole === null ? subject.rounding : roundingOf(whole);
  const keys = info === null ? null : keysOf(info, split);
  const allocated = stats?.partial.totals.allocated ?? info?.sample.allocated ?? subject.allocated;
  const lab = {
    product: info?.product ?? null,
    allocator,
    quantum: stats?.partial.quantum ?? null,
    pageSize: stats?.partial.pageSize ?? null,
    allocated,
    active: stats?.partial.totals.active ?? info?.sample.active ?? null,
    bundled,
    keys,
    holed: classes?.[0],
    top: rounding?.top ?? null,
  };
  const decay = stats?.partial.decay ?? null;
  const context = { info, program, total, allocated, decay, bundled, keys };
  // The lab runs traffic of servers, and models none whose pointers have 32 bits.
  const hasLab = hasJemalloc && info !== null && !info.is32Bit;
  const parts = [...split]
    .filter(([, bytes]) => bytes !== 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, bytes]): Part => {
      const judged = judge(name, bytes, context);
      const command = judged.verdict === 'none' || !hasLab ? null : labCommand(name, lab);
      return { name, bytes, share: bytes / total, ...judged, lab: command };
    });
  return {
    schema: EXPLAIN_SCHEMA,
    server: {
      product: info?.product?.title ?? program,
      version: info?.product?.version ?? null,
      allocator,
      bundledJemalloc: bundled,
    },
    isServer: info !== null,
    rss: of === 'rss' ? total : null,
    of,
    total,
    used: info?.used ?? null,
    peak: info?.peak ?? null,
    parts,
    act: partToActOn(parts),
    advice: hasLab ? adviceCommand(lab) : null,
    retained: stats?.partial.totals.retained ?? null,
    buffers: info?.buffers ?? NO_BUFFERS,
    keys,
    rounding,
    decay,
    classes,
    notes: subject.notes,
    certainty: ['As the process counted itself when the text was taken; nothing is modelled.'],
  };
}

function keysOf({ keys, startup }: ServerInfo, split: Split): Explanation['keys'] {
  if (keys === null || keys === 0 || !split.has('data')) return null;
  const data = Math.max(0, (split.get('data') ?? 0) - startup);
  return { count: keys, bytesEach: Math.round(data / keys) };
}

/** Returns the largest actionable part. A part of every process qualifies only if it is the largest part of all. */
function partToActOn(parts: readonly Part[]): PartName | null {
  const actionable = parts.filter(({ verdict }) => !NOT_ACTIONABLE.includes(verdict));
  const first = actionable.find((part) => part === parts[0] || !LEAST.includes(part.name));
  return (first ?? actionable.find(({ name }) => name === 'rest'))?.name ?? null;
}
