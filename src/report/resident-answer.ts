/** Answers in a sentence what can become of the resident memory: what cannot come back and why, and what can. */
import { goneSentence, type PinnedByPattern, type PinReport } from '../analysis/index.js';
import { formatBytes, formatCount, formatShare, plural } from '../base/index.js';
import type { AllocatorOptions } from '../engine/index.js';
import type { ClassParts, ResidentParts } from '../map/index.js';
import { formatParts } from './adding-up.js';

/** A piece of a sentence. Its tone decides its colour on the page. */
interface Piece {
  readonly text: string;
  readonly tone: 'plain' | 'pinned' | 'back' | 'strong';
}

export interface Answer {
  readonly sentence: readonly Piece[];
  readonly reason: string;
  /** The parts of resident memory as text; as printed, they add up to the printed sum. */
  readonly amounts: Amounts;
}

export interface Amounts {
  readonly use: string;
  readonly pinned: string;
  readonly back: string;
  readonly records: string;
}

interface Input {
  readonly amounts: Amounts;
  readonly parts: ResidentParts;
  readonly classes: readonly ClassParts[];
  /** Maximum of the resident bytes until now. */
  readonly peak: number;
  /** The owners at this moment, if they are known. */
  readonly owners: { readonly report: PinReport; readonly pinned: PinnedByPattern } | null;
  readonly options: AllocatorOptions | undefined;
}

/** Share of the peak from which a part is worth the sentence. */
const NOTABLE = 0.1;

export function residentAnswer(given: Omit<Input, 'amounts'>): Answer {
  const amounts = amountsOf(given.parts);
  return { ...answerOf({ ...given, amounts }), amounts };
}

/** Returns the parts of resident memory as text; as printed, they add up to the printed sum. */
export function amountsOf({ use, pinned, dirty, empty, records, resident }: ResidentParts): Amounts {
  const [ofUse, ofPinned, ofBack, ofRecords] = formatParts([use, pinned, dirty + empty, records], resident);
  return { use: ofUse!, pinned: ofPinned!, back: ofBack!, records: ofRecords! };
}

function answerOf(input: Input): Omit<Answer, 'amounts'> {
  const { parts, peak, amounts } = input;
  const { use, pinned, dirty, empty, records, resident } = parts;
  if (resident === 0) return { sentence: [plain('Nothing is allocated.')], reason: '' };
  const back = dirty + empty;
  const hasPinned = pinned >= NOTABLE * peak;
  const hasBack = back >= NOTABLE * peak;
  if (hasPinned && (!hasBack || pinned >= back)) {
    return {
      sentence: pinnedSentence(input),
      reason: joined(hasBack ? backText(input) : '', lastRegion(input)),
    };
  }
  if (hasBack) {
    const rest = hasPinned ? `${amounts.pinned} more cannot come back.` : lastRegion(input);
    return { sentence: backSentence(input), reason: rest };
  }
  const gone = peak - resident;
  if (gone >= NOTABLE * peak) {
    const sentence = [
      { text: formatBytes(gone), tone: 'strong' as const },
      plain(` came back since the peak. ${formatBytes(resident)} are left.`),
    ];
    return { sentence, reason: lastRegion(input) };
  }
  const isMostlyRecords = records > use;
  const share = formatShare((isMostlyRecords ? use + records : use) / resident);
  const what = isMostlyRecords ? "in use, or the allocator's own records" : 'in use';
  const sentence = [plain(`Little to gain: ${share} of ${formatBytes(resident)} is ${what}.`)];
  return { sentence, reason: lastRegion(input) };
}

function pinnedSentence({ parts, owners, classes, amounts }: Input): Piece[] {
  const { pinned, resident } = parts;
  return [
    { text: amounts.pinned, tone: 'pinned' },
    plain(` of ${formatBytes(resident)} cannot come back. `),
    ...(owners === null ? survivors(classes) : keepers(owners, pinned)),
  ];
}

function survivors(classes: readonly ClassParts[]): Piece[] {
  const [top] = [...classes].sort((a, b) => b.pinned - a.pinned);
  const name = top?.size == null ? '' : ` in class ${formatCount(top.size)}`;
  return [plain(`Survivors${name} pin it.`)];
}

/** Share of the pinned bytes that owners must have to be named as those who pin it. */
const ALMOST_ALL = 0.9;

function keepers({ report, pinned }: NonNullable<Input['owners']>, bytes: number): Piece[] {
  const ranked = report.patterns
    .map((pattern, index) => ({
      name: partyName(pattern),
      isNamed: pattern.pattern !== null,
      bytes: pinned.alone[index]!,
    }))
    .sort((a, b) => b.bytes - a.bytes);
  const [first, second] = ranked;
  if (first === undefined) return [plain('Survivors pin it.')];
  const named = ({ name }: { readonly name: string }): Piece => ({ text: name, tone: 'pinned' });
  if (first.bytes >= ALMOST_ALL * bytes) {
    if (!first.isNamed) return [plain('It is pinned by '), named(first), plain('.')];
    return report.by === undefined
      ? [plain('The surviving '), named(first), plain(' keys pin it.')]
      : [plain('The surviving regions of '), named(first), plain(' pin it.')];
  }
  if (second !== undefined && first.bytes + second.bytes >= ALMOST_ALL * bytes) {
    return [named(first), plain(' and '), named(second), plain(' pin it.')];
  }
  const several = `${plural(ranked.length, 'owner')} pin it, most of all `;
  return [plain(several), named(first), plain(` (${formatShare(first.bytes / Math.max(1, bytes))} alone).`)];
}

function backSentence(input: Input): Piece[] {
  return [
    { text: input.amounts.back, tone: 'back' },
    plain(` of ${formatBytes(input.parts.resident)} ${manner(input)}.`),
  ];
}

function backText(input: Input): string {
  return `${input.amounts.back} ${manner(input)}.`;
}

/** Describes by which event pages return under these options. */
function manner({ parts: { dirty, empty }, options }: Input): string {
  // Thread caches hold the regions of empty slabs, and no decay flushes them.
  if (empty > dirty) return 'comes back when thread caches are flushed';
  const decay = Number(options?.dirty_decay_ms ?? Number.NaN);
  if (decay === -1) return 'comes back only by MEMORY PURGE';
  if (Number.isNaN(decay)) return 'comes back by itself';
  return `comes back by itself within ${decay < 1000 ? `${decay} ms` : `${formatCount(decay / 1000)} s`}`;
}

/** Returns what the command line ends with, or what holds slabs, if owners are unknown. */
function lastRegion({ parts: { slabs }, owners }: Input): string {
  const gone = owners === null ? null : goneSentence(owners.report);
  const { all, empty } = slabs;
  const count = `${formatCount(empty)} of ${plural(all, 'slab')} ${empty === 1 ? 'is' : 'are'} empty.`;
  return joined(
    gone ?? '',
    all === 0 ? '' : count,
    gone === null ? 'A slab goes back when its last region is free.' : '',
  );
}

const PARTY_NAMES: Readonly<Record<string, string>> = {
  server: 'the server itself',
  keys: 'the table of keys',
  expires: 'the table of expiries',
  allocator: 'the allocator',
};

/** Returns the name of a pattern, or of a part of the server that belongs to no key. */
export function partyName({
  pattern,
  subject,
}: Pick<PinReport['patterns'][number], 'pattern' | 'subject'>): string {
  return pattern ?? PARTY_NAMES[subject ?? ''] ?? `${subject}`;
}

function plain(text: string): Piece {
  return { text, tone: 'plain' };
}

function joined(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}
