/** Judges the incident report's hypotheses and claims by the storm runs. */
import type { KeyCensus, PatternFigures } from '../src/analysis/index.js';
import { formatCount, KIB, MIB, plural } from '../src/base/index.js';
import type { PhaseFigures } from './known.js';
import type { StormValues } from './storm-traffic.js';
import type { Evidence, Finding, FindingCell } from './study.js';

const GIBIBYTE = 2 ** 30;
/** The facts that the report has to explain. */
const REPORTED_BYTES = 2 * GIBIBYTE;
const REPORTED_RATIO = 20;
const REPORTED_SAVING = 0.94;
const REPORTED_LUA_BYTES = 220e6;
const REPORTED_LAG_BYTES = 15e6;
/** 1.8 MB for 1 MB of data. */
const REPORTED_OVERHEAD = 0.8;

export const STORM_VARIANTS = {
  equal: 'CRDs of one size',
  flushed: 'a flush before each test',
  unscripted: 'no updates by script',
  exact: 'each key deleted when it is due',
  spaced: 'tests so far apart that the keys of one expire before the next',
  small: 'CRDs of 2,000 bytes',
} as const;
export type StormVariant = keyof typeof STORM_VARIANTS;

export function stormFindings(
  values: StormValues,
  main: Evidence,
  variants: ReadonlyMap<string, Evidence>,
): readonly Finding[] {
  const of = (name: StormVariant): Evidence => {
    const found = variants.get(name);
    if (found === undefined) throw new Error(`the run without \`${name}\` is missing`);
    return found;
  };
  const storm = new StormFigures(main);
  return [
    hypotheses(storm, of),
    claims(values, storm, of),
    infoOverTime(main),
    keysByPattern(main),
    biggestKeys(main),
  ];
}

/** The figures of one run that the findings ask for. */
class StormFigures {
  readonly peak: PhaseFigures;
  readonly done: PhaseFigures;
  readonly rested: PhaseFigures;
  readonly empty: PhaseFigures;
  readonly peakResident: number;

  constructor(readonly evidence: Evidence) {
    const { phases } = evidence;
    const named = (wanted: string): PhaseFigures => {
      const found = phases.find(({ name }) => name === wanted);
      if (found === undefined) throw new Error(`the run has no phase \`${wanted}\``);
      return found;
    };
    this.empty = named('empty');
    this.done = named('tests-done');
    this.rested = named('rested');
    this.peak = phases.reduce((a, b) => (b.memory.usedMemory > a.memory.usedMemory ? b : a));
    this.peakResident = this.rested.memory.peakResident;
  }

  census(phase: PhaseFigures): KeyCensus {
    return this.evidence.census.get(phase.name)!;
  }

  payload(phase: PhaseFigures): number {
    return sum(this.census(phase).patterns, ({ payloadBytes }) => payloadBytes);
  }

  /** The class that holds most: the CRDs'. */
  get crdClass(): number {
    const { bins, large } = this.done;
    const rows = [
      ...bins.map(({ size, live }) => ({ size, bytes: size * live })),
      ...large.map(({ size, count }) => ({ size, bytes: size * count })),
    ];
    return rows.reduce((a, b) => (b.bytes > a.bytes ? b : a)).size;
  }

  highest(figure: (phase: PhaseFigures) => number): { readonly value: number; readonly at: PhaseFigures } {
    const at = this.evidence.phases.reduce((a, b) => (figure(b) > figure(a) ? b : a));
    return { value: figure(at), at };
  }
}

