/** The figures of one moment of a recording: what its memory is, who has it, and the answer in a sentence. */
import { type PinnedByPattern, type PinReport, pinnedByPattern } from '../../src/analysis/index.js';
import { type ClassParts, classParts, type ResidentParts, residentParts } from '../../src/map/index.js';
import { type Answer, residentAnswer } from '../../src/report/index.js';
import type { Frame, Recording } from '../recordings.js';

export interface Moment {
  readonly parts: ResidentParts;
  readonly classes: readonly ClassParts[];
  /** Maximum of the resident bytes until this moment. */
  readonly peak: number;
  readonly answer: Answer;
  readonly owners: OwnersThen | null;
}

/** The owners at the last phase until a moment. Between phases they are unknown. */
export interface OwnersThen {
  readonly phase: string;
  readonly report: PinReport;
}

export function momentOf(recording: Recording, frame: Frame): Moment {
  const { snapshot } = frame;
  const { info, about } = recording;
  const parts = partsOf(frame, recording);
  const classes = classParts(snapshot, info);
  const peak = Math.max(snapshot.memory.peakResident, parts.resident);
  const owners = ownersThen(recording, frame);
  const isNow = owners !== null && owners.phase === frame.phase && frame.owners !== null;
  const named = isNow ? { report: owners.report, pinned: pinnedOf(frame, recording, owners.report) } : null;
  const answer = residentAnswer({ parts, classes, peak, owners: named, options: about.options });
  return { parts, classes, peak, answer, owners };
}

const known = new WeakMap<Frame['snapshot'], ResidentParts>();

/** Returns the parts of a frame's memory, which the timeline asks for again and again. */
export function partsOf({ snapshot }: Frame, { info }: Pick<Recording, 'info'>): ResidentParts {
  const parts = known.get(snapshot) ?? residentParts(snapshot, info);
  known.set(snapshot, parts);
  return parts;
}

function pinnedOf(frame: Frame, { info }: Recording, { patterns }: PinReport): PinnedByPattern {
  if (frame.owners === null) return { alone: new Float64Array(patterns.length), shared: 0 };
  return pinnedByPattern(frame.snapshot.granules, info, frame.owners, patterns);
}

function ownersThen({ result }: Recording, { phase, snapshot }: Frame): OwnersThen | null {
  const phases = result?.phases ?? [];
  const until =
    phases.find(({ name }) => name === phase) ??
    phases.filter(({ position }) => position <= snapshot.position).at(-1) ??
    phases[0];
  return until?.owners === undefined ? null : { phase: until.name, report: until.owners };
}
