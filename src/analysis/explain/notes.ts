/** The notes of an explanation: what was missing, damaged, assumed, or left out. */
import type { Paste } from '../paste/read-paste.js';
import type { ServerInfo } from '../server/server-info.js';
import type { Note } from './explanation.js';
import type { Parted } from './explanation-of.js';
import { otherJemalloc } from './other-jemalloc.js';
import { isSameMoment } from './split.js';

export function notesOnServer(
  info: ServerInfo,
  paste: Paste,
  { hasJemalloc, parted }: { readonly hasJemalloc: boolean; readonly parted: Parted },
): Note[] {
  const { stats } = paste;
  const { product, sample } = info;
  const hasTotals = stats !== null && stats.partial.totals.allocated !== null;
  const notes: Note[] = [...faultNotes(info, hasTotals)];
  if (parted.of !== 'rss') notes.push({ kind: 'no-rss' });
  if (product?.remark != null) notes.push({ kind: 'product', text: product.remark });
  if (info.is32Bit) notes.push({ kind: '32-bit' });
  if (stats === null && hasJemalloc) notes.push({ kind: 'no-malloc-stats' });
  if (stats !== null && stats.damage !== null) {
    const isByTotals = sample.allocated === null || sample.active === null || sample.resident === null;
    notes.push({ kind: 'stats-damaged', why: stats.damage, used: isByTotals ? 'totals' : 'nothing' });
  }
  const allocated = stats?.whole?.totals.allocated;
  if (allocated !== undefined && sample.allocated !== null && !isSameMoment(sample.allocated, allocated)) {
    notes.push({ kind: 'sampling', info: sample.allocated, stats: allocated });
  }
  const other = stats === null ? null : otherJemalloc(info, stats.partial);
  if (other !== null) notes.push({ kind: 'built-with', allocator: info.allocator!, runsOn: other });
  if (info.defragRunning) notes.push({ kind: 'defrag-running' });
  if (info.copiedForChild > 0) notes.push({ kind: 'child', bytes: info.copiedForChild });
  return [...notes, ...pasteNotes(paste)];
}

/** Returns the notes on what was read of a text. */
export function pasteNotes({ several, leftOut }: Paste): Note[] {
  const notes: Note[] = several.map((each) => ({ kind: 'several', ...each }));
  if (leftOut.first !== null) notes.push({ kind: 'left-out', lines: leftOut.count, first: leftOut.first });
  return notes;
}

/** Figures that no split needs if other figures take their place. */
const ONLY_OF_JEMALLOC = /^allocator_/;

/** `hasTotals`: statistics have the figures of jemalloc that INFO lacks. */
function faultNotes({ faults, allocator }: ServerInfo, hasTotals: boolean): Note[] {
  const isOther = hasTotals || (allocator !== null && !allocator.startsWith('jemalloc'));
  const fieldsOf = (kind: string) => [
    ...new Set(faults.flatMap((fault) => (fault.kind === kind ? [fault.field] : []))),
  ];
  const missing = fieldsOf('missing').filter((field) => !(isOther && ONLY_OF_JEMALLOC.test(field)));
  if (allocator === null && !fieldsOf('unreadable').includes('mem_allocator')) missing.push('mem_allocator');
  const rounded = fieldsOf('rounded');
  const notes: Note[] = [];
  for (const fault of faults) {
    if (fault.kind !== 'missing' && fault.kind !== 'rounded') notes.push(fault);
  }
  if (missing.length > 0) notes.push({ kind: 'missing', fields: missing });
  if (rounded.length > 0) notes.push({ kind: 'rounded', fields: rounded });
  return notes;
}