function hypotheses(main: StormFigures, of: (name: StormVariant) => Evidence): Finding {
  const payload = main.payload(main.peak);
  const used = main.peak.memory.usedMemory;
  const row = (name: string, off: string, variant: StormVariant): FindingCell[] => {
    const without = new StormFigures(of(variant));
    return [
      name,
      used - without.peak.memory.usedMemory,
      main.peakResident - without.peakResident,
      atMost(main.evidence, without.evidence),
      off,
    ];
  };
  return {
    title: 'What each hypothesis adds, by switching it off',
    columns: [
      { title: 'hypothesis', unit: 'text' },
      { title: 'used_memory', unit: 'bytes' },
      { title: 'resident', unit: 'bytes' },
      { title: 'at any time', unit: 'bytes' },
      { title: 'compared with', unit: 'text' },
    ],
    rows: [
      ['all of them', used, main.peakResident, null, 'nothing'],
      ['1 Redis overhead', used - payload, main.peakResident - payload, null, 'names and values alone'],
      row('2 fragmentation', STORM_VARIANTS.equal, 'equal'),
      row('3 unflushed tests', STORM_VARIANTS.flushed, 'flushed'),
      row('4 Lua', STORM_VARIANTS.unscripted, 'unscripted'),
      row('5 expiry lag', STORM_VARIANTS.exact, 'exact'),
    ],
    sentences: [
      'used_memory and resident: peak with it, less the peak without. At any time: the most that used_memory was ' +
        'above that of the other run in any phase. Hypotheses overlap, so the rows do not add up. Below 0: with sizes that ' +
        'vary, some CRDs fit a smaller class; and a MiB of resident memory more or less is pages that wait for decay.',
    ],
  };
}

/** The largest difference of used_memory between two runs at the same phase. */
function atMost(main: Evidence, other: Evidence): number {
  const there = new Map(other.phases.map((phase) => [phase.name, phase.memory.usedMemory]));
  return Math.max(
    ...main.phases.map(({ name, memory }) => memory.usedMemory - (there.get(name) ?? memory.usedMemory)),
  );
}

type Verdict = 'confirmed' | 'partly' | 'refuted';

