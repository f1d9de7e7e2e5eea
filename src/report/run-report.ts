import { type OwnersView, pinReportLines, type SlabOwners } from '../analysis/index.js';
import { formatCount, shellLines, visible, wrap } from '../base/index.js';
import type { BuildInfo, Snapshot } from '../engine/index.js';
import { colouring, layoutToFit } from '../map/index.js';
import { PEAK, type RunFailure, type RunResult } from '../run/index.js';
import { bold } from './colour.js';
import { defragLines } from './defrag-lines.js';
import { findingLines } from './finding-lines.js';
import { gapLines } from './gap-lines.js';
import { knownLines } from './known-lines.js';
import { MAP_MARGIN, mapLegend, mapLines } from './map-terminal.js';
import { drainprofTable, hookTable, memoryTable, timelineTable } from './phase-tables.js';
import { runAnswer } from './run-answer.js';
import { classTable } from './size-class-table.js';
import type { Terminal } from './terminal.js';
import { typesTable } from './types-table.js';
import { type ClassContents, largestClass } from './verdict.js';

export interface RunReport {
  readonly result: RunResult;
  readonly info: BuildInfo;
  readonly contents: ClassContents;
  /** The snapshots to draw, by phase, in the order of the phases. */
  readonly maps: ReadonlyMap<string, Snapshot>;
  /** The owners of each slab at the last phase, if they are known. */
  readonly owners?: SlabOwners | null;
  /** The view of the table of owners. */
  readonly view?: OwnersView;
  /** The command line that tries what would free memory; absent if it does not apply. */
  readonly advice?: string | undefined;
}

/** Enough rows for each class that usually is large, and several for the largest. */
const MAP_ROWS = 12;
const MAP_CLASSES = 4;
/** The longest path or message that a report has. */
const MAX_SHOWN = 2000;

/** Returns the report of a run: the answer first, then tables and maps, and at the end what to try next. */
export function runReport(report: RunReport, terminal: Terminal): string {
  const { result, info, contents, owners = null, advice, view } = report;
  const { width } = terminal;
  const named = result.phases.filter(({ name }) => !isExtraSweep(name));
  const extra = result.phases.length > named.length;
  const snapshot = report.maps.get(named.at(-1)?.name ?? '');
  const sections = [
    heading(result, terminal),
    runAnswer({ result, info, phases: named, snapshot, owners }, width),
    defragLines(named).flatMap((sentence) => wrap(sentence, width)),
    pins(named, view, width),
    extra ? timelineTable(result.phases, width) : [],
    memoryTable(named, width),
    typesTable(named, width),
    findingLines(result.findings ?? [], terminal),
    knownLines(result.known ?? [], width),
    settings(result, width),
    drainprofTable(named, width),
    classTable(named, width),
    wrap(largestClass({ phases: named, contents, pageSize: info.pageSize }), width),
    result.hooks === 'complete' ? [] : hookTable(named, width),
    maps(report, terminal),
    gapLines(result.gaps).flatMap((line) => wrap(line, width)),
    result.error === undefined ? [] : wrap(incomplete(result.error), width),
    advice === undefined ? [] : adviceLines(visible(advice, MAX_SHOWN), width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function adviceLines(advice: string, width: number): string[] {
  // A line break inside of quotes would become part of a word.
  const parts = advice.includes("'") ? [advice] : shellLines(advice, width - 2);
  const line = parts.map((part) => `  ${part}`);
  return [...wrap('To try what would free memory:', width), ...line];
}

function heading(result: RunResult, terminal: Terminal): string[] {
  const { workload, server, build, jemalloc, runtime } = result;
  const text = `${visible(workload, MAX_SHOWN)}, ${server}, build ${build} (jemalloc ${jemalloc}), ${runtime}`;
  return wrap(text, terminal.width).map((line) => bold(line, terminal.colours));
}

/** Returns the parameters of the workload and the configuration of the allocator. */
function settings({ parameters, conf }: RunResult, width: number): string[] {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [...wrap(given.join(' '), width), ...wrap(conf === '' ? '' : `conf ${conf}`, width)];
}

/** Returns the maps of the first and the last phase, with one scale. */
function maps({ maps: snapshots, info }: RunReport, terminal: Terminal): string[] {
  const all = [...snapshots];
  const shown = all.length > 2 ? [all[0], all.at(-1)] : all;
  const options = {
    columns: terminal.width - MAP_MARGIN,
    rows: MAP_ROWS,
    order: 'class',
    maxClasses: MAP_CLASSES,
    retained: false,
  } as const;
  const scale = shown.reduce(
    (largest, entry) =>
      entry ? Math.max(largest, layoutToFit(entry[1], info, options).pagesPerCell) : largest,
    1,
  );
  const lines: string[] = [];
  let legend: string[] = [];
  for (const entry of shown) {
    if (entry === undefined) continue;
    const [phase, snapshot] = entry;
    const map = layoutToFit(snapshot, info, { ...options, minPagesPerCell: scale });
    const colours = colouring('occupancy', { source: snapshot, info, ground: 'dark' });
    lines.push(
      `slabs at ${phase}: ${formatCount(snapshot.drainprof.tracked)}`,
      ...mapLines(map, colours, terminal),
    );
    legend = mapLegend(map, colours, terminal);
  }
  return [...lines, ...legend];
}

/** Returns what pins slabs at the last phase with owners, and before that, at the peak of a recorded program. */
function pins(phases: RunResult['phases'], view: OwnersView | undefined, width: number): string[] {
  const last = phases.filter(({ owners }) => owners !== undefined).at(-1);
  const shown = phases.filter((phase) => phase === last || isPeakOfProgram(phase));
  return shown.flatMap(({ name, owners }, at) =>
    owners === undefined ? [] : [...(at > 0 ? [''] : []), ...pinReportLines(name, owners, width, view)],
  );
}

function isPeakOfProgram({ name, owners }: RunResult['phases'][number]): boolean {
  return name === PEAK && owners?.by !== undefined;
}

function incomplete({ name, message }: RunFailure): string {
  return `This run ended early. ${name}: ${visible(message, MAX_SHOWN)}`;
}

/** Whether a phase is only a point in time: an extra sweep, or a sample of a workload. */
function isExtraSweep(name: string): boolean {
  return /^(sweep|sample)-\d+$/.test(name);
}
