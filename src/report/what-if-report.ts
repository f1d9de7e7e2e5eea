import {
  type Column,
  formatBytes,
  formatCount,
  formatRatio,
  plural,
  tableInBlocks,
  visible,
  wrap,
} from '../base/index.js';
import type { PhaseChange, PhaseResult, RunResult } from '../run/index.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import { defragLines } from './defrag-lines.js';
import { gapLines } from './gap-lines.js';
import type { Terminal } from './terminal.js';

/** A run of changes. */
export interface WhatIfReport {
  readonly result: RunResult;
  /** The command line that repeats the run. */
  readonly repeat: string;
}

type Changed = PhaseResult & { readonly change: PhaseChange };

const LONGEST_LABEL = 22;
const MAX_SHOWN = 2000;

/** Returns the report of a run of changes: the verdict, a table, and the lines that make and repeat the changes. */
export function whatIfReport({ result, repeat }: WhatIfReport, terminal: Terminal): string {
  const { width } = terminal;
  const changed = result.phases.filter((phase): phase is Changed => phase.change !== undefined);
  const before = phaseBefore(result.phases);
  const sections = [
    heading(result, terminal),
    [...verdict(before, changed), certaintyLine(result)].flatMap((sentence) => wrap(sentence, width)),
    notes(changed, width),
    before === undefined ? [] : table(before, changed, width),
    defragLines(result.phases).flatMap((sentence) => wrap(sentence, width)),
    lines('The same here:', [repeat]),
    lines(
      'On the server:',
      changed.map(({ change }) => change.onServer),
    ),
    gapLines(result.gaps).flatMap((line) => wrap(line, width)),
    result.error === undefined
      ? []
      : wrap(
          `This run ended early. ${result.error.name}: ${visible(result.error.message, MAX_SHOWN)}`,
          width,
        ),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}

/** Returns the phase before the first change, which has the keys as well. */
function phaseBefore(phases: readonly PhaseResult[]): PhaseResult | undefined {
  const first = phases.findIndex(({ change }) => change !== undefined);
  return first < 0 ? phases.at(-1) : phases[first - 1];
}

function heading(
  { workload, server, build, jemalloc, conf }: RunResult,
  { width, colours }: Terminal,
): string[] {
  const text = `${visible(workload, MAX_SHOWN)} on ${server}, build ${build} (jemalloc ${jemalloc})`;
  return wrap(conf === '' ? text : `${text}, conf ${conf}`, width).map((line) => bold(line, colours));
}

/** Says what came back in all, what it cost, and what stays for later writes. */
function verdict(before: PhaseResult | undefined, changed: readonly Changed[]): string[] {
  const last = changed.at(-1);
  if (before === undefined || last === undefined) return ['Nothing was changed.'];
  const steps = changed.map(({ change }) => change.step).join(', then ');
  const { memory: was } = before;
  const { memory: is } = last;
  return [
    `After ${visible(steps, MAX_SHOWN)}: ${movement('resident', was.resident, is.resident)}, ` +
      `${movement('active', was.active, is.active)}, ${movement('used_memory', was.usedMemory, is.usedMemory)}.`,
    reusable(last),
    costs(before, changed),
  ];
}

function movement(name: string, was: number, is: number): string {
  const change = was - is;
  const size = formatBytes(Math.abs(change));
  const how = change === 0 ? 'unchanged' : change > 0 ? `${size} less` : `${size} more`;
  return `${name} ${formatBytes(is)} (${how})`;
}

/** Says what of the memory that stays is free for later writes. */
function reusable({ memory: { active, allocated, dirty, muzzy } }: PhaseResult): string {
  const free = active - allocated;
  const waiting = dirty + muzzy;
  const head = `${formatBytes(free)} of what stays is free room in slabs in use, which later writes of the same sizes take`;
  return waiting === 0 ? `${head}.` : `${head}; ${formatBytes(waiting)} more go at decay or a purge.`;
}

function costs(before: PhaseResult, changed: readonly Changed[]): string {
  const sent = changed.reduce((sum, { change }) => sum + change.sent, 0);
  const copied = changed.reduce((sum, { change }) => sum + change.copiedBytes, 0);
  const took = changed.reduce((sum, { change }) => sum + change.tookMs, 0);
  const purged = purgedBytes(before, changed).reduce((sum, bytes) => sum + bytes, 0);
  const parts = [
    sent > 0 ? plural(sent, 'command') : '',
    took >= 1000 ? `${formatCount(Math.round(took / 1000))} s of the server's time` : '',
    purged > 0 ? `${formatBytes(purged)} purged` : '',
    copied > 0 ? `${formatBytes(copied)} saved and loaded` : '',
  ].filter(Boolean);
  return parts.length === 0 ? '' : `Cost: ${parts.join(', ')}.`;
}

/** Returns the bytes that each change made the allocator give back by a purge. A new process counts from 0. */
function purgedBytes(before: PhaseResult, changed: readonly Changed[]): number[] {
  return changed.map((phase, index) => {
    // The whole run of an arena has no purge that the change alone made.
    if (phase.change.step.startsWith('arena ')) return 0;
    const earlier = index === 0 ? before : changed[index - 1]!;
    const own = earlier.change?.process ?? 1;
    const from = own === phase.change.process ? purged(earlier) : 0;
    return purged(phase) - from;
  });
}

function purged({ system }: PhaseResult): number {
  return system.forcedPurgedBytes + system.lazyPurgedBytes + system.unmappedBytes;
}

function table(before: PhaseResult, changed: readonly Changed[], width: number): string[] {
  const phases: readonly PhaseResult[] = [before, ...changed];
  const purgedBy = ['-', ...purgedBytes(before, changed).map(formatBytes)];
  const column = (title: string, cell: (phase: PhaseResult, index: number) => string): Column => ({
    title,
    cells: phases.map(cell),
  });
  const label = column('after', ({ name, change }) => label22(change === undefined ? `(${name})` : name));
  return tableInBlocks(
    label,
    [
      column('used_memory', ({ memory }) => formatBytes(memory.usedMemory)),
      column('active', ({ memory }) => formatBytes(memory.active)),
      column('resident', ({ memory }) => formatBytes(memory.resident)),
      column('frag', ({ memory }) => formatRatio(memory.fragmentationRatio)),
      column('keys', ({ keys }) => (keys === undefined ? '-' : formatCount(keys))),
      column('back', ({ memory }, index) =>
        index === 0 ? '-' : formatBytes(phases[index - 1]!.memory.resident - memory.resident),
      ),
      column('commands', ({ change }) => (change === undefined ? '-' : formatCount(change.sent))),
      column('purged', (_, index) => purgedBy[index]!),
      column('copied', ({ change }) => (change === undefined ? '-' : formatBytes(change.copiedBytes))),
    ],
    width,
  );
}

function label22(name: string): string {
  return visible(name, LONGEST_LABEL);
}

function notes(changed: readonly Changed[], width: number): string[] {
  return changed.flatMap(({ change }) =>
    change.notes.flatMap((note) => wrap(`${visible(change.step)}: ${visible(note, MAX_SHOWN)}`, width)),
  );
}

function lines(title: string, commands: readonly string[]): string[] {
  return commands.length === 0
    ? []
    : [title, ...commands.map((command) => `  ${visible(command, MAX_SHOWN)}`)];
}