function claims(values: StormValues, main: StormFigures, of: (name: StormVariant) => Evidence): Finding {
  const equal = new StormFigures(of('equal'));
  const small = new StormFigures(of('small'));
  const flushed = new StormFigures(of('flushed'));
  const spaced = new StormFigures(of('spaced'));
  const unscripted = new StormFigures(of('unscripted'));
  const used = main.peak.memory.usedMemory;
  const perCrd = crdCost(main);
  const ratio = main.highest(({ memory }) => memory.fragmentationRatio);
  const rss = main.highest(({ memory }) => memory.resident / memory.usedMemory);
  const returned = 1 - main.rested.memory.resident / main.peakResident;
  const rounding = (equal.crdClass - (values.crdBytes + SDS_BYTES)) / equal.crdClass;
  const overhead = used / main.payload(main.peak) - 1;
  const savedUsed = 1 - small.peak.memory.usedMemory / used;
  const savedResident = 1 - small.peakResident / main.peakResident;
  const due = mostDue(main.evidence);
  const scripted = used - unscripted.peak.memory.usedMemory;
  const crds = values.tests * values.crds;
  const rows: [claim: string, verdict: Verdict, why: string][] = [
    [
      'Redis and the allocator add 80% to the data',
      within(overhead, REPORTED_OVERHEAD),
      `they add ${percent(overhead)}: the smaller the values, the more, and these are large.`,
    ],
    [
      'a value takes the next power of two',
      'refuted',
      `${formatCount(values.crdBytes)} bytes take class ${formatCount(equal.crdClass)}, of which ${percent(rounding)} is rounding. ` +
        'Classes are four to each doubling (20, 24, 28, 32 KiB): 25,000 bytes would take 28,672. Values of about 2,000 ' +
        `bytes take class ${formatCount(small.crdClass)}, not 4 KB.`,
    ],
    [
      'jemalloc does not return memory',
      returned < 0.5 ? 'confirmed' : 'refuted',
      `${percent(returned)} of the ${mib(main.peakResident)} at the peak had been given back a minute after the last ` +
        `key expired; ${mib(main.rested.memory.resident)} were left, for an empty server's ` +
        `${mib(main.empty.memory.resident)}. Values above 14 KiB are extents of their own, and none is held by another. ` +
        'With all keys expired at once, the RSS of real servers went from 63.9 to 7.9 MiB (redis 7.2.6) and from 75.7 ' +
        'to 13.7 MiB (7.0.15).',
    ],
    [
      'each test takes new blocks instead of those that were freed',
      spaced.peakResident > 0.5 * main.peakResident ? 'confirmed' : 'refuted',
      'with tests so far apart that the keys of one expire before the next, the peak is ' +
        `${mib(spaced.peakResident)} after ${values.tests} tests.`,
    ],
    [
      'fragmentation is 20-fold',
      ratio.value >= REPORTED_RATIO ? 'confirmed' : 'refuted',
      `active/allocated is ${ratio.value.toFixed(2)} at most (${ratio.at.name}). What mem_fragmentation_ratio shows is ` +
        `RSS over used_memory: up to ${rss.value.toFixed(1)} here (${rss.at.name}), 8 (redis 7.2.6) and 13.7 (7.0.15) on ` +
        'real servers with all keys gone, because used_memory is then 1 MB and a process is not. The 15.5 that the ' +
        'report expects is what an idle server shows.',
    ],
    [
      'unflushed tests are the cause',
      flushed.peakResident < 0.5 * main.peakResident ? 'partly' : 'refuted',
      `all ${formatCount(crds)} CRDs are there at once, ${formatCount(perCrd)} bytes each: ${mib(used)}, where a flush before each ` +
        `test leaves ${mib(flushed.peak.memory.usedMemory)}. That is most of what is used, and far from 2 GB.`,
    ],
    [
      'Lua holds on to 220 MB',
      within(scripted, REPORTED_LUA_BYTES),
      `it adds ${kib(scripted)} to used_memory. Lua's heap is in neither used_memory nor a bundled jemalloc, but in RSS ` +
        'and used_memory_vm_eval: over the same 1,840 updates real servers had at most 0.17 MiB there.',
    ],
    [
      'keys that have expired and are still there add 15 MB',
      within(due.usage, REPORTED_LAG_BYTES),
      `at most ${plural(due.keys, 'key')} at a time (${due.at}), ${mib(due.usage)}. Active expiry goes on while more than one ` +
        'in ten of the keys it looks at have expired.',
    ],
    [
      'Redis uses 2 GB',
      within(main.peakResident, REPORTED_BYTES),
      `the peak is ${mib(used)} used and ${mib(main.peakResident)} resident; redis 7.2.6 had 57.7 and 61.5 MiB.`,
    ],
    [
      '2 KB in place of 30 KB saves 94%',
      savedUsed > REPORTED_SAVING - 0.03 ? 'confirmed' : savedUsed > 0.5 ? 'partly' : 'refuted',
      `${percent(savedUsed)} of used_memory and ${percent(savedResident)} of resident memory ` +
        `(${mib(small.peakResident)}, not 118 MB), because there is less data: there is no fragmentation to save.`,
    ],
  ];
  return {
    title: "The report's claims",
    columns: [
      { title: 'claim', unit: 'text' },
      { title: 'verdict', unit: 'text' },
      { title: 'evidence', unit: 'text' },
    ],
    rows,
    sentences: whatWouldTake2Gb(values, perCrd),
  };
}

function whatWouldTake2Gb({ tests, crds, crdBytes }: StormValues, perCrd: number): string[] {
  const needed = Math.ceil(REPORTED_BYTES / perCrd);
  return [
    'maxmemory is compared with used_memory, which has no fragmentation in it: whatever the allocator does, it cannot ' +
      'make Redis refuse a write. A server that refuses at 2 GB holds 2 GB of live data and buffers.',
    `2 GB would take ${formatCount(needed)} CRDs of ${formatCount(crdBytes)} bytes alive at once, which is ` +
      `${(needed / (tests * crds)).toFixed(1)} times the suite within one time to live; or CRDs of ` +
      `${mib(REPORTED_BYTES / (tests * crds))} each; or keys without a time to live; or clients whose buffers grow; or a ` +
      'maxmemory that is not the 2 GB it was taken for. `INFO memory` and `redis-cli --bigkeys` while the tests run ' +
      'tell them apart.',
  ];
}

