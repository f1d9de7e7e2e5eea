/** The answer of a run, which its report begins with: what cannot come back and why, and what would free it. */
import { goneSentence, type PinReport, pinnedByPattern, type SlabOwners } from '../analysis/index.js';
import { formatBytes, visible, wrap } from '../base/index.js';
import type { BuildInfo, Snapshot } from '../engine/index.js';
import { classParts, residentParts } from '../map/index.js';
import type { PhaseResult, RunResult } from '../run/index.js';
import { certaintyLine } from './certainty-line.js';
import { gapLines } from './gap-lines.js';
import { residentAnswer } from './resident-answer.js';
import { verdict } from './verdict.js';

export interface RunAnswerInput {
  readonly result: RunResult;
  readonly info: BuildInfo;
  /** The phases that are more than points in time. */
  readonly phases: readonly PhaseResult[];
  /** The snapshot of the last of them. */
  readonly snapshot: Snapshot | undefined;
  readonly owners: SlabOwners | null;
}

/** An answer of so many characters fits a screen with its heading and the first table: ten lines of 80 columns. */
const MOST_CHARACTERS = 800;
const WIDEST = 80;
/** The longest name of a pattern in an answer. */
const LONGEST_NAME = 40;

/** Returns the lines of the answer. If it is too long, the last sentences are left to the tables. */
export function runAnswer(input: RunAnswerInput, width: number): string[] {
  const { result, phases } = input;
  const last = phases.at(-1);
  const [gaps = ''] = gapLines(result.gaps);
  const ended =
    result.error === undefined
      ? ''
      : `This run ended early (${result.error.name}); the end of the report says why.`;
  const hasServer = result.server !== 'none';
  const { slabs, packing, waiting } = verdict(phases, hasServer);
  const sentences = [
    ended,
    gaps.replace(/:$/, '.'),
    last === undefined ? '' : residentSentence(last, input),
    slabs,
    goneOf(last, hasServer),
    packing,
    certaintyLine(result),
    waiting,
  ];
  const mostLines = MOST_CHARACTERS / Math.min(width, WIDEST);
  const lines: string[] = [];
  for (const sentence of sentences) {
    const more = wrap(sentence, width);
    if (lines.length + more.length <= mostLines) lines.push(...more);
  }
  return lines;
}

function residentSentence(
  { name, memory }: PhaseResult,
  { result, info, snapshot, owners, phases }: RunAnswerInput,
): string {
  const used = `At \`${visible(name, LONGEST_NAME)}\` used_memory is ${formatBytes(memory.usedMemory)}.`;
  if (snapshot === undefined) return `${used} ${formatBytes(memory.resident)} are resident.`;
  const report = phases.at(-1)?.owners;
  const named =
    owners === null || report === undefined
      ? null
      : { report, pinned: pinnedByPattern(snapshot.granules, info, owners, report.patterns) };
  const { sentence } = residentAnswer({
    parts: residentParts(snapshot, info),
    classes: classParts(snapshot, info),
    peak: memory.peakResident,
    owners: named,
    options: result.options,
  });
  return `${used} ${sentence.map(({ text }) => text).join('')}`;
}

/** Says what would come back without the pattern that pins most, and what later writes could reuse; empty if nothing. */
function goneOf(last: { readonly owners?: PinReport } | undefined, hasServer: boolean): string {
  const gone = last?.owners === undefined ? null : goneSentence(last.owners);
  const first = last?.owners?.patterns.find(({ pattern }) => pattern !== null);
  if (gone === null || first === undefined) return '';
  return `${gone} used_memory would fall by ${formatBytes(first.bytes)}, which later ${hasServer ? 'writes' : 'allocations'} can reuse.`;
}