/** A stated figure is confirmed by one within a fifth of it, and partly by one of the same order. */
function within(lab: number, stated: number): Verdict {
  if (Math.abs(lab / stated - 1) <= 0.2) return 'confirmed';
  return lab > stated / 3 && lab < stated * 3 ? 'partly' : 'refuted';
}

/** Bytes of a CRD with everything that belongs to it. */
function crdCost(main: StormFigures): number {
  const crds = main.census(main.done).patterns.find(({ pattern }) => pattern === 'storm:crd:*');
  // An entry among the expires is not in MEMORY USAGE.
  return crds === undefined ? 0 : Math.round(crds.memoryUsage / crds.keys) + EXPIRES_ENTRY;
}

const EXPIRES_ENTRY = 24;
/** Header and end of a string of up to 64 KB. */
const SDS_BYTES = 4;

function mostDue({ census }: Evidence): {
  readonly keys: number;
  readonly usage: number;
  readonly at: string;
} {
  let most = { keys: 0, usage: 0, at: 'no phase' };
  for (const [at, { patterns }] of census) {
    const usage = sum(patterns, ({ dueMemoryUsage }) => dueMemoryUsage);
    if (usage > most.usage) most = { keys: sum(patterns, ({ dueKeys }) => dueKeys), usage, at };
  }
  return most;
}

function infoOverTime({ phases, census }: Evidence): Finding {
  return {
    title: 'INFO memory over virtual time',
    columns: [
      { title: 'phase', unit: 'text' },
      { title: 'at', unit: 'seconds' },
      { title: 'used_memory', unit: 'bytes' },
      { title: 'rss', unit: 'bytes' },
      { title: 'rss/used', unit: 'ratio' },
      { title: 'frag_ratio', unit: 'ratio' },
      { title: 'keys', unit: 'count' },
      { title: 'due', unit: 'count' },
    ],
    rows: phases.map(({ name, virtualMs, memory }) => {
      const patterns = census.get(name)?.patterns ?? [];
      return [
        name,
        virtualMs / 1000,
        memory.usedMemory,
        memory.resident,
        memory.resident / memory.usedMemory,
        memory.fragmentationRatio,
        sum(patterns, ({ keys }) => keys),
        sum(patterns, ({ dueKeys }) => dueKeys),
      ];
    }),
    sentences: [
      'rss is what the allocator holds: a process has a few MB besides. due: expired, and not yet found by the server.',
    ],
  };
}

function keysByPattern({ census }: Evidence): Finding {
  const patterns = census.get('tests-done')?.patterns ?? [];
  return {
    title: 'Keys by pattern when the tests are done',
    columns: [
      { title: 'pattern', unit: 'text' },
      { title: 'keys', unit: 'count' },
      { title: 'names and values', unit: 'bytes' },
      { title: 'MEMORY USAGE', unit: 'bytes' },
    ],
    rows: patterns.map(({ pattern, keys, payloadBytes, memoryUsage }) => {
      return [pattern, keys, payloadBytes, memoryUsage];
    }),
    sentences: [],
  };
}

function biggestKeys({ census }: Evidence): Finding {
  const biggest = census.get('tests-done')?.biggest ?? [];
  return {
    title: 'Biggest keys when the tests are done',
    columns: [
      { title: 'key', unit: 'text' },
      { title: 'STRLEN', unit: 'count' },
      { title: 'MEMORY USAGE', unit: 'count' },
    ],
    rows: biggest.map(({ name, size, memoryUsage }) => [name, size, memoryUsage]),
    sentences: [],
  };
}

function sum(patterns: readonly PatternFigures[], figure: (of: PatternFigures) => number): number {
  return patterns.reduce((total, of) => total + figure(of), 0);
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function kib(bytes: number): string {
  return `${(bytes / KIB).toFixed(1)} KiB`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
